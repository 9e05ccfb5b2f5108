/// The unordered pairs of atom types, and their names.
///
/// Types are numbered in byte order of their names, and pairs in the order
/// (0,0), (0,1), …, (0,T−1), (1,1), …, so that names like `H-O` are in alphabetical order too.
public struct PairTypes: Sendable, Hashable {
  /// Names of the atom types, sorted, without repetition.
  public let typeNames: [String]
  /// The two types of each pair, `first <= second`.
  public let pairs: [PairType]

  public init(typeNames: [String]) {
    self.typeNames = Set(typeNames).sorted()
    let typeCount = self.typeNames.count
    pairs = (0..<typeCount).flatMap { first in
      (first..<typeCount).map { PairType(first: first, second: $0) }
    }
  }

  public var count: Int { pairs.count }

  /// Number of the pair of two types, in either order.
  public func index(_ a: Int, _ b: Int) -> Int {
    PairType(first: a, second: b).number(typeCount: typeNames.count)
  }

  /// Name of a pair, `H-O`.
  public func name(ofPair pair: Int) -> String {
    typeNames[pairs[pair].first] + "-" + typeNames[pairs[pair].second]
  }
}

/// An unordered pair of atom types, as their numbers with `first <= second`.
public struct PairType: Sendable, Hashable {
  public let first: Int
  public let second: Int

  public init(first: Int, second: Int) {
    self.first = min(first, second)
    self.second = max(first, second)
  }

  /// Place in `PairTypes.pairs` of this many types.
  @inlinable
  public func number(typeCount: Int) -> Int {
    first * typeCount - first * (first - 1) / 2 + (second - first)
  }
}
