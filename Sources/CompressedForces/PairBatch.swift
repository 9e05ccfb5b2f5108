import AtomicData

/// Pairs of several frames gathered by pair type, so that a pair force sees long runs of distances.
struct PairBatch {
  /// One pair: the two atoms, counted through the frames of the batch.
  private struct Pair {
    var first: Int
    var second: Int
    /// Number of its frame in the batch.
    var frame: Int
    /// From the second to the first atom.
    var direction: SIMD3<Double>
  }

  /// Pairs that are worth an evaluation; bounds the memory for frames of any size.
  static let fullCount = 8192

  private let search: PairSearch
  private let targets: [MatchedTarget]
  private let energyOffsets: [Double]
  private var frames: [Frame] = []
  /// Per pair type, in the same order as `distances`.
  private var pairs: [[Pair]]
  private var distances: [[Double]]
  private(set) var pairCount = 0
  private var atomCount = 0
  /// Per candidate the forces on the atoms of all frames of the batch, eV/Å.
  private(set) var predicted: [[SIMD3<Double>]]
  /// Per candidate and frame, eV; kept where they are matched.
  private(set) var energies: [[Double]]
  private(set) var virials: [[Virial]]
  private var neighbors: [Neighbor] = []

  init(
    search: PairSearch, candidateCount: Int, targets: [MatchedTarget] = [],
    energyOffsets: [Double] = []
  ) {
    self.energyOffsets = energyOffsets
    self.search = search
    self.targets = targets
    energies = Array(repeating: [], count: candidateCount)
    virials = Array(repeating: [], count: candidateCount)
    pairs = search.pairTypes.kindPairs.map { _ in [] }
    distances = search.pairTypes.kindPairs.map { _ in [] }
    predicted = Array(repeating: [], count: candidateCount)
  }

  /// Takes in a frame; evaluates on the way where its pairs are many.
  mutating func add(_ frame: Frame, candidates: [PairPotential]) throws {
    let found = try search.pairs(in: frame)
    let origin = atomCount
    atomCount += found.atomCount
    frames.append(frame)
    for candidate in predicted.indices {
      predicted[candidate] += Array(repeating: .zero, count: found.atomCount)
      energies[candidate].append(0)
      virials[candidate].append(Virial(diagonal: .zero, offDiagonal: .zero))
    }
    for atom in 0..<found.atomCount {
      try found.findNeighbors(of: atom, from: atom + 1, into: &neighbors)
      for neighbor in neighbors {
        pairs[neighbor.pairType].append(
          Pair(
            first: origin + atom, second: origin + neighbor.atom, frame: frames.count - 1,
            direction: neighbor.direction))
        distances[neighbor.pairType].append(neighbor.distance)
      }
      pairCount += neighbors.count
      if pairCount >= 2 * Self.fullCount { evaluate(candidates) }
    }
    guard targets.contains(.energies) || targets.contains(.virials) else { return }
    found.forEachOwnImage { image in
      let distance = image.squaredDistance.squareRoot()
      pairs[image.pairType].append(
        Pair(
          first: origin + image.first, second: origin + image.first, frame: frames.count - 1,
          direction: image.separation / distance))
      distances[image.pairType].append(distance)
      pairCount += 1
    }
  }

  /// Adds the forces of the gathered pairs to `predicted` and forgets the pairs.
  mutating func evaluate(_ candidates: [PairPotential]) {
    for pairType in pairs.indices where !distances[pairType].isEmpty {
      let count = distances[pairType].count
      withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { forces in
        for (candidate, potential) in candidates.enumerated() {
          forces.initialize(repeating: 0)
          distances[pairType].withUnsafeBufferPointer { potential.force(pairType, $0, forces) }
          for (pair, force) in zip(pairs[pairType], forces) {
            predicted[candidate][pair.first] += force * pair.direction
            predicted[candidate][pair.second] -= force * pair.direction
          }
          if targets.contains(.virials) { addVirials(pairType, forces, to: candidate) }
          guard targets.contains(.energies) else { continue }
          // The same room again.
          distances[pairType].withUnsafeBufferPointer { potential.energy(pairType, $0, forces) }
          for (pair, energy) in zip(pairs[pairType], forces) {
            energies[candidate][pair.frame] += energy
          }
        }
      }
      pairs[pairType].removeAll(keepingCapacity: true)
      distances[pairType].removeAll(keepingCapacity: true)
    }
    pairCount = 0
  }

  private mutating func addVirials(
    _ pairType: Int, _ forces: UnsafeMutableBufferPointer<Double>, to candidate: Int
  ) {
    for (place, pair) in pairs[pairType].enumerated() {
      let term = Virial(
        of: distances[pairType][place] * pair.direction, forces[place] * pair.direction)
      virials[candidate][pair.frame].diagonal += term.diagonal
      virials[candidate][pair.frame].offDiagonal += term.offDiagonal
    }
  }

  /// Evaluates what is left, adds the squared errors of the frames and starts over.
  ///
  /// - Throws: `InputError` where a frame lacks what is to be matched.
  mutating func finish(_ candidates: [PairPotential], into sums: inout DirectSums) throws {
    evaluate(candidates)
    var origin = 0
    for (number, frame) in frames.enumerated() {
      let part = frame.part.index(foldCount: sums.foldCount)
      sums.weights[part] += frame.weight * Self.componentWeight(frame)
      for candidate in predicted.indices {
        var sum = 0.0
        for (atom, reference) in frame.forces.enumerated() {
          let error = predicted[candidate][origin + atom] - reference
          if let weights = frame.forceWeights {
            sum += dot(weights[atom] * error, error)
          } else {
            sum += dot(error, error)
          }
        }
        sums.squares[candidate][part].add(frame.weight * sum)
        try addTargets(of: frame, number, origin, candidate, to: &sums)
      }
      origin += frame.forces.count
    }
    frames.removeAll(keepingCapacity: true)
    atomCount = 0
    for candidate in predicted.indices {
      predicted[candidate].removeAll(keepingCapacity: true)
      energies[candidate].removeAll(keepingCapacity: true)
      virials[candidate].removeAll(keepingCapacity: true)
    }
  }

  private static func componentWeight(_ frame: Frame) -> Double {
    guard let weights = frame.forceWeights else { return 3 * Double(frame.forces.count) }
    return weights.reduce(0) { $0 + $1.sum() }
  }

  private func addTargets(
    of frame: Frame, _ number: Int, _ origin: Int, _ candidate: Int, to sums: inout DirectSums
  ) throws {
    for (place, target) in targets.enumerated() {
      func add(_ error: Double, weight: Double = 1, file: Int = 0) {
        sums.targets[candidate][place].add(
          error, weight: frame.weight * weight, part: frame.part.index(foldCount: sums.foldCount),
          file: file)
      }
      switch target {
      case .energies:
        guard let energy = frame.energy else { throw FrameRows.missing("an energy") }
        let isOffset = energyOffsets.indices.contains(frame.source)
        let offset = isOffset ? energyOffsets[frame.source] : 0
        add(energies[candidate][number] - (energy - offset), file: frame.source)
      case .virials:
        guard let virial = frame.virial else { throw FrameRows.missing("a virial") }
        for k in 0..<6 { add(virials[candidate][number][k] - virial[k], weight: k < 3 ? 1 : 2) }
      case .netForces, .torques:
        guard frame.molecules != nil else { throw FrameRows.missing("molecules") }
        let molecules = try FrameMolecules(frame)
        let atoms = origin..<(origin + frame.forces.count)
        let errors = zip(predicted[candidate][atoms], frame.forces).map { $0 - $1 }
        for sum in molecules.sums(of: errors, areTorques: target == .torques) {
          for axis in 0..<3 { add(sum[axis]) }
        }
      }
    }
  }
}
