import AtomicData
import CompressedForces
import ExpressionTrees

/// Reference forces beside those of several potentials, gathered for plots.
///
/// By type of atom the number of force components by reference and by potential; by sampled pair of types
/// and distance r the part of the residual forces along the pair, ((ΔF_i − ΔF_j)·(x_i − x_j)/r)/2 with ΔF
/// the reference less the potential: where its mean is positive, the reference pushes the two further apart
/// than the potential does. Computed by the direct sum over pairs.
struct ForceComparison: Sendable {
  /// Counts of force components: columns for the reference, rows for the potential.
  struct Parity: Sendable {
    static let binCount = 72
    var counts = [Int](repeating: 0, count: binCount * binCount)
    var outside = 0
    var total = 0

    mutating func add(_ reference: Double, _ force: Double, range: Double) {
      total += 1
      let scale = Double(Self.binCount) / (2 * range)
      let (x, y) = ((reference + range) * scale, (force + range) * scale)
      let bins = 0..<Double(Self.binCount)
      guard bins.contains(x), bins.contains(y) else {
        outside += 1
        return
      }
      counts[Int(y) * Self.binCount + Int(x)] += 1
    }
  }

  /// Residuals of the pairs in a range of distances.
  struct Residual: Sendable {
    var count = 0
    var sum = 0.0
    var squares = 0.0

    mutating func add(_ value: Double) {
      count += 1
      sum += value
      squares += value * value
    }

    var mean: Double { sum / Double(count) }
    var standardDeviation: Double { (squares / Double(count) - mean * mean).squareRoot() }
  }

  /// Components from −`range` to `range` have bins, eV/Å.
  let range: Double
  /// Width of the ranges of distances, Å.
  let binWidth: Double
  /// One frame out of so many was looked at.
  let stride: Int
  /// By potential, then by type of atom.
  private(set) var parity: [[Parity]]
  /// By potential, then by sampled pair, then by distance.
  private(set) var residuals: [[[Residual]]]

  private static let distanceBins = 50
  /// Components beyond so many root mean squares are few.
  private static let rangeInUnits = 6.0
  /// Pair forces that a report has time for.
  private static let mostPairForces = 2e7

  /// - Parameter pairCount: of all frames.
  init(
    potentials: [EntryPotential], over source: any FrameSource, cutoff: Double, rmsForce: Double,
    pairCount: Int, threads: Int
  ) async throws {
    let types = source.pairTypes
    range = Self.rangeInUnits * (rmsForce > 0 ? rmsForce : 1)
    binWidth = cutoff / Double(Self.distanceBins)
    stride = max(
      1, Int((Double(pairCount) * Double(potentials.count) / Self.mostPairForces).rounded(.up)))
    parity = potentials.map { _ in types.typeNames.map { _ in Parity() } }
    let none = Array(repeating: Residual(), count: Self.distanceBins)
    residuals = potentials.map { _ in types.sampledPairs.map { _ in none } }
    let functions = potentials.map { potential in types.kindPairs.map(potential.function) }
    let search = PairSearch(
      pairTypes: types, selection: source.pairSelection, cutoff: cutoff)
    let sampled = Dictionary(
      uniqueKeysWithValues: types.sampledPairs.enumerated().map { ($1, $0) })
    let samples = types.kindPairs.map { pair in
      sampled[PairType(first: pair.first, second: pair.second, bonds: pair.bonds)] ?? 0
    }
    let typeOfKind = types.kinds.map(\.type)
    let initial = self
    let lanes = try await source.reduce(
      laneCount: 8, threads: threads, into: Lane(comparison: initial)
    ) { lane, frames in
      for frame in frames where frame.weight > 0 {
        defer { lane.seen += 1 }
        guard lane.seen % initial.stride == 0 else { continue }
        try lane.comparison.add(
          frame, search: search, functions: functions, samples: samples, typeOfKind: typeOfKind)
      }
    }
    for lane in lanes { merge(lane.comparison) }
  }

  private struct Lane: Sendable {
    var comparison: ForceComparison
    var seen = 0
  }

  private struct Pair {
    let first: Int
    let second: Int
    let kinds: Int
    let distance: Double
    let direction: SIMD3<Double>
  }

  private mutating func add(
    _ frame: Frame, search: PairSearch,
    functions: [[@Sendable (Double) -> PotentialValue]], samples: [Int], typeOfKind: [Int]
  ) throws {
    let found = try search.pairs(in: frame)
    var pairs: [Pair] = []
    var neighbors: [Neighbor] = []
    for atom in 0..<found.atomCount {
      try found.findNeighbors(of: atom, from: atom + 1, into: &neighbors)
      pairs += neighbors.map {
        Pair(
          first: atom, second: $0.atom, kinds: $0.pairType, distance: $0.distance,
          direction: $0.direction)
      }
    }
    for (number, functions) in functions.enumerated() {
      var forces = Array(repeating: SIMD3<Double>.zero, count: frame.forces.count)
      for pair in pairs {
        let push = -functions[pair.kinds](pair.distance).derivative * pair.direction
        forces[pair.first] += push
        forces[pair.second] -= push
      }
      for (atom, reference) in frame.forces.enumerated() {
        let type = typeOfKind[frame.types[atom]]
        for axis in 0..<3 {
          parity[number][type].add(reference[axis], forces[atom][axis], range: range)
        }
      }
      for pair in pairs {
        let first = frame.forces[pair.first] - forces[pair.first]
        let second = frame.forces[pair.second] - forces[pair.second]
        let product = (first - second) * pair.direction
        let value = product.sum() / 2
        let bin = min(Int(pair.distance / binWidth), Self.distanceBins - 1)
        guard value.isFinite, bin >= 0 else { continue }
        residuals[number][samples[pair.kinds]][bin].add(value)
      }
    }
  }

  private mutating func merge(_ other: ForceComparison) {
    for number in parity.indices {
      for type in parity[number].indices {
        let part = other.parity[number][type]
        parity[number][type].outside += part.outside
        parity[number][type].total += part.total
        for bin in part.counts.indices where part.counts[bin] > 0 {
          parity[number][type].counts[bin] += part.counts[bin]
        }
      }
      for pair in residuals[number].indices {
        for bin in residuals[number][pair].indices {
          let part = other.residuals[number][pair][bin]
          residuals[number][pair][bin].count += part.count
          residuals[number][pair][bin].sum += part.sum
          residuals[number][pair][bin].squares += part.squares
        }
      }
    }
  }
}
