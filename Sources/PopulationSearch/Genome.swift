import AtomicData
import ExpressionTrees

/// An expression under variation: postfix nodes, every parameter leaf with values of its own.
struct Genome: Sendable {
  enum Gene: Sendable {
    case distance
    case known(KnownQuantity)
    case literal(Int)
    /// With its values, in the order of `ParameterLayout`.
    case parameter(ParameterKind, [Double])
    case operation(Operator)

    var arity: Int {
      if case .operation(let operation) = self { operation.arity } else { 0 }
    }
  }

  var genes: [Gene]

  init(_ genes: [Gene]) { self.genes = genes }

  init(tree: ExpressionTree, theta: [Double], typeCount: Int) {
    let layout = tree.layout(typeCount: typeCount)
    genes = tree.nodes.map { node in
      switch node {
      case .distance: return .distance
      case .known(let quantity): return .known(quantity)
      case .literal(let value): return .literal(value)
      case .operation(let operation): return .operation(operation)
      case .parameter(let number):
        return .parameter(
          tree.parameters[number].kind, Array(theta[layout.ranges[number]]))
      }
    }
  }

  /// The expression, with a parameter of its own for each leaf, and θ.
  var expression: (tree: ExpressionTree, theta: [Double]) {
    var parameters: [Parameter] = []
    var theta: [Double] = []
    let nodes = genes.map { gene -> ExpressionTree.Node in
      switch gene {
      case .distance: return .distance
      case .known(let quantity): return .known(quantity)
      case .literal(let value): return .literal(value)
      case .operation(let operation): return .operation(operation)
      case .parameter(let kind, let values):
        let letter = kind == .global ? "p" : "P"
        parameters.append(Parameter(name: "\(letter)\(parameters.count)", kind: kind))
        theta += values
        return .parameter(parameters.count - 1)
      }
    }
    return (ExpressionTree(nodes: nodes, parameters: parameters), theta)
  }

  /// The genes of the subtree whose root is the gene at `end`.
  func subtree(endingAt end: Int) -> Range<Int> {
    var missing = 1
    var start = end
    while true {
      missing += genes[start].arity - 1
      if missing == 0 { return start..<(end + 1) }
      start -= 1
    }
  }

  /// The roots of the operands of the operation at `position`, left first.
  func operands(of position: Int) -> [Int] {
    guard genes[position].arity > 0 else { return [] }
    let last = position - 1
    if genes[position].arity == 1 { return [last] }
    return [subtree(endingAt: last).lowerBound - 1, last]
  }

  /// Where the terms of the outermost sum end.
  var termRoots: [Int] { termRoots(endingAt: genes.count - 1) }

  private func termRoots(endingAt end: Int) -> [Int] {
    switch genes[end] {
    case .operation(.add), .operation(.subtract):
      operands(of: end).flatMap { termRoots(endingAt: $0) }
    default: [end]
    }
  }

  /// The same with a parameter in place of every number that is no exponent (and not 1).
  var withLiteralsAsExponentsOnly: Genome {
    var isExponent = Array(repeating: false, count: genes.count)
    for position in genes.indices {
      if case .operation(.power) = genes[position] { isExponent[position - 1] = true }
    }
    var result = self
    for position in genes.indices where !isExponent[position] {
      if case .literal(let value) = genes[position], value != 1 {
        result.genes[position] = .parameter(.global, [Double(value)])
      }
    }
    return result
  }

  func replacing(_ range: Range<Int>, with replacement: [Gene]) -> Genome {
    var result = self
    result.genes.replaceSubrange(range, with: replacement)
    return result
  }
}
