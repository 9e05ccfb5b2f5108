/// How a parameter varies with the pair of atom types.
public enum ParameterKind: String, Sendable, Hashable, CaseIterable {
  /// One value for all pairs; lower-case name.
  case global
  /// X^A·X^B for the pair AB, one factor per type; upper-case name.
  ///
  /// Like pairs have X^AA ≥ 0, and the matrix X^AB has rank one.
  case product
  /// A value of its own for every pair AB; upper-case name and `[]`.
  case pair
  /// (S^A + S^B)/2 for the pair AB, one value per type; upper-case name and `~`.
  case mean

  /// What is written behind the name.
  public var suffix: String {
    switch self {
    case .global, .product: ""
    case .pair: "[]"
    case .mean: "~"
    }
  }

  /// Whether values differ between pairs of types.
  public var dependsOnPair: Bool { self != .global }
}

/// A fitted quantity of an expression. One name is one value, wherever it is written.
public struct Parameter: Sendable, Hashable {
  /// Without the suffix of its kind.
  public let name: String
  public let kind: ParameterKind

  public init(name: String, kind: ParameterKind) {
    self.name = name
    self.kind = kind
  }

  /// Number of values to fit: 1, one per atom type, or one per pair of types.
  public func valueCount(typeCount: Int) -> Int {
    switch kind {
    case .global: 1
    case .product, .mean: typeCount
    case .pair: typeCount * (typeCount + 1) / 2
    }
  }

  /// What its values are for: nothing, the types, or the pairs of types as `PairTypes` names them.
  public func valueNames(typeNames: [String]) -> [String] {
    switch kind {
    case .global: []
    case .product, .mean: typeNames
    case .pair:
      typeNames.indices.flatMap { a in typeNames[a...].map { "\(typeNames[a])-\($0)" } }
    }
  }
}

extension Parameter: CustomStringConvertible {
  /// As it stands in an expression: `a`, `X`, `A[]`, `S~`.
  public var description: String { name + kind.suffix }
}
