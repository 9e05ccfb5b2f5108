#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Scales that could stand in two places.
extension AlgebraicRules {
  /// The coefficient and a sum in parentheses share one scale.
  ///
  /// `a*(b + c*r)` → `b + c*r`; `a/(b + c*r)` → `a/(b + r)`; the same with product parameters,
  /// whose sign is not free.
  func absorbIntoSums(_ term: inout Monomial) {
    for k in term.factors.indices {
      guard let (original, power) = term.factors[k].sumAndPower else { continue }
      var sum = original
      let allGlobal = sum.terms.allSatisfy { $0.global != nil && $0.product == nil }
      let allProduct = sum.terms.allSatisfy { $0.product != nil }
      let allPair = sum.terms.allSatisfy { $0.pair != nil }
      let allScale = sum.terms.allSatisfy(\.hasFreeSign)
      if allGlobal, let global = term.global, power == 1, term.product == nil {
        for t in sum.terms.indices { sum.terms[t].global = (sum.terms[t].global ?? 1) * global }
        term.global = nil
      } else if allScale, !allGlobal, let global = term.global, power == 1 {
        for t in sum.terms.indices where !sum.terms[t].scaleFreely(by: global) {
          sum.terms[t].global = (sum.terms[t].global ?? 1) * global
        }
        term.global = nil
      } else if allPair, let pair = term.pair, power == 1 {
        for t in sum.terms.indices { sum.terms[t].multiplyPair(pair) }
        term.pair = nil
      } else if allPair, term.pair != nil,
        let chosen = sum.terms.firstIndex(where: { $0.dependsOnDistance }),
        let scale = sum.terms[chosen].pair
      {
        for t in sum.terms.indices { sum.terms[t].multiplyPair(scale.map { 1 / $0 }) }
        sum.terms[chosen].pair = nil
        term.multiplyPair(scale.map { pow($0, Double(power)) })
      } else if allGlobal,
        term.global != nil || term.pair != nil || (resolvesSigns && term.product != nil),
        let chosen = sum.terms.firstIndex(where: { !$0.isWholeNumberTimesGlobal }),
        let scale = sum.terms[chosen].global
      {
        for t in sum.terms.indices { sum.terms[t].global = (sum.terms[t].global ?? 1) / scale }
        sum.terms[chosen].global = nil
        if !term.scaleFreely(by: pow(scale, Double(power))) {
          term.global = (term.global ?? 1) * pow(scale, Double(power))
        }
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
}

extension Monomial {
  fileprivate var isWholeNumberTimesGlobal: Bool { withoutCoefficients.isWholeNumber }

  fileprivate mutating func multiplyPair(_ values: [Double]) {
    pair = zip(pair ?? values.map { _ in 1 }, values).map(*)
  }
}
