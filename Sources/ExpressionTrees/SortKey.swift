/// The order of terms and factors: shorter first, then by their nodes.
struct SortKey {
  let tokens: [Int]

  init(_ term: Monomial) throws {
    var emission = Emission(allowsNumbers: true)
    try emission.append(AlgebraicSum(term))
    tokens = emission.tokens
  }

  init(_ atom: Monomial.Atom) throws {
    var emission = Emission(allowsNumbers: true)
    try emission.append(single: atom)
    tokens = emission.tokens
  }

  private func precedes(_ other: SortKey) -> Bool {
    tokens.count != other.tokens.count
      ? tokens.count < other.tokens.count : tokens.lexicographicallyPrecedes(other.tokens)
  }

  /// Positive terms before negative ones.
  static func sorted(_ terms: [Monomial]) throws -> [Monomial] {
    let keyed = try terms.map { (isNegative: $0.integer < 0, key: try SortKey($0), term: $0) }
    return keyed.sorted { a, b in
      a.isNegative != b.isNegative ? b.isNegative : a.key.precedes(b.key)
    }.map(\.term)
  }

  /// The first term by its nodes, whatever its sign.
  static func leading(_ terms: [Monomial]) throws -> Monomial? {
    let keyed = try terms.map { term in
      var positive = term
      positive.integer = abs(term.integer)
      return (key: try SortKey(positive), term: term)
    }
    return keyed.min { $0.key.precedes($1.key) }?.term
  }

  static func sorted(_ factors: [Monomial.Factor]) throws -> [Monomial.Factor] {
    let keyed = try factors.map { (key: try SortKey($0.atom), factor: $0) }
    return keyed.sorted { a, b in
      a.factor.isInverse != b.factor.isInverse ? b.factor.isInverse : a.key.precedes(b.key)
    }.map(\.factor)
  }
}
