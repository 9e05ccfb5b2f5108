#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Square root, logarithm and the functions of one sign or two.
extension AlgebraicRules {
  func function(_ operation: Operator, of argument: AlgebraicSum) throws -> AlgebraicSum {
    if argument.terms.isEmpty { return try value(of: operation, at: 0) }
    if let whole = argument.wholeNumber { return try value(of: operation, at: whole) }
    if let value = try functionOfIndicator(operation, argument) { return value }
    if let term = argument.single, operation == .sqrt || operation == .log,
      let simple = try outOfRoot(operation, term)
    {
      return simple
    }
    return try normalized(
      Monomial(factors: [.init(atom: .function(operation, argument), isInverse: false)]))
  }

  /// The value at a whole number, where it has a notation.
  private func value(of operation: Operator, at whole: Int) throws -> AlgebraicSum {
    let value = valueAndSlope(of: operation, at: Double(whole)).value
    guard let number = Int(exactly: value), abs(number) <= Self.integerBound else {
      throw NotRepresentable()
    }
    return number == 0 ? .zero : AlgebraicSum(Monomial(integer: number))
  }

  /// sqrt(c·u) = sqrt(c)·sqrt(u) and log(c·u) = log(c) + log(u) for a free coefficient c and what is
  /// positive: powers of r, and exponentials, whose logarithm is their argument. What is left is a
  /// power of r for its part.
  private func outOfRoot(_ operation: Operator, _ term: Monomial) throws -> AlgebraicSum? {
    var rest = term.withoutCoefficients
    if operation == .log, let argument = rest.exponent {
      var other = term
      other.exponent = nil
      return try sum(argument, function(.log, of: AlgebraicSum(other)))
    }
    guard term.product == nil, rest.factors.isEmpty, rest.exponent == nil, term.integer == 1 else {
      return nil
    }
    var coefficient = Monomial()
    let value = { valueAndSlope(of: operation, at: $0).value }
    coefficient.global = term.global.map(value)
    coefficient.pair = term.pair.map { $0.map(value) }
    let hasCoefficient = !coefficient.isWholeNumber
    let power = abs(rest.distancePower)
    let ofDistance = AlgebraicSum(Monomial(distancePower: power))
    if operation == .log {
      // log(r^a) = a·log(r)
      var logarithm = ofDistance
      if let power = rest.freePower {
        let atom = Monomial.Atom.function(.log, AlgebraicSum(Monomial(distancePower: 1)))
        logarithm = try normalized(
          Monomial(global: power, factors: [.init(atom: atom, isInverse: false)]))
      } else {
        guard power > 0, hasCoefficient || rest.distancePower < 0 else { return nil }
        logarithm = try function(.log, of: ofDistance)
        if rest.distancePower < 0 { logarithm = logarithm.negated }
      }
      return hasCoefficient ? try sum(AlgebraicSum(coefficient), logarithm) : logarithm
    }
    if let power = rest.freePower {
      rest.freePower = power / 2
    } else if rest.distancePower % 2 == 0 {
      rest.distancePower /= 2
    } else {
      guard hasCoefficient || rest.distancePower < 0 else { return nil }
      let root = try function(.sqrt, of: ofDistance)
      return try product(
        AlgebraicSum(coefficient), rest.distancePower < 0 ? inverse(root) : root)
    }
    return try product(AlgebraicSum(coefficient), normalized(rest))
  }
}

extension Operator {
  /// f(−u) = −f(u).
  var isOdd: Bool { self == .tanh || self == .erf }
}

extension Monomial {
  /// −f(u) = f(−u) where f is odd and the signs of all terms of u are free; false where there is none.
  mutating func negateOddFunction() -> Bool {
    for k in factors.indices {
      guard case .function(let operation, let argument) = factors[k].atom, operation.isOdd,
        argument.terms.allSatisfy(\.hasFreeSign)
      else { continue }
      factors[k].atom = .function(operation, argument.negated)
      return true
    }
    return false
  }
}
