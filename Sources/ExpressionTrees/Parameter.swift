/// How a parameter varies with the pair of atom types.
public enum ParameterKind: String, Sendable, Hashable, CaseIterable {
  /// One value for all pairs; lower-case name.
  case global
  /// X^A·X^B for the pair AB, one factor per type; upper-case name.
  ///
  /// Like pairs have X^AA ≥ 0, and the matrix X^AB has rank one.
  case product
}

/// A fitted quantity of an expression. One name is one value, wherever it is written.
public struct Parameter: Sendable, Hashable {
  public let name: String
  public let kind: ParameterKind

  public init(name: String, kind: ParameterKind) {
    self.name = name
    self.kind = kind
  }

  /// Number of values to fit: 1, or one factor per atom type.
  public func valueCount(typeCount: Int) -> Int {
    switch kind {
    case .global: 1
    case .product: typeCount
    }
  }
}
