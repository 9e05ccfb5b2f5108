/// What the data say of a pair of atoms, so that expressions can use it as a leaf.
public enum KnownQuantity: UInt8, Sendable, Hashable, CaseIterable {
  /// Q = q_i·q_j of a known property q of the two atoms.
  case property
  /// 1 for atoms one, two or three bonds apart, else 0.
  case oneBond, twoBonds, threeBonds

  /// Bonds that have an indicator, at most; pairs further apart are alike.
  public static let mostBonds = 3

  /// How expressions write it; no parameter has this name.
  public var name: String { self == .property ? "Q" : "B\(rawValue)" }

  /// Whether it is 0 or 1.
  public var isIndicator: Bool { self != .property }

  /// Nil for what is no name of one.
  public init?(name: some StringProtocol) {
    guard let known = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = known
  }

  /// The indicator of so many bonds; nil where there is none.
  public init?(bonds: Int) {
    guard (1...Self.mostBonds).contains(bonds) else { return nil }
    self.init(rawValue: UInt8(bonds))
  }
}

extension PairType {
  /// The value of a known quantity; 0 where it is not known.
  public subscript(quantity: KnownQuantity) -> Double {
    quantity == .property ? property : bonds == Int(quantity.rawValue) ? 1 : 0
  }
}
