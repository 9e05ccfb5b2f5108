import AtomicData

/// A canonical form of up to 12 nodes as one number, for lists of millions of forms.
///
/// Five bits a node, the first node highest: numbers rise with the number of nodes. Every parameter
/// leaf is a parameter of its own. The only whole exponent is the 2 of what holds a sum that can have either
/// sign: elsewhere a free exponent holds it.
public struct PackedForm: Sendable, Hashable, Comparable {
  public let bits: UInt64

  public static let maximumNodeCount = 12
  private static let bitsPerNode = 5
  private static let firstKnown: UInt64 = 23

  /// Nil where the form has more nodes, other whole exponents, or a parameter in two places.
  public init?(_ tree: ExpressionTree) {
    let leafCount = tree.nodes.filter { if case .parameter = $0 { true } else { false } }.count
    guard leafCount == tree.parameters.count else { return nil }
    self.init(tree.nodes) { tree.parameters[$0].kind }
  }

  init?(_ nodes: [ExpressionTree.Node], kind: (Int) -> ParameterKind?) {
    guard nodes.count <= Self.maximumNodeCount else { return nil }
    var bits: UInt64 = 0
    for (position, node) in nodes.enumerated() {
      if case .literal(2) = node, !Self.isSigned(nodes, endingAt: position - 1) { return nil }
      guard let code = Self.code(node, kind) else { return nil }
      bits = bits << Self.bitsPerNode | code
    }
    self.bits = bits
  }

  private static func code(
    _ node: ExpressionTree.Node, _ kind: (Int) -> ParameterKind?
  ) -> UInt64? {
    switch node {
    case .distance: return 1
    case .known(let quantity): return Self.firstKnown + UInt64(quantity.rawValue)
    // The numerator of an inverse, and the exponent of a square.
    case .literal(let value): return value == 1 ? 2 : value == 2 ? 22 : nil
    case .parameter(let number): return kind(number).map { 3 + UInt64(place(of: $0)) }
    case .operation(let operation): return 7 + UInt64(operation.rawValue)
    }
  }

  /// Whether a subexpression, by its root, can have either sign beside a sum in it: powers of it with a
  /// free exponent have no value there.
  private static func isSigned(_ nodes: [ExpressionTree.Node], endingAt end: Int) -> Bool {
    guard end >= 1, case .operation(let operation) = nodes[end] else { return false }
    let second = start(of: nodes, endingAt: end - 1)
    switch operation {
    case .add, .subtract:
      return nodes[start(of: nodes, endingAt: end)...end].contains { node in
        switch node {
        case .parameter, .operation(.subtract), .operation(.negate): true
        case .known(let quantity): !quantity.isIndicator
        default: false
        }
      }
    case .multiply, .divide:
      return isSigned(nodes, endingAt: end - 1) || isSigned(nodes, endingAt: second - 1)
    case .tanh, .erf: return isSigned(nodes, endingAt: end - 1)
    case .log: return true
    default: return false
    }
  }

  /// The first node of a subexpression.
  private static func start(of nodes: [ExpressionTree.Node], endingAt end: Int) -> Int {
    var missing = 1
    var start = end
    while start >= 0 {
      missing += nodes[start].arity - 1
      if missing == 0 { break }
      start -= 1
    }
    return max(0, start)
  }

  private static func place(of kind: ParameterKind) -> Int {
    switch kind {
    case .global: 0
    case .product: 1
    case .pair: 2
    case .mean: 3
    }
  }

  public var nodeCount: Int {
    (UInt64.bitWidth - bits.leadingZeroBitCount + Self.bitsPerNode - 1) / Self.bitsPerNode
  }

  /// The nodes in postfix order, parameters by their kinds.
  var leavesAndOperators: [Element] {
    var elements: [Element] = []
    var rest = bits
    while rest != 0 {
      let code = Int(rest & 31)
      rest >>= UInt64(Self.bitsPerNode)
      switch code {
      case 1: elements.append(.distance)
      case 2: elements.append(.literal(1))
      case 22: elements.append(.literal(2))
      case 23...26:
        if let quantity = KnownQuantity(rawValue: UInt8(code) - UInt8(Self.firstKnown)) {
          elements.append(.known(quantity))
        }
      case 3...6:
        let kinds: [ParameterKind] = [.global, .product, .pair, .mean]
        elements.append(.parameter(kinds[code - 3]))
      default:
        if let operation = Operator(rawValue: UInt8(code - 7)) {
          elements.append(.operation(operation))
        }
      }
    }
    return elements.reversed()
  }

  enum Element {
    case distance
    case known(KnownQuantity)
    case literal(Int)
    case parameter(ParameterKind)
    case operation(Operator)
  }

  public var tree: ExpressionTree {
    var names = ParameterNames()
    var parameters: [Parameter] = []
    let nodes = leavesAndOperators.map { element -> ExpressionTree.Node in
      switch element {
      case .distance: return .distance
      case .known(let quantity): return .known(quantity)
      case .literal(let value): return .literal(value)
      case .operation(let operation): return .operation(operation)
      case .parameter(let kind):
        parameters.append(Parameter(name: names.next(kind), kind: kind))
        return .parameter(parameters.count - 1)
      }
    }
    return ExpressionTree(nodes: nodes, parameters: parameters)
  }

  public static func < (a: PackedForm, b: PackedForm) -> Bool { a.bits < b.bits }
}
