import AtomicData

/// A pair force f = −dU/dr, many distances at a time.
///
/// The closure writes the force in eV/Å (positive: repulsive) of `pairType` at each of `distances`
/// (Å) to the same place of `forces`. Both buffers have the same, non-zero count.
public typealias PairForce =
  @Sendable (
    _ pairType: Int, _ distances: UnsafeBufferPointer<Double>,
    _ forces: UnsafeMutableBufferPointer<Double>
  ) -> Void

/// Mean squared force errors per component over the parts of the data, (eV/Å)².
public struct ForceMatchingError: Sendable, Equatable {
  /// Over all training folds; NaN without training frames.
  public var training: Double
  /// Nil without validation frames.
  public var validation: Double?
  /// Over all frames.
  public var all: Double
}

/// The loss of pair forces by the sum over pairs itself: no grid, no interpolation.
///
/// The slow truth that `SufficientStatistics` is held against, and the score of every form that
/// enters a front. It shares the search for pairs with the compressed path and nothing else. Sums
/// are compensated and run in fixed lanes: the same to the last bit on any number of threads.
public struct DirectForceMatching: Sendable {
  public let source: any FrameSource
  private let search: PairSearch

  /// Lanes of the sum; more threads than this find no work.
  private static let laneCount = 16

  /// - Parameter cutoff: Å; pairs beyond exert nothing.
  public init(source: any FrameSource, cutoff: Double) {
    self.source = source
    search = PairSearch(source: source, cutoff: cutoff)
  }

  /// The errors of several pair forces, in one pass over the frames.
  ///
  /// - Parameters:
  ///   - candidates: the pair forces, each with its cutoff treatment done.
  ///   - threads: tasks that run at a time.
  /// - Throws: `InputError` where a frame cannot be used.
  public func errors(
    of candidates: [PairForce], threads: Int
  ) async throws -> [ForceMatchingError] {
    let none = DirectSums(candidateCount: candidates.count)
    let lanes = try await source.reduce(
      laneCount: Self.laneCount, threads: threads, into: none
    ) { [search] sums, frames in
      var batch = PairBatch(search: search, candidateCount: candidates.count)
      for frame in frames where frame.weight > 0 {
        try batch.add(frame, candidates: candidates)
        if batch.pairCount >= PairBatch.fullCount { batch.finish(candidates, into: &sums) }
      }
      batch.finish(candidates, into: &sums)
    }
    let sums = lanes.reduce(into: none) { $0.merge($1) }
    return candidates.indices.map { sums.error(ofCandidate: $0) }
  }

  /// The forces of a pair force on the atoms of one frame, eV/Å.
  ///
  /// - Throws: `InputError` where the frame cannot be used.
  public static func forces(
    on frame: Frame, from pairForce: @escaping PairForce, search: PairSearch
  ) throws -> [SIMD3<Double>] {
    var batch = PairBatch(search: search, candidateCount: 1)
    try batch.add(frame, candidates: [pairForce])
    batch.evaluate([pairForce])
    return batch.predicted[0]
  }
}
