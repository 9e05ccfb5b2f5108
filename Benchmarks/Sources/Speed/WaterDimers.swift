import SymReg

/// The data of the benchmark: all 10,000 water dimers of the repository, cutoff 10 Å.
struct WaterDimers: Sendable {
  static let path = "Datasets/water-dimer/water-dimer.extxyz"
  static let cutoff = 10.0

  let dataset: Dataset
  let statistics: ForceStatistics

  static func load() async throws -> WaterDimers {
    let dataset = try await open()
    return WaterDimers(
      dataset: dataset,
      statistics: try await ForceStatistics(compressing: dataset, cutoff: cutoff, threads: 1))
  }

  /// The file, without compressing it.
  static func open() async throws -> Dataset {
    try await Dataset.open(
      [DataSource(path: path)], options: ReadingOptions(validationFraction: 0))
  }

  /// All frames, in memory.
  static func frames(of dataset: Dataset) throws -> InMemoryFrames {
    let reader = try dataset.makeBlockReader()
    var frames: [Frame] = []
    while let block = try reader.next() { frames += try block.frames() }
    return InMemoryFrames(
      pairTypes: dataset.pairTypes, pairSelection: dataset.pairSelection, frames: frames)
  }

  func problem(
    _ mode: CutoffMode, constraints: [PotentialConstraint] = []
  ) -> FitProblem {
    FitProblem(
      pairTypes: dataset.pairTypes, grid: statistics.grid, statistics: statistics.training,
      cutoffMode: mode, constraints: constraints)
  }
}
