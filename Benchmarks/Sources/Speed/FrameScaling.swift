import SymReg

/// Time of a local solve with many more frames, relative to the frames as they are.
struct FrameScaling: Codable, Sendable {
  let frames: Int
  let repetitions: Int
  /// Seconds per local solve over the mix, one thread; median over the repeats.
  let solveTime: Double
  let solveTimeRepeated: Double
  let ratio: Double
  let asked: Double

  static func measured(
    _ mix: ReferenceMix, frames: InMemoryFrames, repetitions: Int, repeats: Int
  ) async throws -> FrameScaling {
    let once = try await problem(frames, repetitions: 1)
    let many = try await problem(frames, repetitions: repetitions)
    var times: [Double] = []
    var manyTimes: [Double] = []
    // In turns, so that a drift of the machine meets both.
    for seed in 1...UInt64(repeats) {
      times.append(solveTime(mix, once, seed: seed))
      manyTimes.append(solveTime(mix, many, seed: seed))
    }
    return FrameScaling(
      frames: frames.frames.count, repetitions: repetitions, solveTime: times.median,
      solveTimeRepeated: manyTimes.median, ratio: manyTimes.median / times.median, asked: 1.1)
  }

  private static func problem(
    _ frames: InMemoryFrames, repetitions: Int
  ) async throws -> FitProblem {
    let source = RepeatedFrames(base: frames, repetitions: repetitions, seed: 1)
    let statistics = try await ForceStatistics(
      compressing: source, cutoff: WaterDimers.cutoff, threads: 2)
    return FitProblem(
      pairTypes: source.pairTypes, grid: statistics.grid, statistics: statistics.training,
      cutoffMode: .constraint)
  }

  private static func solveTime(
    _ mix: ReferenceMix, _ problem: FitProblem, seed: UInt64
  ) -> Double {
    let fit = Road.standard.localSolve(problem, seed: seed)
    return seconds { for tree in mix.trees { _ = fit.fit(tree) } } / Double(mix.trees.count)
  }
}
