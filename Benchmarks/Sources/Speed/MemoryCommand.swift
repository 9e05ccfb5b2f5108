import ArgumentParser
import Foundation
import SymReg

/// Compresses many dimers, fits the mix, and prints the peak memory: a process of its own, so that
/// nothing else counts.
struct MemoryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "memory", abstract: "Prints the peak memory of a compression, bytes.",
    shouldDisplay: false)

  @Option(help: "Copies of the data.") var repetitions = 100

  func run() async throws {
    let dataset = try await WaterDimers.open()
    let source = RepeatedFrames(
      base: try WaterDimers.frames(of: dataset), repetitions: repetitions, seed: 1)
    let statistics = try await ForceStatistics(
      compressing: source, cutoff: WaterDimers.cutoff, threads: 2)
    let problem = FitProblem(
      pairTypes: source.pairTypes, grid: statistics.grid, statistics: statistics.training,
      cutoffMode: .constraint)
    let fit = Road.standard.candidate(problem, seed: 1)
    for tree in try ReferenceMix.load().trees { _ = fit.fit(tree) }
    if let peak = Self.peakMemory() { print(peak) }
  }

  /// Of this process, bytes.
  private static func peakMemory() -> Int? {
    let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(separator: " ").compactMap { Int($0) }.first.map { $0 * 1024 }
  }
}
