/// Which pairs of atoms interact.
public enum PairSelection: RawRepresentable, Sendable, Hashable {
  /// Atoms of different molecules.
  case inter
  /// Every pair.
  case all
  /// Atoms so many bonds apart (`BondTopology`).
  case bonds(BondRange)

  private static let bondsPrefix = "bonds:"

  /// `inter`, `all`, or `bonds:` and a range.
  public init?(rawValue: String) {
    switch rawValue {
    case "inter": self = .inter
    case "all": self = .all
    default:
      guard rawValue.hasPrefix(Self.bondsPrefix),
        let range = BondRange(rawValue.dropFirst(Self.bondsPrefix.count))
      else { return nil }
      self = .bonds(range)
    }
  }

  public var rawValue: String {
    switch self {
    case .inter: "inter"
    case .all: "all"
    case .bonds(let range): Self.bondsPrefix + range.description
    }
  }

  /// Bonds up to which they must be counted; nil where they do not matter.
  public var bondReach: Int? {
    guard case .bonds(let range) = self else { return nil }
    return range.upper ?? range.lower - 1
  }
}

/// How many bonds may lie between two atoms: `1-2` (one or two), `3+` (at least three), `1`.
///
/// Atoms that no bonds connect are infinitely many apart.
public struct BondRange: Sendable, Hashable, CustomStringConvertible {
  /// At least 1.
  public let lower: Int
  /// Nil: without end.
  public let upper: Int?

  /// The largest number in a range: no physics of bonds reaches further, and tables stay small.
  public static let largest = 15

  /// - Precondition: 1 ≤ `lower` ≤ `upper` ≤ `largest`.
  public init(_ lower: Int, through upper: Int?) {
    precondition(lower >= 1 && lower <= upper ?? lower && upper ?? lower <= Self.largest)
    self.lower = lower
    self.upper = upper
  }

  /// Nil for what is no range.
  public init?(_ text: some StringProtocol) {
    func number(_ text: some StringProtocol) -> Int? {
      guard text.allSatisfy({ $0.isASCII && $0.isNumber }), let value = Int(text) else {
        return nil
      }
      return (1...Self.largest).contains(value) ? value : nil
    }
    if text.hasSuffix("+") {
      guard let lower = number(text.dropLast()) else { return nil }
      (self.lower, upper) = (lower, nil)
      return
    }
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { number($0) }
    guard ends.count <= 2, let lower = ends[0], let upper = ends[ends.count - 1], lower <= upper
    else { return nil }
    (self.lower, self.upper) = (lower, upper)
  }

  public var description: String {
    guard let upper else { return "\(lower)+" }
    return lower == upper ? "\(lower)" : "\(lower)-\(upper)"
  }

  /// - Parameter count: nil for atoms that are far apart.
  public func contains(_ count: Int?) -> Bool {
    guard let count else { return upper == nil }
    return count >= lower && count <= upper ?? count
  }
}
