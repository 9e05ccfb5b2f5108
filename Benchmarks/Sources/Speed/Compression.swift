import Foundation
import SymReg

/// Dimers in memory turned into sufficient statistics, both passes, on one thread.
struct Compression: Codable, Sendable {
  let frames: Int
  let pairs: Int
  /// Median over the repeats.
  let pairsPerSecond: Double
  let asked: Double
  /// Frames of the run whose memory is measured; they are made when asked for.
  let memoryFrames: Int
  /// Largest resident memory of a process that compresses these and fits the mix, bytes; nil where
  /// the system does not say.
  let peakMemory: Int?
  let askedMemory: Int

  /// Copies of the data, so that a repeat takes a good part of a second.
  private static let copies = 10
  private static let memoryCopies = 100

  static func measured(_ base: InMemoryFrames, repeats: Int) async throws -> Compression {
    let frames = InMemoryFrames(
      pairTypes: base.pairTypes, pairSelection: base.pairSelection,
      frames: (0..<copies).flatMap { _ in base.frames })
    var rates: [Double] = []
    var pairs = 0
    for _ in 0..<repeats {
      let begin = processorTime()
      let statistics = try await ForceStatistics(
        compressing: frames, cutoff: WaterDimers.cutoff, threads: 1)
      pairs = statistics.training.pairCount
      rates.append(Double(pairs) / (processorTime() - begin))
    }
    return Compression(
      frames: frames.frames.count, pairs: pairs, pairsPerSecond: rates.median, asked: 20e6,
      memoryFrames: memoryCopies * base.frames.count, peakMemory: try peakMemoryOfChild(),
      askedMemory: 300_000_000)
  }

  /// The same program does the work of `MemoryCommand` on its own.
  private static func peakMemoryOfChild() throws -> Int? {
    let output = try Subprocess.output(
      Bundle.main.executablePath ?? "/proc/self/exe",
      ["memory", "--repetitions", String(memoryCopies)])
    return Int(output.trimmingCharacters(in: .whitespacesAndNewlines))
  }
}
