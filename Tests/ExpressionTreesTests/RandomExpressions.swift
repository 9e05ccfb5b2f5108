import AtomicData

@testable import ExpressionTrees

/// Random expressions for property tests; a failing test prints the expression and its seed.
struct RandomExpressions {
  var random: RandomStream
  let operators: [Operator]
  let kinds: [ParameterKind]
  let known: [KnownQuantity]

  /// - Parameter known: leaves beside the kinds they go with.
  init(
    seed: UInt64, operators: [Operator] = Operator.allCases, known: [KnownQuantity] = []
  ) {
    random = RandomStream(seed: seed)
    self.operators = operators
    self.known = known
    kinds = !known.isEmpty ? [.global, .product] : ParameterKind.allCases
  }

  mutating func tree(nodeCount: Int) -> ExpressionTree {
    var nodes: [ExpressionTree.Node] = []
    var parameters: [Parameter] = []
    grow(nodeCount, &nodes, &parameters)
    return ExpressionTree(nodes: nodes, parameters: parameters)
  }

  private mutating func grow(
    _ size: Int, _ nodes: inout [ExpressionTree.Node], _ parameters: inout [Parameter]
  ) {
    if size <= 1 { return nodes.append(leaf(&parameters)) }
    let candidates = operators.filter { $0.arity < size }
    let operation = candidates[random.nextInt(below: candidates.count)]
    if operation.arity == 1 {
      grow(size - 1, &nodes, &parameters)
    } else if operation == .divide, random.nextUnit() < 0.1 {
      nodes.append(.literal(1))
      grow(size - 2, &nodes, &parameters)
    } else if operation == .power, random.nextUnit() < 0.6 {
      grow(size - 2, &nodes, &parameters)
      nodes.append(.literal(2 + random.nextInt(below: 5)))
    } else {
      let left = 1 + random.nextInt(below: size - 2)
      grow(left, &nodes, &parameters)
      grow(size - 1 - left, &nodes, &parameters)
    }
    nodes.append(.operation(operation))
  }

  private mutating func leaf(_ parameters: inout [Parameter]) -> ExpressionTree.Node {
    let draw = random.nextUnit()
    if draw < 0.45 { return .distance }
    if !known.isEmpty, draw > 0.8 {
      return .known(known[known.count > 1 ? random.nextInt(below: known.count) : 0])
    }
    if draw < 0.52, !parameters.isEmpty {
      return .parameter(random.nextInt(below: parameters.count))
    }
    let kind = kinds[random.nextInt(below: kinds.count)]
    parameters.append(
      Parameter(name: (kind == .global ? "p" : "P") + "\(parameters.count)", kind: kind))
    return .parameter(parameters.count - 1)
  }

  /// Values of either sign, away from zero.
  mutating func theta(count: Int) -> [Double] {
    (0..<count).map { _ in (random.nextUnit() < 0.5 ? -1 : 1) * (0.3 + 1.2 * random.nextUnit()) }
  }
}

let twoTypes = PairTypes(typeNames: ["H", "O"])

/// Two types, the atoms of one with two values of a property.
let chargedTypes = PairTypes(atoms: [("H", 0.6), ("O", -1.1), ("H", -0.4)])

/// Two types with one value of the property each, in every bond class.
let bondedTypes = PairTypes(
  PairTypes(atoms: [("H", 0.6), ("O", -1.1)]),
  occurring: twoTypes.pairs.flatMap { pair in
    (0...3).map { PairType(first: pair.first, second: pair.second, bonds: $0) }
  })

extension ExpressionTree {
  /// Whether a part has no finite value, such as 0 to a negative power, whatever becomes of it.
  func isInfiniteInside(at distance: Double, theta: [Double], pair: PairType) -> Bool {
    let layout = layout(typeCount: 2)
    return nodes.indices.contains { end in
      let part = nodes[subtree(endingAt: end)]
      var numbers: [Int] = []
      for case .parameter(let number) in part where !numbers.contains(number) {
        numbers.append(number)
      }
      let tree = ExpressionTree(nodes: Array(part), parameters: parameters)
      let value = tree.value(
        at: distance, theta: numbers.flatMap { theta[layout.ranges[$0]] }, pair: pair,
        layout: tree.layout(typeCount: 2))
      return !value.energy.isFinite
    }
  }

  /// Pairs that show all it can depend on.
  var tellingPairs: [PairType] {
    known.contains(where: \.isIndicator)
      ? bondedTypes.kindPairs : usesKnown ? chargedTypes.kindPairs : twoTypes.pairs
  }
}
