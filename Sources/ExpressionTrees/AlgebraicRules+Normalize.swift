#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension AlgebraicRules {
  /// A monomial in which the free parameters have taken up all they can, as a sum.
  func normalized(_ term: Monomial) throws -> AlgebraicSum {
    var term = term
    foldConstants(&term)
    mergePowersOfDistance(&term)
    try cancelFactors(&term)
    absorbIntoSums(&term)
    try settleSigns(&term)
    settleCoefficients(&term)
    term.factors = try SortKey.sorted(term.factors)
    term = try Self.bounded(term)
    if let sum = term.asSum { return try collected(sum.terms) }
    return AlgebraicSum(term)
  }

  /// Constants made of free global parameters join the global coefficient; exp(b + u) = c·exp(u).
  private func foldConstants(_ term: inout Monomial) {
    if let exponent = term.exponent {
      let isConstant = { (part: Monomial) in part.constant != nil && part.freeCount > 0 }
      for part in exponent.terms where isConstant(part) {
        term.global = (term.global ?? 1) * exp(part.constant ?? 0)
      }
      let rest = AlgebraicSum(terms: exponent.terms.filter { !isConstant($0) })
      term.exponent = rest.terms.isEmpty ? nil : rest
    }
    let hasFreeCoefficient = term.global != nil || term.product != nil
    if hasFreeCoefficient, let exponent = term.exponent {
      // e^n of exp(u + n) goes to the coefficient too.
      let numbers = exponent.terms.filter(\.isWholeNumber)
      let rest = AlgebraicSum(terms: exponent.terms.filter { !$0.isWholeNumber })
      scale(&term, by: exp(numbers.reduce(0) { $0 + Double($1.integer) }))
      term.exponent = rest.terms.isEmpty ? nil : rest
    }
    var rest: [Monomial.Factor] = []
    for factor in term.factors {
      guard let value = factor.atom.constant else {
        rest.append(factor)
        continue
      }
      let number = factor.isInverse ? 1 / value : value
      if factor.atom.freeCount > 0 {
        term.global = (term.global ?? 1) * number
      } else if hasFreeCoefficient, number > 0 {
        scale(&term, by: number)
      } else {
        rest.append(factor)
      }
    }
    term.factors = rest
    if let global = term.global {
      term.global = global * Double(term.integer)
      term.integer = 1
    } else if term.product != nil, abs(term.integer) > 1 {
      scale(&term, by: Double(abs(term.integer)))
      term.integer = term.integer.signum()
    }
  }

  /// Multiplies the free coefficient by a positive number.
  private func scale(_ term: inout Monomial, by number: Double) {
    if let global = term.global {
      term.global = global * number
    } else {
      term.product = term.product.map { $0.map { $0 * number.squareRoot() } }
    }
  }

  private func mergePowersOfDistance(_ term: inout Monomial) {
    guard let freePower = term.freePower else { return }
    term.freePower = freePower + Double(term.distancePower)
    term.distancePower = 0
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

  // MARK: Scales

  /// The coefficient and a sum in parentheses share one scale.
  ///
  /// `a*(b + c*r)` → `b + c*r`; `a/(b + c*r)` → `a/(b + r)`; the same with product parameters,
  /// whose sign is not free.
  private func absorbIntoSums(_ term: inout Monomial) {
    for k in term.factors.indices {
      guard let (original, power) = term.factors[k].sumAndPower else { continue }
      var sum = original
      let allGlobal = sum.terms.allSatisfy { $0.global != nil && $0.product == nil }
      let allProduct = sum.terms.allSatisfy { $0.product != nil }
      if allGlobal, let global = term.global, power == 1, term.product == nil {
        for t in sum.terms.indices { sum.terms[t].global = (sum.terms[t].global ?? 1) * global }
        term.global = nil
      } else if allGlobal, term.global != nil || (resolvesSigns && term.product != nil),
        let chosen = sum.terms.firstIndex(where: { !$0.isWholeNumberTimesGlobal }),
        let scale = sum.terms[chosen].global
      {
        for t in sum.terms.indices { sum.terms[t].global = (sum.terms[t].global ?? 1) / scale }
        sum.terms[chosen].global = nil
        term.global = (term.global ?? 1) * pow(scale, Double(power))
      } else if allProduct, let product = term.product, power == 1, term.global == nil {
        for t in sum.terms.indices {
          sum.terms[t].product = zip(sum.terms[t].product ?? product, product).map(*)
        }
        term.product = nil
      } else if allProduct, let product = term.product,
        let chosen = sum.terms.firstIndex(where: { $0.dependsOnDistance }),
        let scale = sum.terms[chosen].product
      {
        for t in sum.terms.indices {
          sum.terms[t].product = zip(sum.terms[t].product ?? scale, scale).map(/)
        }
        sum.terms[chosen].product = nil
        term.product = zip(product, scale).map { $0 * pow($1, Double(power)) }
      } else {
        continue
      }
      term.factors[k].setSum(sum)
      if power == 1 { break }
    }
  }

  // MARK: Signs

  /// A sign that could stand in two places stands in one: a free coefficient first, else the first
  /// sum in parentheses, unless nothing but minus signs would stand there.
  private func settleSigns(_ term: inout Monomial) throws {
    term.factors = try SortKey.sorted(term.factors)
    var isFirst = term.global == nil
    for k in term.factors.indices {
      guard let (sum, power) = term.factors[k].sumAndPower else { continue }
      let rigid = sum.terms.filter { $0.global == nil }
      let isOdd = power % 2 != 0
      let isAllNegative = rigid.count == sum.terms.count && rigid.allSatisfy { $0.integer < 0 }
      let isAllPositive = rigid.count == sum.terms.count && rigid.allSatisfy { $0.integer > 0 }
      let flips: Bool
      if isAllNegative {
        flips = true
      } else if isAllPositive {
        flips = false
      } else if isOdd, isFirst {
        flips = term.integer < 0
        isFirst = false
      } else {
        // Only signs that are not free tell the two apart.
        flips = (rigid.first?.integer ?? 1) < 0
      }
      guard flips else { continue }
      term.factors[k].setSum(try collected(sum.negated.terms))
      guard isOdd else { continue }
      if let global = term.global { term.global = -global } else { term.integer.negate() }
    }
  }

  /// Between a global and a product coefficient only the sign of the first remains.
  private func settleCoefficients(_ term: inout Monomial) {
    guard let global = term.global, let product = term.product else { return }
    let scale = abs(global).squareRoot()
    term.product = product.map { $0 * scale }
    if resolvesSigns {
      term.integer = global < 0 ? -1 : 1
      term.global = nil
    } else {
      term.global = global < 0 ? -1 : 1
    }
  }
}

extension Monomial {
  fileprivate var isWholeNumberTimesGlobal: Bool { withoutCoefficients.isWholeNumber }
}

extension Monomial.Factor {
  /// The sum and the whole power of a factor (u + …)^n.
  fileprivate var sumAndPower: (sum: AlgebraicSum, power: Int)? {
    switch atom {
    case .shared: return nil
    case .sum(let sum): return (sum, isInverse ? -1 : 1)
    case .power(let base, let exponent):
      guard let whole = exponent.wholeNumber, base.terms.count > 1 else { return nil }
      return (base, isInverse ? -whole : whole)
    }
  }

  fileprivate mutating func setSum(_ sum: AlgebraicSum) {
    switch atom {
    case .shared: break
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
      case .shared = single.factors[0].atom, single.withoutFactors.isWholeNumber,
      !single.factors[0].isInverse
    {
      return (single.factors[0].atom, whole)
    }
    return base.terms.count > 1 ? (.sum(base), whole) : (self, 1)
  }

  fileprivate func raised(to power: Int) -> Monomial.Atom {
    guard power > 1 else { return self }
    let whole = AlgebraicSum(Monomial(integer: power))
    switch self {
    case .sum(let sum): return .power(sum, whole)
    case .shared, .power:
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
