import AtomicData

/// What indicators do to products and powers: B is 0 or 1, and of two indicators one is 0.
///
/// B·B = B, B1·B2 = 0, Bᵘ = B, and B·g(B) = B·g(1). What divides by an indicator, or takes its logarithm,
/// has no value for most pairs and is no form.
extension AlgebraicRules {
  /// Merges the indicators of a product, and settles what else holds indicators.
  ///
  /// - Returns: the product where it is settled with that: zero, or another sum.
  func settledIndicators(_ term: inout Monomial) throws -> AlgebraicSum? {
    guard let indicator = term.indicator else { return nil }
    var rest = term
    rest.factors = []
    for factor in term.factors {
      guard case .known(let quantity) = factor.atom, quantity.isIndicator else {
        rest.factors.append(factor)
        continue
      }
      guard !factor.isInverse else { throw NotRepresentable() }
      if quantity != indicator { return .zero }
    }
    guard rest.holdsIndicator else {
      term = rest
      term.factors.append(.init(atom: .known(indicator), isInverse: false))
      return nil
    }
    // Where it is 1 all others are 0, and where it is 0 nothing else matters.
    return try product(value(of: rest, where: indicator), .known(indicator))
  }

  /// (B·u)ᵛ = B·uᵛ; nil where no indicator multiplies the base.
  func powerOfIndicator(
    _ base: AlgebraicSum, _ exponent: AlgebraicSum
  ) throws -> AlgebraicSum? {
    guard let (indicator, rest) = base.single?.splitAtIndicator else { return nil }
    if let whole = exponent.wholeNumber {
      guard whole > 0 else { throw NotRepresentable() }
    } else {
      // 0⁰ is 1: an exponent that is 0 for some pairs alone has no such rule.
      guard !exponent.holds({ _ in true }) else { throw NotRepresentable() }
      if exponent.terms.allSatisfy({ $0.integer < 0 && !$0.hasFreeSign }) {
        throw NotRepresentable()
      }
    }
    return try product(.known(indicator), power(AlgebraicSum(rest), exponent))
  }

  /// f(B·u) = B·f(u) where f(0) = 0; nil where no indicator multiplies the argument, or it stays inside.
  func functionOfIndicator(
    _ operation: Operator, _ argument: AlgebraicSum
  ) throws -> AlgebraicSum? {
    guard let (indicator, rest) = argument.single?.splitAtIndicator else { return nil }
    switch operation {
    case .log: throw NotRepresentable()
    case .sqrt, .tanh, .erf:
      return try product(.known(indicator), function(operation, of: AlgebraicSum(rest)))
    default: return nil
    }
  }

  // MARK: Values

  /// The sum where one indicator is 1 and the others are 0.
  private func value(
    of sum: AlgebraicSum, where indicator: KnownQuantity
  ) throws -> AlgebraicSum {
    guard sum.holds(\.isIndicator) else { return sum }
    return try sum.terms.reduce(.zero) {
      try self.sum($0, value(of: $1, where: indicator))
    }
  }

  private func value(
    of term: Monomial, where indicator: KnownQuantity
  ) throws -> AlgebraicSum {
    guard term.holdsIndicator else { return AlgebraicSum(term) }
    var plain = term
    (plain.exponent, plain.factors) = (nil, [])
    var result = AlgebraicSum(plain)
    if let exponent = term.exponent {
      let argument = try value(of: exponent, where: indicator)
      // A number such as e has no notation.
      result = try product(result, exponential(argument))
    }
    for factor in term.factors {
      let value = try value(of: factor.atom, where: indicator)
      result = factor.isInverse ? try quotient(result, value) : try product(result, value)
    }
    return result
  }

  private func value(
    of atom: Monomial.Atom, where indicator: KnownQuantity
  ) throws -> AlgebraicSum {
    switch atom {
    case .known(let quantity) where quantity.isIndicator:
      return quantity == indicator ? .one : .zero
    case .shared, .known, .mean:
      return AlgebraicSum(Monomial(factors: [.init(atom: atom, isInverse: false)]))
    case .sum(let sum): return try value(of: sum, where: indicator)
    case .power(let base, let exponent):
      return try power(value(of: base, where: indicator), value(of: exponent, where: indicator))
    case .function(let operation, let sum):
      return try function(operation, of: value(of: sum, where: indicator))
    }
  }
}

extension Monomial {
  /// The first indicator that multiplies or divides this.
  fileprivate var indicator: KnownQuantity? {
    for factor in factors {
      if case .known(let quantity) = factor.atom, quantity.isIndicator { return quantity }
    }
    return nil
  }

  /// Whether an indicator multiplies this: it cannot be divided by.
  var holdsIndicatorFactor: Bool { indicator != nil }

  /// An indicator that multiplies this, and the rest.
  fileprivate var splitAtIndicator: (KnownQuantity, Monomial)? {
    guard let indicator else { return nil }
    var rest = self
    rest.factors.removeAll { if case .known(indicator) = $0.atom { true } else { false } }
    return (indicator, rest)
  }

  fileprivate var holdsIndicator: Bool { AlgebraicSum(self).holds(\.isIndicator) }
}

extension Monomial.Atom {
  fileprivate func holds(_ isMeant: (KnownQuantity) -> Bool) -> Bool {
    switch self {
    case .known(let quantity): return isMeant(quantity)
    case .shared, .mean: return false
    case .sum(let sum), .function(_, let sum): return sum.holds(isMeant)
    case .power(let base, let exponent): return base.holds(isMeant) || exponent.holds(isMeant)
    }
  }
}

extension AlgebraicSum {
  fileprivate func holds(_ isMeant: (KnownQuantity) -> Bool) -> Bool {
    terms.contains { term in
      term.exponent?.holds(isMeant) == true || term.factors.contains { $0.atom.holds(isMeant) }
    }
  }
}
