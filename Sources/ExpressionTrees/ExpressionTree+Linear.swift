extension ExpressionTree {
  /// The coefficients of the terms of U: parameters in which U is linear while the coefficients of
  /// the other terms are held.
  ///
  /// At most one per term, a pair parameter before a product parameter before a global one, and only
  /// such as occur once. Mean parameters are left to the fit of the shapes.
  public var termCoefficients: [Int] {
    var occurrences = Array(repeating: 0, count: parameters.count)
    for case .parameter(let number) in nodes { occurrences[number] += 1 }
    return termRoots(endingAt: nodes.count - 1).compactMap { root in
      let factors = factors(ofTermEndingAt: root).filter { occurrences[$0] == 1 }
      return [.pair, .product, .global].lazy.compactMap { kind in
        factors.first { parameters[$0].kind == kind }
      }.first
    }
  }

  /// Whether U is a sum of terms with a coefficient each, as most known potentials are.
  public var isSumOfTerms: Bool {
    termCoefficients.count == termRoots(endingAt: nodes.count - 1).count
  }

  /// The roots of the terms of the sum that ends at a node.
  func termRoots(endingAt end: Int) -> [Int] {
    switch nodes[end] {
    case .operation(.add), .operation(.subtract):
      let left = subtree(endingAt: end - 1).lowerBound - 1
      return termRoots(endingAt: left) + termRoots(endingAt: end - 1)
    case .operation(.negate): return termRoots(endingAt: end - 1)
    default: return [end]
    }
  }

  /// The parameters that multiply the whole term.
  private func factors(ofTermEndingAt end: Int) -> [Int] {
    switch nodes[end] {
    case .parameter(let number): return [number]
    case .operation(.negate): return factors(ofTermEndingAt: end - 1)
    case .operation(.multiply):
      let left = subtree(endingAt: end - 1).lowerBound - 1
      return factors(ofTermEndingAt: left) + factors(ofTermEndingAt: end - 1)
    case .operation(.divide):
      return factors(ofTermEndingAt: subtree(endingAt: end - 1).lowerBound - 1)
    default: return []
    }
  }

  /// The parameters that are bases of powers, or factors or divisors of such a base: U is a number
  /// where they are positive, and seldom elsewhere.
  public var baseParameters: Set<Int> {
    var found: Set<Int> = []
    for (end, node) in nodes.enumerated() where node == .operation(.power) {
      if case .literal = nodes[end - 1] { continue }
      addBaseParameters(endingAt: subtree(endingAt: end - 1).lowerBound - 1, to: &found)
    }
    return found
  }

  private func addBaseParameters(endingAt end: Int, to found: inout Set<Int>) {
    switch nodes[end] {
    case .parameter(let number): found.insert(number)
    case .operation(.multiply), .operation(.divide):
      addBaseParameters(endingAt: end - 1, to: &found)
      addBaseParameters(endingAt: subtree(endingAt: end - 1).lowerBound - 1, to: &found)
    default: break
    }
  }
}
