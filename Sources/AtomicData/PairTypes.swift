/// The unordered pairs of atom types, and their names.
///
/// Types are numbered in byte order of their names, and pairs in the order
/// (0,0), (0,1), …, (0,T−1), (1,1), …, so that names like `H-O` are in alphabetical order too.
///
/// Where atoms have a known property q, atoms of one type with different q are of different *kinds*. Frames
/// hold the kinds of their atoms; without a property these are the types.
///
/// Where functions tell pairs apart by the bonds between them, pairs of kinds are of *bond classes*: 1, 2 or 3
/// bonds, and 0 for all others.
public struct PairTypes: Sendable, Hashable {
  /// Names of the atom types, sorted, without repetition.
  public let typeNames: [String]
  /// The two types of each pair, `first <= second`.
  public let pairs: [PairType]
  /// Sorted by type, then by property, without repetition.
  public let kinds: [AtomKind]
  /// The types of each pair of kinds and its property Q, in the order of `pairs` with kinds for types; all
  /// of bond class 0, then those of the others where there are any.
  public let kindPairs: [PairType]
  /// Bond classes that occur in each pair of types, rising; nil where functions do not tell them apart.
  public let bondClasses: [[Int]]?
  /// Whether atoms have a known property.
  public let hasProperty: Bool

  public init(typeNames: [String]) {
    self.typeNames = Set(typeNames).sorted()
    kinds = self.typeNames.indices.map { AtomKind(type: $0, property: 0) }
    pairs = Self.pairs(of: kinds)
    kindPairs = pairs
    bondClasses = nil
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
    bondClasses = nil
    hasProperty = true
  }

  /// The same types with bond classes.
  ///
  /// - Parameters:
  ///   - types: without bond classes.
  ///   - occurring: pairs of types with the class in `bonds`; repetitions do not matter.
  public init(_ types: PairTypes, occurring: some Sequence<PairType>) {
    typeNames = types.typeNames
    (pairs, kinds, hasProperty) = (types.pairs, types.kinds, types.hasProperty)
    let kindPairs = types.kindPairs.filter { $0.bonds == 0 }
    self.kindPairs = (0...KnownQuantity.mostBonds).flatMap { bonds in
      kindPairs.map {
        PairType(first: $0.first, second: $0.second, property: $0.property, bonds: bonds)
      }
    }
    var classes = types.pairs.map { _ in Set<Int>() }
    for pair in occurring { classes[types.index(pair.first, pair.second)].insert(pair.bonds) }
    bondClasses = classes.map { $0.sorted() }
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

  /// Pairs of types whose distances are surveyed apart: with each bond class that occurs, where they are told
  /// apart.
  public var sampledPairs: [PairType] {
    guard let bondClasses else { return pairs }
    return zip(pairs, bondClasses).flatMap { pair, classes in
      classes.map { PairType(first: pair.first, second: pair.second, bonds: $0) }
    }
  }

  /// What expressions may use.
  public var known: [KnownQuantity] {
    let classes = Set((bondClasses ?? []).joined())
    return KnownQuantity.allCases.filter {
      $0 == .property ? hasProperty : classes.contains(Int($0.rawValue))
    }
  }

  /// Pairs of kinds of one bond class.
  public var kindPairCount: Int { kinds.count * (kinds.count + 1) / 2 }

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

  /// - Throws: `InputError` where a name has control characters, or two pairs have one name.
  func requireNames() throws(InputError) {
    if let name = typeNames.first(where: { $0.unicodeScalars.contains(where: \.breaksLine) }) {
      throw InputError("expected names of types that can be printed, found \"\(name.onOneLine)\"")
    }
    var seen: [String: PairType] = [:]
    for (number, pair) in pairs.enumerated() {
      guard let other = seen.updateValue(pair, forKey: name(ofPair: number)) else { continue }
      let described = [other, pair].map { "\(typeNames[$0.first]) with \(typeNames[$0.second])" }
      throw InputError(
        "expected pairs of types with different names, found \(name(ofPair: number)) for "
          + described.joined(separator: " and for "),
        remedy: "name types without -")
    }
  }

  /// Name of a pair of `sampledPairs`: `H-O`, `H-O 1-2` for bonded atoms, `H-O far` for all that no
  /// indicator stands for.
  public func name(ofSampled number: Int) -> String {
    let pair = sampledPairs[number]
    let name = name(ofPair: index(pair.first, pair.second))
    guard bondClasses != nil else { return name }
    return name + (pair.bonds == 0 ? " far" : " 1-\(pair.bonds + 1)")
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

/// An unordered pair of atom types, as their numbers with `first <= second`, and what is known of it.
public struct PairType: Sendable, Hashable {
  public let first: Int
  public let second: Int
  /// Q = q_i·q_j; 0 where nothing is known.
  public let property: Double
  /// Bonds between the atoms, 1 to 3; 0 for all others, and where functions do not tell them apart.
  public let bonds: Int

  public init(first: Int, second: Int, property: Double = 0, bonds: Int = 0) {
    self.first = min(first, second)
    self.second = max(first, second)
    self.property = property
    self.bonds = bonds
  }

  /// Place in `PairTypes.pairs` of this many types.
  @inlinable
  public func number(typeCount: Int) -> Int {
    first * typeCount - first * (first - 1) / 2 + (second - first)
  }
}
