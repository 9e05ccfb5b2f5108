import AtomicData
import ExpressionTrees
import SimulatorExport

/// U(r) and F(r) of one pair of types, with its minimum.
public struct PairScan: Sendable, Hashable {
  /// `H-O`; with the properties of the atoms or the bonds between them where these matter.
  public let name: String
  /// Smallest and largest sampled distance, Å; nil where nothing is known.
  public let sampled: ClosedRange<Double>?
  /// Å
  public let distances: [Double]
  /// U, eV.
  public let energies: [Double]
  /// F = −dU/dr, eV/Å; positive: repulsive.
  public let forces: [Double]
  /// The lowest point at which U has a minimum, nil where it has none.
  public let minimum: Minimum?
  /// Whether the atoms attract each other at the smallest distance that was looked at: there is no wall.
  public let attractsInside: Bool
  /// Where that ends, Å: U has its innermost maximum there. Nil where they repel, or attract all the way to
  /// the cutoff.
  public let barrier: Double?

  public struct Minimum: Sendable, Hashable {
    /// Å
    public let distance: Double
    /// U, eV.
    public let energy: Double
    /// Whether the distance is within the sampled range; nil where that is not known.
    public let isSampled: Bool?
  }

  /// Distances, as shares of the smallest sampled one, from which on minima and barriers are looked for.
  static let innerShare = 0.5
  /// The same without a sampled range, in Å.
  static let innerDistance = 0.5

  /// All pairs of types of a potential.
  ///
  /// - Parameters:
  ///   - potential: to scan.
  ///   - molecules: whose atoms have the properties to take, for potentials with Q.
  ///   - distances: Å; nil: from half of the smallest sampled distance (0.5 Å) to the cutoff in steps of
  ///     0.05 Å.
  /// - Throws: `InputError` for a potential with Q without molecules.
  public static func scans(
    of potential: ExportedPotential, molecules: [RigidMolecule] = [], distances: [Double]? = nil
  ) throws -> [PairScan] {
    guard potential.usesProperty else {
      return potential.samples.map {
        PairScan(name: $0.name, PairFunction(potential, pair: $0.pair), distances: distances)
      }
    }
    let column = potential.propertyName ?? "q"
    guard !molecules.isEmpty else {
      throw InputError(
        "expected --molecule with a column \(column) for a potential with Q, found none",
        remedy: "the potential depends on the \(column) of the atoms")
    }
    let kinds = Set(
      molecules.flatMap { zip($0.types, $0.properties).map { AtomKind(type: $0, property: $1) } }
    ).sorted { ($0.type, $0.property) < ($1.type, $1.property) }
    func name(_ kind: AtomKind) -> String {
      "\(potential.typeNames[kind.type])(\(kind.property))"
    }
    return kinds.indices.flatMap { first in
      kinds[first...].map { second in
        let pair = PairType(
          first: kinds[first].type, second: second.type,
          property: kinds[first].property * second.property)
        return PairScan(
          name: "\(name(kinds[first]))-\(name(second))", PairFunction(potential, pair: pair),
          distances: distances)
      }
    }
  }

  init(name: String, _ function: PairFunction, distances: [Double]?) {
    self.name = name
    sampled = function.sampled
    let inner =
      function.sampled.map { Self.innerShare * $0.lowerBound }
      ?? min(Self.innerDistance, function.cutoff / 2)
    self.distances = distances ?? Self.grid(from: inner, to: function.cutoff)
    let values = self.distances.map(function.value)
    energies = values.map(\.energy)
    forces = values.map { -$0.derivative }
    attractsInside = function.value(at: inner).derivative > 0
    (minimum, barrier) = Self.extrema(function, from: inner)
  }

  /// Distances per Å.
  private static let fineness = 20.0

  /// From the first whole step to the cutoff.
  private static func grid(from inner: Double, to cutoff: Double) -> [Double] {
    let first = Int((inner * fineness).rounded(.up))
    let last = Int((cutoff * fineness - 1e-9).rounded(.up))
    return (first..<max(first, last)).map { Double($0) / fineness } + [cutoff]
  }

  private static let intervals = 4_000

  /// The zeros of the force, each bracketed by a sign change on a fine grid and then bisected.
  private static func extrema(
    _ function: PairFunction, from inner: Double
  ) -> (minimum: Minimum?, barrier: Double?) {
    func slope(_ r: Double) -> Double { function.value(at: r).derivative }
    let width = (function.cutoff - inner) / Double(intervals)
    var (minima, maxima): ([Double], [Double]) = ([], [])
    var left = (r: inner, slope: slope(inner))
    let attracts = left.slope > 0
    // At the cutoff itself a shifted force ends at zero: that is no extremum.
    for number in 1..<intervals {
      let r = inner + Double(number) * width
      let right = (r: r, slope: slope(r))
      if left.slope < 0, right.slope >= 0 { minima.append(zero(slope, left.r, right.r)) }
      if left.slope > 0, right.slope <= 0 { maxima.append(zero(slope, left.r, right.r)) }
      left = right
    }
    let lowest = minima.map { (distance: $0, energy: function.value(at: $0).energy) }
      .min { $0.energy < $1.energy }
    let minimum = lowest.map { place in
      Minimum(
        distance: place.distance, energy: place.energy,
        isSampled: function.sampled.map { $0.contains(place.distance) })
    }
    return (minimum, attracts ? maxima.first : nil)
  }

  private static func zero(
    _ slope: (Double) -> Double, _ low: Double, _ high: Double
  ) -> Double {
    var (low, high) = (low, high)
    let rises = slope(high) > slope(low)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if (slope(middle) >= 0) == rises { high = middle } else { low = middle }
    }
    return (low + high) / 2
  }
}
