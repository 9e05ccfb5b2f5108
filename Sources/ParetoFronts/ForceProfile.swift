/// Where a pair force changes its sign and where it has poles, next to where the data are.
///
/// Looks at the force from half the smallest sampled distance to the cutoff.
public struct ForceProfile: Sendable, Hashable {
  /// Distances at which the force changes its sign, Å: extrema of U.
  public private(set) var zeros: [Double] = []
  /// Distances at which it grows beyond all bounds, Å.
  public private(set) var poles: [Double] = []
  /// Å
  public let sampledRange: ClosedRange<Double>
  /// Whether it attracts well below the sampled range.
  public private(set) var isAttractiveBelow = false
  /// The size of the force at the largest sampled distance, in units of the reference forces.
  public private(set) var forceAtEnd = 0.0

  /// Points from the lowest distance to the cutoff.
  private static let pointCount = 1_000
  /// Share of the smallest sampled distance down to which the force matters.
  static let reach = 0.5
  /// Share of the smallest sampled distance below which attraction is a hole rather than a contact.
  static let wall = 0.7
  /// Forces below this share of the reference forces have no sign.
  static let smallestShare = 1e-3
  /// Growth of the force from a point to the place it points to, that of a pole.
  private static let poleGrowth = 100.0

  /// - Parameters:
  ///   - sampledRange: of the distances of the pair type, Å.
  ///   - cutoff: Å.
  ///   - unit: root mean square reference force, eV/Å.
  ///   - force: −dU/dr at a distance, eV/Å.
  public init(
    sampledRange: ClosedRange<Double>, cutoff: Double, unit: Double, force: (Double) -> Double
  ) {
    self.sampledRange = sampledRange
    let lowest = Self.reach * sampledRange.lowerBound
    let step = (cutoff - lowest) / Double(Self.pointCount)
    let distances = (0..<Self.pointCount).map { lowest + step * Double($0) }
    let forces = distances.map(force)
    let smallest = Self.smallestShare * unit
    findPoles(distances, forces, force)
    findZeros(distances, forces, smallest: smallest, force)
    isAttractiveBelow = zip(distances, forces).contains {
      $0 < Self.wall * sampledRange.lowerBound && $1 < -smallest
    }
    forceAtEnd = unit > 0 ? abs(force(sampledRange.upperBound)) / unit : 0
  }

  private mutating func findZeros(
    _ distances: [Double], _ forces: [Double], smallest: Double, _ force: (Double) -> Double
  ) {
    var last: (place: Double, value: Double)?
    for (distance, value) in zip(distances, forces) where abs(value) > smallest {
      if let before = last, (before.value < 0) != (value < 0) {
        var (low, high) = (before.place, distance)
        for _ in 0..<50 {
          let middle = (low + high) / 2
          if (force(middle) < 0) == (before.value < 0) { low = middle } else { high = middle }
        }
        let isPole = poles.contains { before.place <= $0 && $0 <= distance }
        if !isPole { zeros.append((low + high) / 2) }
      }
      last = (distance, value)
    }
  }

  /// A pole is where the force is no number, or where it grows ever more on the way to the place that
  /// a peak between two points points to.
  private mutating func findPoles(
    _ distances: [Double], _ forces: [Double], _ force: (Double) -> Double
  ) {
    for k in 1..<(distances.count - 1) {
      guard forces[k].isFinite else {
        poles.append(distances[k])
        continue
      }
      guard abs(forces[k]) >= abs(forces[k - 1]), abs(forces[k]) >= abs(forces[k + 1]) else {
        continue
      }
      var (low, high) = (distances[k - 1], distances[k + 1])
      for _ in 0..<60 {
        let (a, b) = (low + (high - low) / 3, high - (high - low) / 3)
        let (left, right) = (abs(force(a)), abs(force(b)))
        // What is no number is the place looked for.
        if !(left < .infinity) {
          high = b
        } else if left < right || right.isNaN {
          low = a
        } else {
          high = b
        }
      }
      let peak = abs(force((low + high) / 2))
      if !(peak <= Self.poleGrowth * abs(forces[k])) { poles.append((low + high) / 2) }
    }
  }

  var hasZeroBeyond: Bool { zeros.contains { $0 > sampledRange.upperBound } }

  /// Where it attracts below, that says it.
  var hasZeroBelow: Bool {
    !isAttractiveBelow && zeros.contains { $0 < sampledRange.lowerBound }
  }

  var hasZeroInside: Bool { zeros.contains(where: sampledRange.contains) }

  /// What the forces of all pair types of an entry show.
  public static func flags(_ profiles: [ForceProfile]) -> [EmptinessFlag] {
    var flags: [EmptinessFlag] = []
    if profiles.contains(where: { !$0.poles.isEmpty }) { flags.append(.pole) }
    if !profiles.contains(where: \.hasZeroInside) {
      if profiles.contains(where: \.hasZeroBeyond) { flags.append(.structureBeyondData) }
      if profiles.contains(where: \.hasZeroBelow) { flags.append(.structureBelowData) }
    }
    if profiles.contains(where: \.isAttractiveBelow) { flags.append(.attractionBelowData) }
    return flags
  }
}
