import AtomicData

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Why an expression has no canonical form: it divides by zero, or its numbers grow out of bounds.
struct NotRepresentable: Error {}

/// The rules by which sums, products, powers and exponentials of forms become forms again.
///
/// Each rule keeps every function of the family: the result has, for the carried values, the same
/// value as the operation on the operands, wherever that is defined.
struct AlgebraicRules {
  /// Whether `a*X` becomes `X` or `−X` by the sign of the value of a.
  ///
  /// `a*X` is the union of both. A search that looks at each of them needs no third form.
  var resolvesSigns: Bool
  /// The pairs of types, in the order of pair parameters.
  var pairs: [PairType]
  /// The value of each parameter of the tree for every pair; none where the tree has no pair
  /// parameter.
  var sharedValues: [[Double]]

  /// Whole powers of r and whole coefficients beyond this are no force field.
  static let integerBound = 64

  // MARK: Operations

  /// An operation on one form.
  func result(_ operation: Operator, _ a: AlgebraicSum) throws -> AlgebraicSum {
    switch operation {
    case .exp: try exponential(a)
    case .negate: try collected(a.negated.terms)
    case .inverse: try inverse(a)
    case .square: try power(a, AlgebraicSum(Monomial(integer: 2)))
    default: try function(operation, of: a)
    }
  }

  /// An operation on two forms.
  func result(_ operation: Operator, _ a: AlgebraicSum, _ b: AlgebraicSum) throws -> AlgebraicSum {
    switch operation {
    case .add: try sum(a, b)
    case .subtract: try sum(a, b.negated)
    case .multiply: try product(a, b)
    case .divide: try quotient(a, b)
    default: try power(a, b)
    }
  }

  // MARK: Sums

  func sum(_ a: AlgebraicSum, _ b: AlgebraicSum) throws -> AlgebraicSum {
    try collected(a.terms + b.terms)
  }

  /// Like terms merged, constants folded, terms in canonical order.
  func collected(_ terms: [Monomial]) throws -> AlgebraicSum {
    let flat = mergedIntoMeans(
      try mergedIntoPairs(terms.flatMap { $0.asSum?.terms ?? [$0] }))
    var constants: [Monomial] = []
    var likeTerms: [[Int]: Monomial] = [:]
    var others: [Monomial] = []
    for term in flat {
      if term.constant != nil {
        constants.append(term)
      } else if term.product == nil, term.withoutCoefficients.freeCount == 0 {
        let key = try SortKey(term.withoutCoefficients).tokens
        likeTerms[key] = try likeTerms[key].map { try Self.merged($0, term) } ?? term
      } else {
        others.append(term)
      }
    }
    if constants.contains(where: { $0.freeCount > 0 }) {
      constants = [Monomial(global: constants.reduce(0) { $0 + ($1.constant ?? 0) })]
    } else {
      let whole = constants.filter(\.isWholeNumber).reduce(0) { $0 + $1.integer }
      constants = constants.filter { !$0.isWholeNumber }
      if whole != 0 { constants.append(try Self.bounded(Monomial(integer: whole))) }
    }
    let merged = likeTerms.values.filter { $0.integer != 0 }
    return AlgebraicSum(terms: try SortKey.sorted(constants + merged + others))
  }

  /// Two terms that differ in their coefficients alone. An `integer` of 0 means they cancel.
  private static func merged(_ a: Monomial, _ b: Monomial) throws -> Monomial {
    var result = a
    if a.global == nil, b.global == nil {
      result.integer = a.integer + b.integer
      return try bounded(result)
    }
    result.integer = 1
    result.global = (a.global ?? Double(a.integer)) + (b.global ?? Double(b.integer))
    return result
  }

  static func bounded(_ term: Monomial) throws -> Monomial {
    guard abs(term.integer) <= integerBound, abs(term.distancePower) <= integerBound else {
      throw NotRepresentable()
    }
    return term
  }

  // MARK: Products

  func product(_ a: AlgebraicSum, _ b: AlgebraicSum) throws -> AlgebraicSum {
    if a.terms.isEmpty || b.terms.isEmpty { return .zero }
    return try normalized(Self.merged(Self.asMonomial(a), Self.asMonomial(b), self))
  }

  func quotient(_ a: AlgebraicSum, _ b: AlgebraicSum) throws -> AlgebraicSum {
    try product(a, inverse(b))
  }

  func inverse(_ a: AlgebraicSum) throws -> AlgebraicSum {
    guard !a.terms.isEmpty else { throw NotRepresentable() }
    guard var term = a.single else {
      return try normalized(Monomial(factors: [.init(atom: .sum(a), isInverse: true)]))
    }
    if term.holdsIndicatorFactor { throw NotRepresentable() }
    if abs(term.integer) > 1 {
      let whole = AlgebraicSum(Monomial(integer: abs(term.integer)))
      term.factors.append(.init(atom: .sum(whole), isInverse: false))
      term.integer = term.integer.signum()
    }
    term.global = term.global.map { 1 / $0 }
    term.product = term.product.map { $0.map { 1 / $0 } }
    term.pair = term.pair.map { $0.map { 1 / $0 } }
    term.distancePower.negate()
    term.freePower = term.freePower.map { -$0 }
    term.exponent = term.exponent?.negated
    for k in term.factors.indices { term.factors[k].isInverse.toggle() }
    return try normalized(term)
  }

  private static func asMonomial(_ a: AlgebraicSum) -> Monomial {
    a.single ?? Monomial(factors: [.init(atom: .sum(a), isInverse: false)])
  }

  private static func merged(
    _ a: Monomial, _ b: Monomial, _ rules: AlgebraicRules
  ) throws -> Monomial {
    var result = a
    result.integer = a.integer * b.integer
    result.global = joined(a.global, b.global, *)
    result.product = joined(a.product, b.product) { zip($0, $1).map(*) }
    result.pair = joined(a.pair, b.pair) { zip($0, $1).map(*) }
    result.distancePower += b.distancePower
    result.freePower = joined(a.freePower, b.freePower, +)
    result.exponent = try joined(a.exponent, b.exponent) { try rules.sum($0, $1) }
    result.factors += b.factors
    return result
  }

  private static func joined<T>(_ a: T?, _ b: T?, _ join: (T, T) throws -> T) rethrows -> T? {
    guard let a else { return b }
    guard let b else { return a }
    return try join(a, b)
  }
}

func numericExp(_ x: Double) -> Double { exp(x) }
func numericPower(_ x: Double, _ y: Double) -> Double { pow(x, y) }
