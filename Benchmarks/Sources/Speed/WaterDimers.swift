import SymReg

/// The data of the benchmark: all 10,000 water dimers of the repository, cutoff 10 Å.
struct WaterDimers: Sendable {
  static let path = "Datasets/water-dimer/water-dimer.extxyz"
  static let cutoff = 10.0

  let dataset: Dataset
  let statistics: ForceStatistics

  static func load() async throws -> WaterDimers {
    let dataset = try await Dataset.open(
      [DataSource(path: path)], options: ReadingOptions(validationFraction: 0))
    let statistics = try await ForceStatistics(
      compressing: dataset, cutoff: cutoff, threads: 1)
    return WaterDimers(dataset: dataset, statistics: statistics)
  }

  func problem(_ mode: CutoffMode) -> FitProblem {
    FitProblem(
      pairTypes: dataset.pairTypes, grid: statistics.grid, statistics: statistics.training,
      cutoffMode: mode)
  }

  /// All frames, in memory.
  func frames() throws -> [Frame] {
    let reader = try dataset.makeBlockReader()
    var frames: [Frame] = []
    while let block = try reader.next() { frames += try block.frames() }
    return frames
  }
}
