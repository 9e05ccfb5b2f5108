/// The canonical form of an expression: one tree for all ways to write one family of forces.
///
/// U counts up to an additive constant. Operands of + and × are flattened and sorted, and every sign,
/// scale or shift that a free parameter can take up is taken up: `a*b` → `a`, `a*X` with a > 0 → `X`,
/// `exp(a + b*r)` → `c*exp(b*r)`, `a^r` → `exp(b*r)`, `r/a` → `a*r`. A sign that a product parameter
/// meets stays, since X^AA ≥ 0. The family of the canonical form contains the one it came from, and
/// is larger at most by closure and by constants that were bound to one sign, such as exp(a).
///
/// Two expressions with one family may still have two canonical forms (`X/r + Y/r^2` and
/// `(X + Y/r)/r`): sums are not multiplied out.
public struct CanonicalForm: Sendable {
  public let tree: ExpressionTree
  /// θ of `tree` with the same forces as the original θ; not a number where that has no value.
  public let theta: [Double]

  /// - Parameters:
  ///   - tree: any expression.
  ///   - theta: its parameter values; nil where they do not matter.
  ///   - typeCount: number of atom types, at least 1.
  ///   - resolvesSigns: whether `a*X` becomes `X` or `−X` by the sign of the value of a.
  /// - Returns: nil where the expression does not depend on r, divides by zero, or needs numbers
  ///   other than exponents up to 64, such as `r + r`.
  public init?(
    of tree: ExpressionTree, theta: [Double]? = nil, typeCount: Int = 1,
    resolvesSigns: Bool = false
  ) {
    let rules = AlgebraicRules(resolvesSigns: resolvesSigns)
    var tree = tree
    var theta =
      theta ?? Array(repeating: 1, count: tree.layout(typeCount: typeCount).count)
    // A parameter that loses all but one of its places becomes free, hence again until nothing moves.
    for _ in 0..<Self.maximumPasses {
      guard let (next, values) = try? Self.rewritten(tree, theta, typeCount, rules) else {
        return nil
      }
      let isSettled = next.nodes == tree.nodes
      (tree, theta) = (next, values)
      if isSettled { break }
    }
    self.tree = tree
    self.theta = theta
  }

  private static let maximumPasses = 8

  private static func rewritten(
    _ tree: ExpressionTree, _ theta: [Double], _ typeCount: Int, _ rules: AlgebraicRules
  ) throws -> (ExpressionTree, [Double]) {
    var occurrences = Array(repeating: 0, count: tree.parameters.count)
    for case .parameter(let number) in tree.nodes { occurrences[number] += 1 }
    let layout = tree.layout(typeCount: typeCount)
    var stack: [AlgebraicSum] = []
    for node in tree.nodes {
      switch node {
      case .distance: stack.append(AlgebraicSum(Monomial(distancePower: 1)))
      case .literal(let value): stack.append(AlgebraicSum(Monomial(integer: value)))
      case .parameter(let number):
        let values = Array(theta[layout.ranges[number]])
        switch tree.parameters[number].kind {
        case .global where occurrences[number] == 1:
          stack.append(AlgebraicSum(Monomial(global: values[0])))
        case .product where occurrences[number] == 1:
          stack.append(AlgebraicSum(Monomial(product: values)))
        default:
          stack.append(
            AlgebraicSum(Monomial(factors: [.init(atom: .shared(number), isInverse: false)])))
        }
      case .operation(let operation):
        let right = stack.removeLast()
        switch operation {
        case .exp: stack.append(try rules.exponential(right))
        case .negate: stack.append(try rules.collected(right.negated.terms))
        case .add: stack.append(try rules.sum(stack.removeLast(), right))
        case .subtract: stack.append(try rules.sum(stack.removeLast(), right.negated))
        case .multiply: stack.append(try rules.product(stack.removeLast(), right))
        case .divide: stack.append(try rules.quotient(stack.removeLast(), right))
        case .power: stack.append(try rules.power(stack.removeLast(), right))
        }
      }
    }
    let varying = stack[0].terms.filter(\.dependsOnDistance).map(\.withoutAdditiveConstant)
    let sum = try varying.reduce(AlgebraicSum.zero) { try rules.sum($0, rules.normalized($1)) }
    guard !sum.terms.isEmpty else { throw NotRepresentable() }
    var emission = Emission()
    try emission.append(sum)
    return emission.finished(original: tree, theta: theta, layout: layout)
  }
}

extension Monomial {
  /// Without what only adds a constant: `X*(Y - r)` → `X*(-r)`.
  fileprivate var withoutAdditiveConstant: Monomial {
    let varying = factors.indices.filter { factors[$0].atom.dependsOnDistance }
    var rest = self
    rest.factors = []
    guard !rest.dependsOnDistance, varying.count == 1, !factors[varying[0]].isInverse,
      case .sum(let sum) = factors[varying[0]].atom
    else { return self }
    var result = self
    result.factors[varying[0]].atom = .sum(
      AlgebraicSum(terms: sum.terms.filter(\.dependsOnDistance)))
    return result
  }
}

extension ExpressionTree {
  /// Number of nodes of the canonical form, leaves included; of the tree itself where it has none.
  public var complexity: Int { CanonicalForm(of: self)?.tree.nodeCount ?? nodeCount }
}
