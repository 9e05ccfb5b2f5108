#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Exponentials and powers.
extension AlgebraicRules {
  func exponential(_ a: AlgebraicSum) throws -> AlgebraicSum {
    if a.terms.isEmpty { return .one }
    // A number such as e has no notation.
    if a.constant != nil, a.freeCount == 0 { throw NotRepresentable() }
    return try normalized(Monomial(exponent: a))
  }

  func power(_ base: AlgebraicSum, _ exponent: AlgebraicSum) throws -> AlgebraicSum {
    if let power = try powerOfIndicator(base, exponent) { return power }
    if let whole = exponent.wholeNumber { return try power(base, whole: whole) }
    if let (inner, first) = base.asRealPower {
      // (u^v)^w = u^(v·w): u^v is real for u > 0 alone.
      return try power(inner, product(first, exponent))
    }
    if let value = exponent.constant, exponent.freeCount > 0 {
      return try power(base, free: value)
    }
    if let value = base.constant, base.freeCount > 0 {
      // c^u = exp(log(c)·u), the scale of the exponent free.
      return try exponential(product(AlgebraicSum(Monomial(global: log(value))), exponent))
    }
    if let values = base.single?.barePair {
      return try exponential(
        product(AlgebraicSum(Monomial(pair: values.map { log($0) })), exponent))
    }
    if let term = base.single, var scaled = exponent.single, term.isPowerOfDistance,
      scaled.scaleFreely(by: Double(term.distancePower))
    {
      // (r^n)^(A·u) = r^(A·u)
      let distance = AlgebraicSum(Monomial(distancePower: 1))
      return try normalized(
        Monomial(factors: [.init(atom: .power(distance, AlgebraicSum(scaled)), isInverse: false)]))
    }
    if let term = base.single, let argument = term.exponent, term.isNothingButExponential {
      return try exponential(product(argument, exponent))
    }
    if let values = base.single?.bareProduct, var scaled = exponent.single,
      let scale = scaled.global, exponent.dependsOnDistance
    {
      // X^(a·u) = (X^a)^u: X^u is real for positive X alone.
      scaled.global = nil
      let raised = AlgebraicSum(Monomial(product: values.map { pow(abs($0), scale) }))
      return try power(raised, AlgebraicSum(scaled))
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
    if let (inner, first) = base.asRealPower {
      let scaled = try product(first, AlgebraicSum(Monomial(integer: whole)))
      // Where no free scale takes up the number the power stays.
      if scaled.terms.allSatisfy({ abs($0.integer) == 1 }) { return try power(inner, scaled) }
    }
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
    if let pair = term.pair {
      outer.pair = pair.map { pow($0, Double(whole)) }
      inner.pair = nil
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
    if let pair = term.pair {
      outer.pair = pair.map { pow($0, value) }
      inner.pair = nil
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
    case .mean:
      guard isInverse, exponent.constant != nil else { break }
      let upright = try inverse(base)
      return exponent.wholeNumber == nil
        ? [.init(atom: .power(upright, exponent.negated), isInverse: false)]
        : [.init(atom: .power(upright, exponent), isInverse: true)]
    case .sum(let sum) where exponent.wholeNumber != nil:
      return [.init(atom: .power(sum, exponent), isInverse: isInverse)]
    default: break
    }
    return [.init(atom: .power(base, exponent), isInverse: false)]
  }
}

extension AlgebraicSum {
  /// u and v of u^v with an exponent that is not whole.
  fileprivate var asRealPower: (base: AlgebraicSum, exponent: AlgebraicSum)? {
    if let single, let power = single.freePower, single.withoutFreePower.isOne {
      return (
        AlgebraicSum(Monomial(distancePower: 1)), AlgebraicSum(Monomial(global: power))
      )
    }
    guard let single, single.isNothingButFactors, single.factors.count == 1,
      case .power(let base, let exponent) = single.factors[0].atom, exponent.wholeNumber == nil
    else { return nil }
    return (base, single.factors[0].isInverse ? exponent.negated : exponent)
  }
}

extension Monomial {
  fileprivate var isOne: Bool { isWholeNumber && integer == 1 }

  /// r^n with n other than 1.
  fileprivate var isPowerOfDistance: Bool {
    var rest = self
    rest.distancePower = 0
    return rest.isOne && distancePower != 1
  }

  fileprivate var isNothingButExponential: Bool {
    var rest = self
    rest.exponent = nil
    return rest.isOne
  }

  /// The factors of the product parameter this is, if it is nothing else.
  var bareProduct: [Double]? {
    var rest = self
    rest.product = nil
    return rest.isOne ? product : nil
  }

  fileprivate var withoutFreePower: Monomial {
    var rest = self
    rest.freePower = nil
    return rest
  }

  fileprivate var isNothingButFactors: Bool {
    var rest = self
    rest.factors = []
    return rest.isOne
  }
}
