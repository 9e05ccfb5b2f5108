/// The unordered pairs of atom types, and their names.
///
/// Types are numbered in byte order of their names, and pairs in the order
/// (0,0), (0,1), …, (0,T−1), (1,1), …, so that names like `H-O` are in alphabetical order too.
///
/// Where atoms have a known property q, atoms of one type with different q are of different *kinds*. Frames
/// hold the kinds of their atoms; without a property these are the types.
public struct PairTypes: Sendable, Hashable {
  /// Names of the atom types, sorted, without repetition.
  public let typeNames: [String]
  /// The two types of each pair, `first <= second`.
  public let pairs: [PairType]
  /// Sorted by type, then by property, without repetition.
  public let kinds: [AtomKind]
  /// The types of each pair of kinds and its property Q, in the order of `pairs` with kinds for types.
  public let kindPairs: [PairType]
  /// Whether atoms have a known property.
  public let hasProperty: Bool

  public init(typeNames: [String]) {
    self.typeNames = Set(typeNames).sorted()
    kinds = self.typeNames.indices.map { AtomKind(type: $0, property: 0) }
    pairs = Self.pairs(of: kinds)
    kindPairs = pairs
    hasProperty = false
  }

  /// - Parameter atoms: type and property of the atoms; repetitions do not matter.
  public init(atoms: [(typeName: String, property: Double)]) {
    let names = Set(atoms.map(\.typeName)).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    typeNames = names
    kinds = Set(atoms.map { AtomKind(type: numbers[$0.typeName] ?? 0, property: $0.property) })
      .sorted { ($0.type, $0.property) < ($1.type, $1.property) }
    pairs = Self.pairs(of: names.indices.map { AtomKind(type: $0, property: 0) })
    kindPairs = Self.pairs(of: kinds)
    hasProperty = true
  }

  private static func pairs(of kinds: [AtomKind]) -> [PairType] {
    kinds.indices.flatMap { first in
      kinds[first...].map { second in
        PairType(
          first: kinds[first].type, second: second.type,
          property: kinds[first].property * second.property)
      }
    }
  }

  public var count: Int { pairs.count }

  /// Number of the pair of two types, in either order.
  public func index(_ a: Int, _ b: Int) -> Int {
    PairType(first: a, second: b).number(typeCount: typeNames.count)
  }

  /// Number of the pair of two kinds, in either order.
  public func index(ofKinds a: Int, _ b: Int) -> Int {
    PairType(first: a, second: b).number(typeCount: kinds.count)
  }

  /// Name of a pair, `H-O`.
  public func name(ofPair pair: Int) -> String {
    typeNames[pairs[pair].first] + "-" + typeNames[pairs[pair].second]
  }
}

/// Atoms of one type with one value of the known property, 0 where there is none.
public struct AtomKind: Sendable, Hashable {
  public let type: Int
  public let property: Double

  public init(type: Int, property: Double) {
    self.type = type
    self.property = property
  }
}

/// An unordered pair of atom types, as their numbers with `first <= second`, and its known property.
public struct PairType: Sendable, Hashable {
  public let first: Int
  public let second: Int
  /// Q = q_i·q_j; 0 where nothing is known.
  public let property: Double

  public init(first: Int, second: Int, property: Double = 0) {
    self.first = min(first, second)
    self.second = max(first, second)
    self.property = property
  }

  /// Place in `PairTypes.pairs` of this many types.
  @inlinable
  public func number(typeCount: Int) -> Int {
    first * typeCount - first * (first - 1) / 2 + (second - first)
  }
}
