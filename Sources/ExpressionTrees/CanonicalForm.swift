import AtomicData

/// The canonical form of an expression: one tree for all ways to write one family of forces.
///
/// U counts up to an additive constant. Operands of + and × are flattened and sorted, and every sign,
/// scale or shift that a free parameter can take up is taken up: `a*b` → `a`, `a*X` with a > 0 → `X`,
/// `exp(a + b*r)` → `c*exp(b*r)`, `a^r` → `exp(b*r)`, `r/a` → `a*r`. A sign that a product parameter
/// meets stays, since X^AA ≥ 0. A pair parameter takes up all that does not depend on r. The family of
/// the canonical form contains the one it came from, and is larger at most by closure and by constants
/// that were bound to one sign or to a range, such as exp(a) and tanh(a).
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
  ///   - notation: how to write inverses and squares; nil: as the tree does.
  /// - Returns: nil where the expression does not depend on r, divides by zero, needs numbers
  ///   other than exponents up to 64, such as `r + r`, nests more deeply than can be read back, is zero for every
  ///   pair or without a value where an indicator is 0, or holds a known quantity
  ///   beside a pair or mean parameter, whose values would have to take it up.
  public init?(
    of tree: ExpressionTree, theta: [Double]? = nil, typeCount: Int = 1,
    resolvesSigns: Bool = false, notation: Notation? = nil
  ) {
    guard tree.hasConsistentLeaves else { return nil }
    let notation = notation ?? Notation(of: tree)
    let pairs = (0..<typeCount).flatMap { first in
      (first..<typeCount).map { PairType(first: first, second: $0) }
    }
    var tree = tree
    var theta =
      theta ?? Array(repeating: 1, count: tree.layout(typeCount: typeCount).count)
    // A parameter that loses all but one of its places becomes free, hence again until nothing moves.
    for _ in 0..<Self.maximumPasses {
      let layout = tree.layout(typeCount: typeCount)
      let holdsPair = tree.parameters.contains { $0.kind == .pair }
      let shared = tree.parameters.indices.map { number in
        holdsPair ? pairs.map { layout.value(of: number, for: $0, theta) } : []
      }
      let rules = AlgebraicRules(
        resolvesSigns: resolvesSigns, pairs: pairs, sharedValues: shared)
      guard let (next, values) = try? Self.rewritten(tree, theta, layout, rules, notation) else {
        return nil
      }
      let isSettled = next.nodes == tree.nodes
      (tree, theta) = (next, values)
      if isSettled { break }
    }
    guard tree.hasNotation else { return nil }
    self.tree = tree
    self.theta = theta
  }

  private static let maximumPasses = 8

  private static func rewritten(
    _ tree: ExpressionTree, _ theta: [Double], _ layout: ParameterLayout, _ rules: AlgebraicRules,
    _ notation: Notation
  ) throws -> (ExpressionTree, [Double]) {
    var occurrences = Array(repeating: 0, count: tree.parameters.count)
    for case .parameter(let number) in tree.nodes { occurrences[number] += 1 }
    var stack: [AlgebraicSum] = []
    for node in tree.nodes {
      switch node {
      case .distance: stack.append(AlgebraicSum(Monomial(distancePower: 1)))
      case .literal(let value): stack.append(AlgebraicSum(Monomial(integer: value)))
      case .known(let quantity): stack.append(.known(quantity))
      case .parameter(let number):
        let values = Array(theta[layout.ranges[number]])
        let isFree = occurrences[number] == 1
        let atom = isFree ? Monomial.Atom.mean(values) : .shared(number)
        switch tree.parameters[number].kind {
        case .global where isFree: stack.append(AlgebraicSum(Monomial(global: values[0])))
        case .product where isFree: stack.append(AlgebraicSum(Monomial(product: values)))
        case .pair where isFree: stack.append(AlgebraicSum(Monomial(pair: values)))
        default:
          stack.append(AlgebraicSum(Monomial(factors: [.init(atom: atom, isInverse: false)])))
        }
      case .operation(let operation):
        let right = stack.removeLast()
        stack.append(
          operation.arity == 1
            ? try rules.result(operation, right)
            : try rules.result(operation, stack.removeLast(), right))
      }
    }
    let varying = stack[0].terms.filter(\.dependsOnDistance).map(\.withoutAdditiveConstant)
    let sum = try varying.reduce(AlgebraicSum.zero) { try rules.sum($0, rules.normalized($1)) }
    guard !sum.terms.isEmpty else { throw NotRepresentable() }
    var emission = Emission(notation: notation)
    try emission.append(sum)
    return emission.finished(original: tree, theta: theta, layout: layout)
  }
}

extension CanonicalForm {
  /// How inverses and squares are written.
  public struct Notation: Sendable, Hashable {
    /// 1/u as inverse(u).
    let usesInverse: Bool
    /// u^2 as square(u).
    let usesSquare: Bool
    /// v/u, rather than v*inverse(u).
    let usesDivision: Bool

    /// - Parameter operators: those of a grammar.
    public init(operators: [Operator]) {
      usesInverse = operators.contains(.inverse)
      usesSquare = operators.contains(.square)
      usesDivision = operators.contains(.divide) || !usesInverse
    }

    /// 1/u and u^2.
    static let plain = Notation(operators: [.divide])

    /// As a tree is written.
    init(of tree: ExpressionTree) {
      self.init(
        operators: tree.nodes.compactMap { node in
          if case .operation(let operation) = node { operation } else { nil }
        })
    }
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
  /// Whether no pair or mean parameter meets a known quantity: their values are those of pairs of types,
  /// and that has others.
  public var hasConsistentLeaves: Bool {
    !usesKnown || parameters.allSatisfy { $0.kind == .global || $0.kind == .product }
  }

  /// Number of nodes of the canonical form, leaves included; of the tree itself where it has none.
  public var complexity: Int { CanonicalForm(of: self)?.tree.nodeCount ?? nodeCount }
}
