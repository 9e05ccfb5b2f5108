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

  /// Whole powers of r and whole coefficients beyond this are no force field.
  static let integerBound = 64

  // MARK: Sums

  func sum(_ a: AlgebraicSum, _ b: AlgebraicSum) throws -> AlgebraicSum {
    try collected(a.terms + b.terms)
  }

  /// Like terms merged, constants folded, terms in canonical order.
  func collected(_ terms: [Monomial]) throws -> AlgebraicSum {
    let flat = terms.flatMap { $0.asSum?.terms ?? [$0] }
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
    if abs(term.integer) > 1 {
      let whole = AlgebraicSum(Monomial(integer: abs(term.integer)))
      term.factors.append(.init(atom: .sum(whole), isInverse: false))
      term.integer = term.integer.signum()
    }
    term.global = term.global.map { 1 / $0 }
    term.product = term.product.map { $0.map { 1 / $0 } }
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

  // MARK: Functions

  func exponential(_ a: AlgebraicSum) throws -> AlgebraicSum {
    if a.terms.isEmpty { return .one }
    // A number such as e has no notation.
    if a.constant != nil, a.freeCount == 0 { throw NotRepresentable() }
    return try normalized(Monomial(exponent: a))
  }

  func power(_ base: AlgebraicSum, _ exponent: AlgebraicSum) throws -> AlgebraicSum {
    if let whole = exponent.wholeNumber { return try power(base, whole: whole) }
    if let value = exponent.constant, exponent.freeCount > 0 {
      return try power(base, free: value)
    }
    if let value = base.constant, base.freeCount > 0 {
      // c^u = exp(log(c)·u), the scale of the exponent free.
      return try exponential(product(AlgebraicSum(Monomial(global: log(value))), exponent))
    }
    if let term = base.single, let argument = term.exponent, term.isNothingButExponential {
      return try exponential(product(argument, exponent))
    }
    if let term = exponent.single, term.integer < 0 {
      return try inverse(power(base, exponent.negated))
    }
    return try normalized(
      Monomial(factors: [.init(atom: .power(base, exponent), isInverse: false)]))
  }

  private func power(_ base: AlgebraicSum, whole: Int) throws -> AlgebraicSum {
    if whole == 0 { return .one }
    if whole == 1 { return base }
    if whole < 0 { return try inverse(power(base, whole: -whole)) }
    guard abs(whole) <= Self.integerBound else { throw NotRepresentable() }
    guard let term = base.single else {
      return base.terms.isEmpty ? .zero : try raised(base, AlgebraicSum(Monomial(integer: whole)))
    }
    var outer = Monomial()
    var inner = term
    (inner.distancePower, inner.freePower, inner.exponent) = (0, nil, nil)
    outer.distancePower = term.distancePower * whole
    outer.freePower = term.freePower.map { $0 * Double(whole) }
    if let global = term.global {
      outer.global = pow(global, Double(whole))
      inner.global = nil
    }
    if let argument = term.exponent {
      let scaled = try product(argument, AlgebraicSum(Monomial(integer: whole)))
      // Where no free scale takes up the number the power stays.
      let isTakenUp = scaled.terms.allSatisfy { abs($0.integer) == 1 }
      if isTakenUp { outer.exponent = scaled } else { inner.exponent = argument }
    }
    for _ in 0..<whole {
      outer.integer *= term.integer
      outer = try Self.bounded(outer)
    }
    inner.integer = 1
    if !inner.isOne {
      outer.factors = try raisedFactors(AlgebraicSum(inner), AlgebraicSum(Monomial(integer: whole)))
    }
    return try normalized(outer)
  }

  private func power(_ base: AlgebraicSum, free value: Double) throws -> AlgebraicSum {
    let exponent = AlgebraicSum(Monomial(global: value))
    if let number = base.constant, base.freeCount > 0 {
      return AlgebraicSum(Monomial(global: pow(number, value)))
    }
    guard let term = base.single else {
      return base.terms.isEmpty ? .zero : try raised(base, exponent)
    }
    var outer = Monomial()
    var inner = term
    (inner.distancePower, inner.freePower, inner.exponent) = (0, nil, nil)
    if term.distancePower != 0 || term.freePower != nil {
      outer.freePower = (term.freePower ?? Double(term.distancePower)) * value
    }
    if let global = term.global {
      outer.global = pow(global, value)
      inner.global = nil
    }
    if let argument = term.exponent { outer.exponent = try product(argument, exponent) }
    if !inner.isOne { outer.factors = try raisedFactors(AlgebraicSum(inner), exponent) }
    return try normalized(outer)
  }

  private func raised(
    _ base: AlgebraicSum, _ exponent: AlgebraicSum
  ) throws -> AlgebraicSum {
    try normalized(Monomial(factors: raisedFactors(base, exponent)))
  }

  /// base^exponent as a factor; (u^m)^n = u^(m·n) where u^m is defined for positive u alone or both
  /// are whole.
  private func raisedFactors(
    _ base: AlgebraicSum, _ exponent: AlgebraicSum
  ) throws -> [Monomial.Factor] {
    guard let term = base.single, term.isNothingButFactors, term.factors.count == 1 else {
      return [.init(atom: .power(base, exponent), isInverse: false)]
    }
    let isInverse = term.factors[0].isInverse
    switch term.factors[0].atom {
    case .power(let innerBase, let innerExponent):
      if let m = innerExponent.constant, innerExponent.freeCount > 0, let n = exponent.constant {
        let value = AlgebraicSum(Monomial(global: m * n * (isInverse ? -1 : 1)))
        return [.init(atom: .power(innerBase, value), isInverse: false)]
      }
      if let m = innerExponent.wholeNumber, let n = exponent.wholeNumber {
        let whole = try Self.bounded(Monomial(integer: m * n))
        return [.init(atom: .power(innerBase, AlgebraicSum(whole)), isInverse: isInverse)]
      }
    case .sum(let sum) where exponent.wholeNumber != nil:
      return [.init(atom: .power(sum, exponent), isInverse: isInverse)]
    default: break
    }
    return [.init(atom: .power(base, exponent), isInverse: false)]
  }
}

extension Monomial {
  fileprivate var isOne: Bool { isWholeNumber && integer == 1 }

  fileprivate var isNothingButExponential: Bool {
    var rest = self
    rest.exponent = nil
    return rest.isOne
  }

  fileprivate var isNothingButFactors: Bool {
    var rest = self
    rest.factors = []
    return rest.isOne
  }
}

func numericExp(_ x: Double) -> Double { exp(x) }
func numericPower(_ x: Double, _ y: Double) -> Double { pow(x, y) }
