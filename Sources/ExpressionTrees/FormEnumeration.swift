/// All canonical forms of a grammar, smallest first.
///
/// Sub-expressions are built from smaller ones by the rules of `CanonicalForm`, each kept once: a form of
/// n nodes needs only the sub-expressions of fewer. The forms of size n are then those of the
/// sub-expressions of that size, less what does not depend on r and with U up to a constant.
///
/// Whole exponents are left out where a free exponent is at hand: the form with the free exponent has as
/// many nodes and contains the other.
public struct FormEnumeration: Sendable {
  /// Leaves and operators of the forms.
  public let operators: [Operator]
  public let kinds: [ParameterKind]

  private let notation: CanonicalForm.Notation
  private let rules: AlgebraicRules
  /// Sub-expressions by nodes, from 1.
  private var levels: [[AlgebraicSum]] = [[]]
  private var seen: Set<[Int8]> = []
  private var found: Set<[Int8]> = []
  /// Combinations of sub-expressions tried so far.
  public private(set) var attempts = 0

  public init(operators: [Operator], kinds: [ParameterKind]) {
    self.operators = operators
    self.kinds = kinds
    notation = CanonicalForm.Notation(operators: operators)
    rules = AlgebraicRules(resolvesSigns: true, pairs: [], sharedValues: [])
  }

  /// Nodes of the forms returned last.
  public var size: Int { levels.count - 1 }

  /// The forms with one more node than the last.
  public mutating func next() -> [ExpressionTree] {
    let size = levels.count
    levels.append([])
    if size == 1 { addLeaves() } else { combine(to: size) }
    return levels[size].compactMap { form(of: $0, size: size) }
  }

  private mutating func addLeaves() {
    add(AlgebraicSum(Monomial(distancePower: 1)), size: 1)
    for kind in kinds {
      switch kind {
      case .global: add(AlgebraicSum(Monomial(global: 0.7)), size: 1)
      case .product: add(AlgebraicSum(Monomial(product: [1.3])), size: 1)
      case .pair: add(AlgebraicSum(Monomial(pair: [1.7])), size: 1)
      case .mean:
        add(
          AlgebraicSum(Monomial(factors: [.init(atom: .mean([0.9]), isInverse: false)])), size: 1)
      }
    }
  }

  private mutating func combine(to size: Int) {
    for operation in operators + (operators.contains(.negate) ? [] : [.negate]) {
      if operation.arity == 1 {
        for operand in levels[size - 1] {
          add(try? unary(operation, operand), size: size)
        }
        continue
      }
      let commutes = operation == .add || operation == .multiply
      for left in 1..<max(1, size - 1) where !commutes || 2 * left <= size - 1 {
        for a in levels[left] {
          for b in levels[size - 1 - left] { add(try? binary(operation, a, b), size: size) }
        }
      }
    }
  }

  private func unary(_ operation: Operator, _ a: AlgebraicSum) throws -> AlgebraicSum {
    switch operation {
    case .exp: try rules.exponential(a)
    case .negate: try rules.collected(a.negated.terms)
    case .inverse: try rules.inverse(a)
    case .square: try rules.power(a, AlgebraicSum(Monomial(integer: 2)))
    default: try rules.function(operation, of: a)
    }
  }

  private func binary(
    _ operation: Operator, _ a: AlgebraicSum, _ b: AlgebraicSum
  ) throws -> AlgebraicSum {
    switch operation {
    case .add: try rules.sum(a, b)
    case .subtract: try rules.sum(a, b.negated)
    case .multiply: try rules.product(a, b)
    case .divide: try rules.quotient(a, b)
    default: try rules.power(a, b)
    }
  }

  /// Keeps a sub-expression of this size that is new.
  private mutating func add(_ sum: AlgebraicSum?, size: Int) {
    attempts += 1
    guard let sum, let tokens = tokens(sum, size: size), seen.insert(tokens).inserted else { return }
    levels[size].append(sum)
  }

  /// What tells a form apart; nil for another size, and for whole exponents.
  private func tokens(_ sum: AlgebraicSum, size: Int) -> [Int8]? {
    var emission = Emission(notation: notation)
    guard (try? emission.append(sum)) != nil, emission.nodes.count == size else { return nil }
    return Self.compact(emission)
  }

  private static func compact(_ emission: Emission) -> [Int8]? {
    let tokens = emission.tokens
    guard tokens.allSatisfy({ $0 < 1_000 || $0 == 1_001 }) else { return nil }
    return tokens.map { $0 == 1_001 ? 127 : Int8($0) }
  }

  /// The form of U; nil where it does not depend on r, is smaller, or came before.
  private mutating func form(of sum: AlgebraicSum, size: Int) -> ExpressionTree? {
    guard let tree = try? tree(of: sum), let form = CanonicalForm(of: tree, resolvesSigns: true, notation: notation),
      form.tree.nodeCount <= size
    else { return nil }
    let key = form.tree.nodes.map { node -> Int8 in
      switch node {
      case .distance: 0
      case .literal: 127
      case .operation(let operation): 100 + Int8(operation.rawValue)
      case .parameter(let number):
        switch form.tree.parameters[number].kind {
        case .global: 1
        case .product: 2
        case .pair: 3
        case .mean: 4
        }
      }
    }
    return found.insert(key).inserted ? form.tree : nil
  }

  private func tree(of sum: AlgebraicSum) throws -> ExpressionTree {
    var emission = Emission(notation: notation)
    try emission.append(sum)
    let empty = ExpressionTree(nodes: [], parameters: [])
    return emission.finished(original: empty, theta: [], layout: empty.layout(typeCount: 1)).0
  }
}
