import AtomicData

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What pair and mean parameters take up.
extension AlgebraicRules {
  // MARK: Values

  /// The value of what does not depend on r for every pair of types.
  func pairValues(_ sum: AlgebraicSum) -> [Double] {
    sum.terms.map(pairValues).reduce(constant(0)) { zip($0, $1).map(+) }
  }

  private func constant(_ value: Double) -> [Double] {
    Array(repeating: value, count: pairs.count)
  }

  private func pairValues(_ term: Monomial) -> [Double] {
    var values = coefficientValues(term)
    if let exponent = term.exponent {
      values = zip(values, pairValues(exponent)).map { $0 * exp($1) }
    }
    for factor in term.factors {
      values = zip(values, pairValues(factor.atom)).map { factor.isInverse ? $0 / $1 : $0 * $1 }
    }
    return values
  }

  /// integer · global · product · pair.
  private func coefficientValues(_ term: Monomial) -> [Double] {
    let scale = Double(term.integer) * (term.global ?? 1)
    return pairs.indices.map { k in
      let product = term.product.map { $0[pairs[k].first] * $0[pairs[k].second] } ?? 1
      return scale * product * (term.pair?[k] ?? 1)
    }
  }

  private func pairValues(_ atom: Monomial.Atom) -> [Double] {
    switch atom {
    case .shared(let number): return sharedValues[number]
    // No form holds both (`CanonicalForm`).
    case .known: return constant(.nan)
    case .sum(let sum): return pairValues(sum)
    case .power(let base, let exponent):
      return zip(pairValues(base), pairValues(exponent)).map { numericPower($0, $1) }
    case .mean(let values): return pairs.map { (values[$0.first] + values[$0.second]) / 2 }
    case .function(let operation, let sum):
      return pairValues(sum).map { valueAndSlope(of: operation, at: $0).value }
    }
  }

  // MARK: Pair parameters

  /// What does not depend on r and holds a free pair parameter is a free pair parameter, with all that
  /// multiplies it.
  func absorbIntoPair(_ term: inout Monomial) {
    guard term.holdsPair else { return }
    let fixed = term.factors.filter { !$0.atom.dependsOnDistance }
    let exponents = term.exponent?.terms.filter { !$0.dependsOnDistance } ?? []
    guard
      term.pair != nil || fixed.contains(where: \.atom.holdsPair)
        || exponents.contains(where: \.holdsPair)
    else { return }
    var taken = Monomial(
      integer: term.integer, global: term.global, product: term.product, pair: term.pair)
    taken.factors = fixed
    taken.exponent = exponents.isEmpty ? nil : AlgebraicSum(terms: exponents)
    let varying = term.exponent?.terms.filter(\.dependsOnDistance) ?? []
    (term.integer, term.global, term.product) = (1, nil, nil)
    term.pair = pairValues(taken)
    term.factors.removeAll { !$0.atom.dependsOnDistance }
    term.exponent = varying.isEmpty ? nil : AlgebraicSum(terms: varying)
  }

  /// Terms that a free pair parameter takes up: those without r where one of them holds it, and those
  /// that differ from it in their coefficients alone.
  func mergedIntoPairs(_ terms: [Monomial]) throws -> [Monomial] {
    guard terms.contains(where: \.holdsPair) else { return terms }
    var rest = terms.filter(\.dependsOnDistance)
    let fixed = terms.filter { !$0.dependsOnDistance }
    let likeTerms = try Dictionary(
      grouping: rest.indices.filter { k in
        rest[k].withoutCoefficients.freeCount == 0
      }
    ) { try SortKey(rest[$0].withoutCoefficients).tokens }
    var isMerged = Array(repeating: false, count: rest.count)
    for group in likeTerms.values where group.contains(where: { rest[$0].pair != nil }) {
      let values = group.map { coefficientValues(rest[$0]) }
      rest[group[0]] = rest[group[0]].withoutCoefficients
      rest[group[0]].pair = values.reduce(constant(0)) { zip($0, $1).map(+) }
      for k in group.dropFirst() { isMerged[k] = true }
    }
    rest = rest.indices.filter { !isMerged[$0] }.map { rest[$0] }
    guard fixed.contains(where: \.holdsPair) else { return fixed + rest }
    return [Monomial(pair: pairValues(AlgebraicSum(terms: fixed)))] + rest
  }

  // MARK: Mean parameters

  /// c·S → S and c/S → 1/S for a free mean parameter S.
  func absorbIntoMean(_ term: inout Monomial) {
    let scale = (term.global ?? 1) * Double(term.integer)
    guard term.hasFreeMean, term.global != nil || term.integer != 1 else { return }
    (term.global, term.integer) = (nil, 1)
    _ = term.scaleFreely(by: scale)
  }

  /// Free mean parameters that stand alone in a sum take up each other and constants.
  func mergedIntoMeans(_ terms: [Monomial]) -> [Monomial] {
    guard terms.contains(where: \.hasFreeMean) else { return terms }
    let bare = terms.compactMap(\.bareMean)
    guard let first = bare.first else { return terms }
    let constant = terms.compactMap(\.constant).reduce(0, +)
    let values = bare.dropFirst().reduce(first) { zip($0, $1).map(+) }.map { $0 + constant }
    let rest = terms.filter { $0.bareMean == nil && $0.constant == nil }
    return [Monomial(factors: [.init(atom: .mean(values), isInverse: false)])] + rest
  }
}

extension AlgebraicSum {
  var holdsPair: Bool { terms.contains(where: \.holdsPair) }
}

extension Monomial {
  /// Whether a free pair parameter occurs.
  var holdsPair: Bool {
    pair != nil || exponent?.holdsPair == true || factors.contains(where: \.atom.holdsPair)
  }

  /// The values of the pair parameter this is, if it is nothing else.
  var barePair: [Double]? {
    var rest = self
    rest.pair = nil
    return rest.isWholeNumber && integer == 1 ? pair : nil
  }

  fileprivate var freeMean: Int? {
    factors.firstIndex { if case .mean = $0.atom { true } else { false } }
  }

  /// Whether a free mean parameter multiplies or divides this.
  var hasFreeMean: Bool { freeMean != nil }

  /// The values of the mean parameter this is, if it is nothing but that and a whole number.
  fileprivate var bareMean: [Double]? {
    guard factors.count == 1, !factors[0].isInverse, case .mean(let values) = factors[0].atom
    else { return nil }
    var rest = self
    rest.factors = []
    return rest.isWholeNumber ? values.map { $0 * Double(integer) } : nil
  }

  /// Whether the sign is free.
  var hasFreeSign: Bool { global != nil || pair != nil || hasFreeMean }

  /// Multiplies a free pair or mean parameter by a number; false where there is none.
  mutating func scaleFreely(by scale: Double) -> Bool {
    if let values = pair {
      pair = values.map { $0 * scale }
      return true
    }
    guard let place = freeMean, case .mean(let values) = factors[place].atom else { return false }
    factors[place].atom = .mean(
      values.map { factors[place].isInverse ? $0 / scale : $0 * scale })
    return true
  }
}

extension Monomial.Atom {
  fileprivate var holdsPair: Bool {
    switch self {
    case .shared, .known, .mean: false
    case .sum(let sum), .function(_, let sum): sum.holdsPair
    case .power(let base, let exponent): base.holdsPair || exponent.holdsPair
    }
  }
}
