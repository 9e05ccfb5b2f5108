import AtomicData

/// Pairs of several frames gathered by pair type, so that a pair force sees long runs of distances.
struct PairBatch {
  /// One pair: the two atoms, counted through the frames of the batch.
  private struct Pair {
    var first: Int
    var second: Int
    /// From the second to the first atom.
    var direction: SIMD3<Double>
  }

  /// Pairs that are worth an evaluation; bounds the memory for frames of any size.
  static let fullCount = 8192

  private let search: PairSearch
  private var frames: [Frame] = []
  /// Per pair type, in the same order as `distances`.
  private var pairs: [[Pair]]
  private var distances: [[Double]]
  private(set) var pairCount = 0
  private var atomCount = 0
  /// Per candidate the forces on the atoms of all frames of the batch, eV/Å.
  private(set) var predicted: [[SIMD3<Double>]]
  private var neighbors: [Neighbor] = []

  init(search: PairSearch, candidateCount: Int) {
    self.search = search
    pairs = search.pairTypes.pairs.map { _ in [] }
    distances = search.pairTypes.pairs.map { _ in [] }
    predicted = Array(repeating: [], count: candidateCount)
  }

  /// Takes in a frame; evaluates on the way where its pairs are many.
  mutating func add(_ frame: Frame, candidates: [PairForce]) throws {
    let found = try search.pairs(in: frame)
    let origin = atomCount
    atomCount += found.atomCount
    frames.append(frame)
    for candidate in predicted.indices {
      predicted[candidate] += Array(repeating: .zero, count: found.atomCount)
    }
    for atom in 0..<found.atomCount {
      try found.findNeighbors(of: atom, from: atom + 1, into: &neighbors)
      for neighbor in neighbors {
        pairs[neighbor.pairType].append(
          Pair(
            first: origin + atom, second: origin + neighbor.atom, direction: neighbor.direction))
        distances[neighbor.pairType].append(neighbor.distance)
      }
      pairCount += neighbors.count
      if pairCount >= 2 * Self.fullCount { evaluate(candidates) }
    }
  }

  /// Adds the forces of the gathered pairs to `predicted` and forgets the pairs.
  mutating func evaluate(_ candidates: [PairForce]) {
    for pairType in pairs.indices where !distances[pairType].isEmpty {
      let count = distances[pairType].count
      withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { forces in
        for (candidate, pairForce) in candidates.enumerated() {
          forces.initialize(repeating: 0)
          distances[pairType].withUnsafeBufferPointer { pairForce(pairType, $0, forces) }
          for (pair, force) in zip(pairs[pairType], forces) {
            predicted[candidate][pair.first] += force * pair.direction
            predicted[candidate][pair.second] -= force * pair.direction
          }
        }
      }
      pairs[pairType].removeAll(keepingCapacity: true)
      distances[pairType].removeAll(keepingCapacity: true)
    }
    pairCount = 0
  }

  /// Evaluates what is left, adds the squared errors of the frames and starts over.
  mutating func finish(_ candidates: [PairForce], into sums: inout DirectSums) {
    evaluate(candidates)
    var origin = 0
    for frame in frames {
      let part = frame.part.index
      sums.weights[part] += 3 * frame.weight * Double(frame.forces.count)
      for candidate in predicted.indices {
        var sum = 0.0
        for (atom, reference) in frame.forces.enumerated() {
          let error = predicted[candidate][origin + atom] - reference
          sum += dot(error, error)
        }
        sums.squares[candidate][part].add(frame.weight * sum)
      }
      origin += frame.forces.count
    }
    frames.removeAll(keepingCapacity: true)
    atomCount = 0
    for candidate in predicted.indices { predicted[candidate].removeAll(keepingCapacity: true) }
  }
}

/// Sums of squared errors per candidate and part of the data.
struct DirectSums: Sendable {
  var squares: [[CompensatedSum]]
  var weights: [Double]

  init(candidateCount: Int) {
    let parts = DataPart.all.count
    squares = Array(
      repeating: Array(repeating: CompensatedSum(), count: parts), count: candidateCount)
    weights = Array(repeating: 0, count: parts)
  }

  mutating func merge(_ other: DirectSums) {
    for candidate in squares.indices {
      for part in weights.indices {
        squares[candidate][part].add(other.squares[candidate][part].value)
      }
    }
    for part in weights.indices { weights[part] += other.weights[part] }
  }

  func error(ofCandidate candidate: Int) -> ForceMatchingError {
    let held = DataPart.validation.index
    func mean(_ parts: Range<Int>) -> Double {
      var sum = CompensatedSum()
      for part in parts { sum.add(squares[candidate][part].value) }
      return sum.value / weights[parts].reduce(0, +)
    }
    return ForceMatchingError(
      training: mean(0..<DataPart.foldCount),
      validation: weights[held] > 0 ? mean(held..<held + 1) : nil,
      all: mean(0..<DataPart.all.count))
  }
}
