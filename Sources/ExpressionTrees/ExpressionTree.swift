import AtomicData

/// A pair potential U(r|θ) as an expression tree in postfix order.
///
/// Invariant: `nodes` is a complete postfix expression (each operator finds its operands, one value
/// is left), and every parameter number refers into `parameters`, each of which occurs.
public struct ExpressionTree: Sendable, Hashable {
  /// A leaf or an operator.
  public enum Node: Sendable, Hashable {
    /// The distance r, Å.
    case distance
    /// What the data say of the pair.
    case known(KnownQuantity)
    /// A number into `parameters`.
    case parameter(Int)
    /// A whole number, as an exponent or a numerator.
    case literal(Int)
    case operation(Operator)

    public var arity: Int {
      if case .operation(let operation) = self { operation.arity } else { 0 }
    }
  }

  public let nodes: [Node]
  public let parameters: [Parameter]

  /// Parameters that do not occur are left out, the others numbered by first occurrence.
  ///
  /// - Precondition: `nodes` is a complete postfix expression.
  public init(nodes: [Node], parameters: [Parameter]) {
    var numberOfParameter: [Int: Int] = [:]
    var kept: [Parameter] = []
    self.nodes = nodes.map { node in
      guard case .parameter(let old) = node else { return node }
      if let number = numberOfParameter[old] { return .parameter(number) }
      numberOfParameter[old] = kept.count
      kept.append(parameters[old])
      return .parameter(kept.count - 1)
    }
    self.parameters = kept
  }

  /// The known quantities that occur.
  public var known: [KnownQuantity] {
    KnownQuantity.allCases.filter { nodes.contains(.known($0)) }
  }

  /// Whether any known quantity occurs.
  public var usesKnown: Bool { nodes.contains { if case .known = $0 { true } else { false } } }

  /// Number of nodes, leaves included, of the tree as it stands.
  public var nodeCount: Int { nodes.count }

  /// The nodes of the subtree whose root is the node at `end`.
  public func subtree(endingAt end: Int) -> Range<Int> {
    var missing = 1
    var start = end
    while true {
      missing += nodes[start].arity - 1
      if missing == 0 { return start..<(end + 1) }
      start -= 1
    }
  }

  /// A hash that is the same in every process and on every machine.
  public var stableHash: UInt64 {
    var stream = RandomStream(seed: UInt64(nodes.count))
    for node in nodes {
      let code: UInt64 =
        switch node {
        case .distance: 1
        case .known(let quantity): 8 | UInt64(quantity.rawValue) << 8
        case .parameter(let number):
          Self.code(parameters[number].kind) | UInt64(number) << 8
        case .literal(let value): 4 | UInt64(bitPattern: Int64(value)) << 8
        case .operation(let operation): 5 | UInt64(operation.rawValue) << 8
        }
      stream = RandomStream(seed: stream.next(), purpose: code)
    }
    return stream.next()
  }

  private static func code(_ kind: ParameterKind) -> UInt64 {
    switch kind {
    case .global: 2
    case .product: 3
    case .pair: 6
    case .mean: 7
    }
  }
}
