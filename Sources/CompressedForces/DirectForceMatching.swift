import AtomicData

/// A pair force f = −dU/dr, many distances at a time.
///
/// The closure writes the force in eV/Å (positive: repulsive) of `pairType`, a number into
/// `PairTypes.kindPairs`, at each of `distances`
/// (Å) to the same place of `forces`. Both buffers have the same, non-zero count.
public typealias PairForce =
  @Sendable (
    _ pairType: Int, _ distances: UnsafeBufferPointer<Double>,
    _ forces: UnsafeMutableBufferPointer<Double>
  ) -> Void

/// A pair potential, many distances at a time.
public struct PairPotential: Sendable {
  /// f = −dU/dr, eV/Å.
  public let force: PairForce
  /// U, eV; asked for only where energies are matched.
  public let energy: PairForce

  public init(force: @escaping PairForce, energy: @escaping PairForce) {
    self.force = force
    self.energy = energy
  }
}

/// Mean squared errors of a potential over the parts of the data.
public struct MatchingErrors: Sendable, Equatable {
  public var forces: ForceMatchingError
  /// Of energies, virials and torques in eV², of net forces in (eV/Å)².
  public var targets: [MatchedTarget: ForceMatchingError]
}

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

  /// - Parameters:
  ///   - source: the frames; read once for each call of `errors`.
  ///   - cutoff: Å; pairs beyond exert nothing.
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
    let potentials = candidates.map { PairPotential(force: $0) { _, _, _ in } }
    return try await errors(of: potentials, targets: [], threads: threads).map(\.forces)
  }

  /// The errors of several potentials in forces and other targets, in one pass over the frames.
  ///
  /// - Parameters:
  ///   - candidates: each with its cutoff treatment done.
  ///   - targets: what is scored beside the forces.
  ///   - energyOffsets: a rough energy of each file (eV), where its energies are relative to a shift,
  ///     the mean error over its training frames; empty where they are not.
  ///   - threads: tasks that run at a time.
  /// - Throws: `InputError` where a frame cannot be used.
  public func errors(
    of candidates: [PairPotential], targets: [MatchedTarget], energyOffsets: [Double] = [],
    threads: Int
  ) async throws -> [MatchingErrors] {
    let none = DirectSums(
      candidateCount: candidates.count, targets: targets, foldCount: source.foldCount)
    let lanes = try await source.reduce(
      laneCount: Self.laneCount, threads: threads, into: none
    ) { [search] sums, frames in
      var batch = PairBatch(
        search: search, candidateCount: candidates.count, targets: targets,
        energyOffsets: energyOffsets)
      for frame in frames where frame.weight > 0 {
        try batch.add(frame, candidates: candidates)
        if batch.pairCount >= PairBatch.fullCount { try batch.finish(candidates, into: &sums) }
      }
      try batch.finish(candidates, into: &sums)
    }
    let sums = lanes.reduce(into: none) { $0.merge($1) }
    return candidates.indices.map { candidate in
      let errors = sums.targets[candidate].map {
        ($0.target, $0.error(isShifted: !energyOffsets.isEmpty && $0.target == .energies))
      }
      return MatchingErrors(
        forces: sums.error(ofCandidate: candidate),
        targets: Dictionary(uniqueKeysWithValues: errors))
    }
  }

  /// What a potential gives for one frame.
  public struct Prediction: Sendable {
    /// On the atoms, eV/Å.
    public let forces: [SIMD3<Double>]
    /// eV
    public let energy: Double
    public let virial: Virial
  }

  /// Forces, energy and virial of one frame.
  ///
  /// - Throws: `InputError` where the frame cannot be used.
  public static func prediction(
    for frame: Frame, by potential: PairPotential, search: PairSearch
  ) throws -> Prediction {
    var batch = PairBatch(
      search: search, candidateCount: 1, targets: [.energies, .virials])
    try batch.add(frame, candidates: [potential])
    batch.evaluate([potential])
    return Prediction(
      forces: batch.predicted[0], energy: batch.energies[0][0], virial: batch.virials[0][0])
  }

  /// The forces of a pair force on the atoms of one frame, eV/Å.
  ///
  /// - Throws: `InputError` where the frame cannot be used.
  public static func forces(
    on frame: Frame, from pairForce: @escaping PairForce, search: PairSearch
  ) throws -> [SIMD3<Double>] {
    let potential = PairPotential(force: pairForce) { _, _, _ in }
    var batch = PairBatch(search: search, candidateCount: 1)
    try batch.add(frame, candidates: [potential])
    batch.evaluate([potential])
    return batch.predicted[0]
  }
}
