#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension AlgebraicRules {
  /// A monomial in which the free parameters have taken up all they can, as a sum.
  func normalized(_ term: Monomial) throws -> AlgebraicSum {
    var term = term
    if let sum = try settledIndicators(&term) { return sum }
    absorbIntoPair(&term)
    try foldConstants(&term)
    mergePowersOfDistance(&term)
    turnPowersUp(&term)
    try cancelFactors(&term)
    absorbIntoSums(&term)
    try settleSigns(&term)
    settleCoefficients(&term)
    term.factors = try SortKey.sorted(term.factors)
    term = try Self.bounded(term)
    if let sum = term.asSum { return try collected(sum.terms) }
    return AlgebraicSum(term)
  }

  /// a·(u + b) as a·u + a·b, in exponents alone: there the constant goes out.
  private func expandingShifts(_ exponent: AlgebraicSum) throws -> AlgebraicSum {
    let parts = try exponent.terms.flatMap { term -> [Monomial] in
      guard let global = term.global, term.factors.count == 1, !term.factors[0].isInverse,
        case .sum(let sum) = term.factors[0].atom,
        term.withoutFactors.withoutCoefficients.isWholeNumber,
        term.product == nil, term.pair == nil
      else { return [term] }
      let isFree = { (part: Monomial) in part.constant != nil && part.freeCount > 0 }
      let shift = sum.terms.filter(isFree).reduce(0) { $0 + ($1.constant ?? 0) }
      let rest = AlgebraicSum(terms: sum.terms.filter { !isFree($0) })
      guard rest.terms.count < sum.terms.count, !rest.terms.isEmpty else { return [term] }
      return [Monomial(global: global * shift)]
        + (try product(AlgebraicSum(Monomial(global: global)), rest)).terms
    }
    return parts.count == exponent.terms.count ? exponent : try collected(parts)
  }

  /// Constants made of free global parameters join the global coefficient; exp(b + u) = c·exp(u).
  private func foldConstants(_ term: inout Monomial) throws {
    if let exponent = try term.exponent.map(expandingShifts) {
      let isConstant = { (part: Monomial) in part.constant != nil && part.freeCount > 0 }
      for part in exponent.terms where isConstant(part) {
        term.global = (term.global ?? 1) * exp(part.constant ?? 0)
      }
      let rest = AlgebraicSum(terms: exponent.terms.filter { !isConstant($0) })
      term.exponent = rest.terms.isEmpty ? nil : rest
    }
    let hasFreeCoefficient = term.global != nil || term.product != nil || term.hasFreeMean
    if hasFreeCoefficient, let exponent = term.exponent {
      // e^n of exp(u + n) goes to the coefficient too.
      let numbers = exponent.terms.filter(\.isWholeNumber)
      let rest = AlgebraicSum(terms: exponent.terms.filter { !$0.isWholeNumber })
      scale(&term, by: exp(numbers.reduce(0) { $0 + Double($1.integer) }))
      term.exponent = rest.terms.isEmpty ? nil : rest
    }
    let factors = term.factors
    term.factors = factors.filter { $0.atom.constant == nil }
    for factor in factors {
      guard let value = factor.atom.constant else { continue }
      let number = factor.isInverse ? 1 / value : value
      if factor.atom.freeCount > 0 {
        term.global = (term.global ?? 1) * number
      } else if hasFreeCoefficient, number > 0 {
        scale(&term, by: number)
      } else {
        term.factors.append(factor)
      }
    }
    if let global = term.global {
      term.global = global * Double(term.integer)
      term.integer = 1
    } else if term.product != nil, abs(term.integer) > 1 {
      scale(&term, by: Double(abs(term.integer)))
      term.integer = term.integer.signum()
    }
    absorbIntoMean(&term)
  }

  /// Multiplies the free coefficient by a positive number.
  private func scale(_ term: inout Monomial, by number: Double) {
    if let global = term.global {
      term.global = global * number
    } else if !term.scaleFreely(by: number) {
      term.product = term.product.map { $0.map { $0 * number.squareRoot() } }
    }
  }

  private func mergePowersOfDistance(_ term: inout Monomial) {
    guard let freePower = term.freePower else { return }
    term.freePower = freePower + Double(term.distancePower)
    term.distancePower = 0
  }

  /// 1/u^A = u^(−A) where the sign of the exponent is free.
  private func turnPowersUp(_ term: inout Monomial) {
    for k in term.factors.indices where term.factors[k].isInverse {
      guard case .power(let base, let exponent) = term.factors[k].atom else { continue }
      if let values = base.single?.bareProduct, exponent.wholeNumber == nil {
        // 1/X^u = (1/X)^u, and 1/X is a product parameter.
        let inverted = AlgebraicSum(Monomial(product: values.map { 1 / $0 }))
        term.factors[k] = .init(atom: .power(inverted, exponent), isInverse: false)
        continue
      }
      guard let single = exponent.single,
        single.pair != nil || single.hasFreeMean
      else { continue }
      term.factors[k] = .init(atom: .power(base, exponent.negated), isInverse: false)
    }
  }

  /// Equal factors without free parameters: u/u = 1, u·u = u².
  private func cancelFactors(_ term: inout Monomial) throws {
    var powers: [[Int]: (atom: Monomial.Atom, power: Int)] = [:]
    var rest: [Monomial.Factor] = []
    for factor in term.factors {
      guard factor.atom.freeCount == 0 else {
        rest.append(factor)
        continue
      }
      let (base, whole) = factor.atom.asWholePower
      let key = try SortKey(base).tokens
      powers[key, default: (base, 0)].power += factor.isInverse ? -whole : whole
    }
    for (atom, power) in powers.values where power != 0 {
      rest.append(.init(atom: atom.raised(to: abs(power)), isInverse: power < 0))
    }
    term.factors = rest
  }

  // MARK: Signs

  /// A sign that could stand in two places stands in one: a free coefficient first, else the first
  /// sum in parentheses, unless nothing but minus signs would stand there.
  private func settleSigns(_ term: inout Monomial) throws {
    term.factors = try SortKey.sorted(term.factors)
    var first: Int?
    for k in term.factors.indices {
      guard let (sum, isOdd) = term.factors[k].signedSum else { continue }
      let rigid = sum.terms.filter { !$0.hasFreeSign }
      let isAllNegative = rigid.count == sum.terms.count && rigid.allSatisfy { $0.integer < 0 }
      let isAllPositive = rigid.count == sum.terms.count && rigid.allSatisfy { $0.integer > 0 }
      let flips: Bool
      if isAllNegative {
        flips = true
      } else if isAllPositive {
        flips = false
      } else if isOdd, first == nil, !term.hasFreeSign {
        // It gets the sign that the others leave.
        first = k
        continue
      } else {
        // Only signs that are not free tell the two apart.
        let isArgument = term.factors[k].atom.isLeafOrFunction
        let leading = isArgument ? try SortKey.leading(rigid) : rigid.first
        flips = (leading?.integer ?? 1) < 0
      }
      if flips { try flip(k, sum, isOdd: isOdd, &term) }
    }
    if let first, term.integer < 0, let (sum, _) = term.factors[first].signedSum {
      try flip(first, sum, isOdd: true, &term)
    }
    if term.integer < 0, term.negateOddFunction() { term.integer.negate() }
  }

  /// −u for the sum u of a factor; the sign of an odd power or function goes out.
  private func flip(
    _ factor: Int, _ sum: AlgebraicSum, isOdd: Bool, _ term: inout Monomial
  ) throws {
    term.factors[factor].setSum(try collected(sum.negated.terms))
    guard isOdd else { return }
    if let global = term.global {
      term.global = -global
    } else if !term.scaleFreely(by: -1) {
      term.integer.negate()
    }
  }

  /// Between a global and a product coefficient only the sign of the first remains.
  private func settleCoefficients(_ term: inout Monomial) {
    absorbIntoMean(&term)
    guard let global = term.global, let product = term.product else { return }
    let scale = abs(global).squareRoot()
    term.product = product.map { $0 * scale }
    if resolvesSigns {
      if global < 0 { term.integer.negate() }
      term.global = nil
    } else {
      term.global = global < 0 ? -1 : 1
    }
  }
}

extension Monomial.Factor {
  /// The sum and the whole power of a factor (u + …)^n.
  var sumAndPower: (sum: AlgebraicSum, power: Int)? {
    switch atom {
    case .shared, .known, .mean, .function: return nil
    case .sum(let sum): return (sum, isInverse ? -1 : 1)
    case .power(let base, let exponent):
      guard let whole = exponent.wholeNumber, base.terms.count > 1 else { return nil }
      return (base, isInverse ? -whole : whole)
    }
  }

  /// A sum whose sign goes out of this factor, or is lost in it.
  fileprivate var signedSum: (sum: AlgebraicSum, isOdd: Bool)? {
    if case .function(let operation, let sum) = atom {
      return operation.isOdd || operation == .gauss ? (sum, operation.isOdd) : nil
    }
    return sumAndPower.map { ($0.sum, $0.power % 2 != 0) }
  }

  mutating func setSum(_ sum: AlgebraicSum) {
    switch atom {
    case .shared, .known, .mean: break
    case .function(let operation, _): atom = .function(operation, sum)
    case .sum: atom = .sum(sum)
    case .power(_, let exponent): atom = .power(sum, exponent)
    }
  }
}

extension Monomial.Atom {
  /// u and n of uⁿ.
  fileprivate var asWholePower: (base: Monomial.Atom, power: Int) {
    guard case .power(let base, let exponent) = self, let whole = exponent.wholeNumber else {
      return (self, 1)
    }
    if let single = base.single, single.factors.count == 1,
      single.factors[0].atom.isLeafOrFunction, single.withoutFactors.isWholeNumber,
      !single.factors[0].isInverse
    {
      return (single.factors[0].atom, whole)
    }
    return base.terms.count > 1 ? (.sum(base), whole) : (self, 1)
  }

  fileprivate var isLeafOrFunction: Bool {
    switch self {
    case .shared, .known, .function: true
    case .mean, .sum, .power: false
    }
  }

  fileprivate func raised(to power: Int) -> Monomial.Atom {
    guard power > 1 else { return self }
    let whole = AlgebraicSum(Monomial(integer: power))
    switch self {
    case .sum(let sum): return .power(sum, whole)
    case .shared, .known, .power, .mean, .function:
      return .power(AlgebraicSum(Monomial(factors: [.init(atom: self, isInverse: false)])), whole)
    }
  }
}

extension Monomial {
  fileprivate var withoutFactors: Monomial {
    var rest = self
    rest.factors = []
    return rest
  }
}
