import AtomicData
import CVectorKernels

/// The data, compressed: statistics of the training folds and of the validation frames on one
/// radial grid.
///
/// Two streaming passes: the first finds the range of distances, from which the grid follows, the
/// second sums. Sums run in lanes whose number depends on the size of the grid alone and merge in
/// order, so the result is the same to the last bit on any number of threads.
public struct ForceStatistics: Sendable {
  public let grid: RadialGrid
  public let survey: DistanceSurvey
  /// Statistics in the order of `DataPart.all`: the training folds, then validation. Parts
  /// without frames have weight 0.
  public let parts: [SufficientStatistics]
  /// All training folds together.
  public let training: SufficientStatistics
  /// Nil without validation frames.
  public let validation: SufficientStatistics?
  /// Training and validation together.
  public let all: SufficientStatistics

  /// Memory for the lanes' sums, bytes.
  private static let laneMemory = 256 << 20

  /// - Parameters:
  ///   - source: the frames; read twice.
  ///   - cutoff: Å; the sums know nothing of pairs beyond.
  ///   - pointCount: grid points of the pair type that comes closest.
  ///   - threads: tasks that run at a time.
  /// - Throws: `InputError` where no pair lies within the cutoff, no frame is for training, or a
  ///   frame cannot be used.
  public init(
    compressing source: any FrameSource, cutoff: Double,
    pointCount: Int = RadialGrid.defaultPointCount, threads: Int
  ) async throws {
    try await self.init(
      compressing: source, cutoff: cutoff, pointCount: pointCount, threads: threads,
      kernels: bestVectorKernels().pointee)
  }

  /// The same with the kernels of any level: the results do not depend on it.
  init(
    compressing source: any FrameSource, cutoff: Double, pointCount: Int, threads: Int,
    kernels: VectorKernels
  ) async throws {
    let survey = try await DistanceSurvey(of: source, cutoff: cutoff, threads: threads)
    guard survey.pairCount > 0 else {
      throw try await Self.noPairs(in: source, cutoff: cutoff, threads: threads)
    }
    let grid = try RadialGrid(
      cutoff: cutoff, smallestDistances: survey.samples.map(\.smallest), pointCount: pointCount)
    let parts = try await Self.sums(
      of: source, grid: grid, threads: threads, kernels: kernels)
    try self.init(survey: survey, grid: grid, parts: parts)
  }

  /// - Throws: `InputError` where no frame is for training.
  init(survey: DistanceSurvey, grid: RadialGrid, parts: [SufficientStatistics]) throws {
    self.survey = survey
    self.grid = grid
    self.parts = parts
    let empty = SufficientStatistics(dimension: grid.totalCount)
    training = parts[..<DataPart.foldCount].reduce(into: empty) { $0.merge($1) }
    guard training.weight > 0 else {
      throw InputError(
        "expected frames to train on, found none", remedy: "lower --validation")
    }
    let held = parts[DataPart.validation.index]
    validation = held.weight > 0 ? held : nil
    all = parts.reduce(into: empty) { $0.merge($1) }
  }

  static func sums(
    of source: any FrameSource, grid: RadialGrid, threads: Int, kernels: VectorKernels
  ) async throws -> [SufficientStatistics] {
    let stride = wholeVectors(grid.totalCount)
    let laneSize = DataPart.all.count * stride * stride * MemoryLayout<Double>.size
    let laneCount = min(max(laneMemory / laneSize, 2), 16)
    let lanes = try await source.reduce(
      laneCount: laneCount, threads: threads,
      into: StatisticsAccumulator(
        grid: grid, search: PairSearch(source: source, cutoff: grid.cutoff), kernels: kernels)
    ) { accumulator, frames in try accumulator.add(frames) }
    for lane in lanes { lane.finish() }
    return DataPart.all.map { part in
      var sums = PartSums(dimension: grid.totalCount)
      for lane in lanes {
        if let box = lane.parts[part.index] { sums.merge(box.sums) }
      }
      return sums.finish()
    }
  }

  /// Looks further out, so that the message can say what cutoff would find pairs.
  private static func noPairs(
    in source: any FrameSource, cutoff: Double, threads: Int
  ) async throws -> InputError {
    var wider = cutoff
    for _ in 0..<4 {
      wider *= 2
      // A cell far smaller than the wider cutoff has no selected pair at any distance.
      guard let survey = try? await DistanceSurvey(of: source, cutoff: wider, threads: threads)
      else { break }
      if let smallest = survey.samples.compactMap(\.smallest).min() {
        let found = (smallest * 1000).rounded() / 1000
        return InputError(
          "expected pairs within \(cutoff) Å, found none closer than \(found) Å",
          remedy: "raise --cutoff, or check the units of the positions")
      }
    }
    return InputError(
      "expected pairs within \(cutoff) Å, found none within \(wider) Å",
      remedy: "raise --cutoff, or check the units of the positions and --pairs")
  }
}
