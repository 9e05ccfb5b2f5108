import Foundation
import Machine
import SymReg

/// Dimers in memory turned into sufficient statistics on one thread, pass by pass.
struct Compression: Codable, Sendable {
  let frames: Int
  let pairs: Int
  /// Of the pass that finds the distances; median over the repeats.
  let surveyedPairsPerSecond: Double
  /// Of the pass that sums G, b and c.
  let summedPairsPerSecond: Double
  let asked: Double
  /// Frames of the run whose memory is measured; they are made when asked for.
  let memoryFrames: Int
  /// Largest resident memory of a process that compresses these and fits the mix, bytes; nil where
  /// the system does not say.
  let peakMemory: Int?
  let askedMemory: Int

  /// Copies of the data, so that a repeat takes a good part of a second.
  private static let copies = 20
  private static let memoryCopies = 100

  static func measured(_ base: InMemoryFrames, repeats: Int) async throws -> Compression {
    // Arrays of its own, as a frame from a file has: shared ones would stay in the cache.
    let frames = InMemoryFrames(
      pairTypes: base.pairTypes, pairSelection: base.pairSelection,
      frames: (0..<copies).flatMap { _ in
        base.frames.map { like in
          Frame(
            positions: like.positions.map { 1 * $0 }, forces: like.forces.map { 1 * $0 },
            types: like.types.map { $0 }, molecules: like.molecules?.map { $0 }, part: like.part)
        }
      })
    var (surveys, sums): ([Double], [Double]) = ([], [])
    var pairs = 0
    for _ in 0..<repeats {
      let begin = processorTime()
      pairs = try await DistanceSurvey(of: frames, cutoff: WaterDimers.cutoff, threads: 1).pairCount
      let middle = processorTime()
      _ = try await ForceStatistics(compressing: frames, cutoff: WaterDimers.cutoff, threads: 1)
      // `ForceStatistics` does both passes.
      let survey = middle - begin
      surveys.append(Double(pairs) / survey)
      sums.append(Double(pairs) / (processorTime() - middle - survey))
    }
    return Compression(
      frames: frames.frames.count, pairs: pairs, surveyedPairsPerSecond: surveys.median,
      summedPairsPerSecond: sums.median, asked: 20e6,
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
