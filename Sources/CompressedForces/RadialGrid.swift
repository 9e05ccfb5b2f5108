import AtomicData

/// The distances at which a pair force is evaluated, one set of nodes for all pair types. Where pairs have
/// a known property its channels (`PropertyChannels`) stand for the pair types.
///
/// The nodes are uniform in 1/r: node 0 is at the cutoff exactly, and r decreases from node to
/// node. Pair type t uses the first `pointCounts[t]` of them, enough to reach its smallest sampled
/// distance with a centred stencil, so what does not depend on the pair type is evaluated once per
/// node. The values of all pair types lie one behind the other: that of type t at node k has the
/// index `offsets[t] + k`, in `0..<totalCount`.
///
/// Between nodes a force is a polynomial of degree 7 in 1/r through the 8 nearest nodes (see
/// `stencil(pairType:distance:)`). It is exact for r⁻⁷ … r⁰, the error falls with the eighth power
/// of the spacing, and it never looks beyond the cutoff.
public struct RadialGrid: Sendable, Hashable {
  /// The distance in Å beyond which nothing interacts.
  public let cutoff: Double
  /// The nodes in Å, decreasing; `distances[0] == cutoff`.
  public let distances: [Double]
  /// Number of nodes each pair type uses; 1 where no pair was sampled, the cutoff itself.
  public let pointCounts: [Int]
  /// Index of each pair type's node 0 in the concatenated values.
  public let offsets: [Int]
  /// Length of the concatenated values.
  public let totalCount: Int
  /// Per pair type the smallest sampled distance in Å, nil without pairs.
  let smallestDistances: [Double?]
  /// Spacing of the nodes in 1/r, 1/Å.
  let spacing: Double

  /// Nodes that take part in the interpolation of one value.
  public static let stencilWidth = 8
  /// Nodes inside the smallest sampled distance, so that the stencil there is centred: a one-sided
  /// one would be some thirty times less accurate, just where a repulsive wall is steepest.
  static let innerMargin = 3
  /// Nodes of the widest pair type unless told otherwise, at least. Measured in
  /// docs/decisions/radial-grid.md.
  public static let defaultPointCount = 56
  /// Spacing in 1/r, 1/Å, unless the nodes are told: beyond, shapes at long range are not resolved.
  static let largestSpacing = 0.0145
  /// Intervals that the spacing may ask for, at most: a pair of atoms on top of each other is an error.
  private static let mostIntervals = 150.0

  /// - Parameters:
  ///   - cutoff: Å, beyond which nothing interacts.
  ///   - smallestDistances: per pair type the smallest sampled distance in Å, nil without pairs.
  ///   - pointCount: nodes of the pair type that comes closest; nil: as many as keep the spacing.
  /// - Throws: `InputError` for a cutoff that is no positive length or too few points.
  public init(
    cutoff: Double, smallestDistances: [Double?], pointCount: Int? = nil
  ) throws {
    guard cutoff > 0, cutoff.isFinite else {
      throw InputError("expected a positive cutoff in Å, found \(cutoff)")
    }
    let shortest = smallestDistances.compactMap { $0 }.min().map { min($0, 0.9 * cutoff) }
    let range = shortest.map { 1 / $0 - 1 / cutoff } ?? 0
    let spaced = min(range / Self.largestSpacing, Self.mostIntervals).rounded(.up)
    let pointCount =
      pointCount
      ?? max(Self.defaultPointCount, (spaced.isFinite ? Int(spaced) : 0) + 1 + Self.innerMargin)
    let fewest = Self.stencilWidth + Self.innerMargin
    guard pointCount >= fewest else {
      throw InputError("expected at least \(fewest) grid points, found \(pointCount)")
    }
    // Data at the cutoff alone would leave no interval: the grid spans a tenth of it at least.
    let sampled = smallestDistances.map { $0.map { min($0, 0.9 * cutoff) } }
    let smallest = sampled.compactMap { $0 }.min() ?? 0.9 * cutoff
    guard smallest > 0 else {
      throw InputError("expected positive distances, found \(smallest) Å")
    }
    let spacing = (1 / smallest - 1 / cutoff) / Double(pointCount - 1 - Self.innerMargin)
    self.cutoff = cutoff
    self.smallestDistances = smallestDistances
    self.spacing = spacing
    distances = [cutoff] + (1..<pointCount).map { 1 / (1 / cutoff + Double($0) * spacing) }
    pointCounts = sampled.map { distance in
      guard let distance else { return 1 }
      let position = (1 / distance - 1 / cutoff) / spacing
      let needed = Int(position.rounded()) + 1 + Self.stencilWidth / 2
      return min(pointCount, max(Self.stencilWidth, needed))
    }
    offsets = pointCounts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }.dropLast()
    totalCount = pointCounts.reduce(0, +)
  }

  /// Number of pair types.
  public var pairTypeCount: Int { pointCounts.count }

  /// The concatenated indices of a pair type's values.
  public func range(ofPairType pairType: Int) -> Range<Int> {
    offsets[pairType]..<offsets[pairType] + pointCounts[pairType]
  }
}
