import AtomicData
import Testing

@testable import ExpressionTrees

struct FormLevelsTests {
  /// Forms of U by size, up to a size, one thread.
  static func forms(
    _ operators: [Operator], _ kinds: [ParameterKind], known: [KnownQuantity] = [],
    upTo size: Int
  ) -> [[PackedForm]] {
    var levels = FormLevels(operators: operators, kinds: kinds, known: known)
    return (1...size).map { _ in
      let level = Set(levels.pieces().flatMap(levels.subexpressions)).sorted()
      let forms = Set(level.compactMap(levels.potential)).sorted()
      levels.append(level)
      return forms
    }
  }

  /// All trees up to a size, every parameter leaf with a parameter of its own.
  static func trees(
    _ operators: [Operator], _ kinds: [ParameterKind], known: [KnownQuantity] = [],
    upTo size: Int
  ) -> [ExpressionTree] {
    typealias Node = ExpressionTree.Node
    let leaves: [[Node]] = [[.distance]] + known.map { [.known($0)] }
    var levels: [[[Node]]] = [[], leaves + kinds.indices.map { [.parameter($0)] }]
    for size in 2...size {
      var level: [[Node]] = []
      for operation in operators {
        if operation.arity == 1 {
          level += levels[size - 1].map { $0 + [.operation(operation)] }
          continue
        }
        for left in 1..<max(1, size - 1) {
          for a in levels[left] {
            level += levels[size - 1 - left].map { a + $0 + [.operation(operation)] }
          }
        }
      }
      levels.append(level)
    }
    return levels.joined().map { nodes in
      var parameters: [Parameter] = []
      let own = nodes.map { node -> Node in
        guard case .parameter(let kind) = node else { return node }
        parameters.append(Parameter(name: "P\(parameters.count)", kind: kinds[kind]))
        return .parameter(parameters.count - 1)
      }
      return ExpressionTree(nodes: own, parameters: parameters)
    }
  }

  /// Forces for every pair at some distances.
  static func forces(
    _ tree: ExpressionTree, _ theta: [Double], pairs: [PairType]? = nil
  ) -> [Double] {
    let layout = tree.layout(typeCount: 2)
    return (pairs ?? tree.tellingPairs).flatMap { pair in
      [0.8, 1.3, 2.1].map {
        tree.value(at: $0, theta: theta, pair: pair, layout: layout).derivative
      }
    }
  }

  /// r^n as r^a, and so for any other base.
  static func withFreeExponents(_ tree: ExpressionTree, _ kind: ParameterKind) -> ExpressionTree {
    var parameters = tree.parameters
    let nodes = tree.nodes.map { node -> ExpressionTree.Node in
      guard case .literal(let value) = node, value != 1 else { return node }
      parameters.append(Parameter(name: "n\(parameters.count)", kind: kind))
      return .parameter(parameters.count - 1)
    }
    return ExpressionTree(nodes: nodes, parameters: parameters)
  }

  /// Whether there are forces between like atoms for some θ.
  private func hasRealValue(_ tree: ExpressionTree) -> Bool {
    var random = RandomExpressions(seed: tree.stableHash)
    return (0..<200).contains { _ in
      let theta = random.theta(count: tree.layout(typeCount: 2).count)
      let forces = Self.forces(tree, theta)
      // In every bond class.
      let pairs = tree.tellingPairs
      return Set(pairs.map(\.bonds)).allSatisfy { bonds in
        pairs.indices.contains { pair in
          let isLike = pairs[pair].first == pairs[pair].second && pairs[pair].bonds == bonds
          return isLike && forces[3 * pair..<3 * pair + 3].contains { !$0.isNaN }
        }
      }
    }
  }

  @Test(
    "every tree has the forces of a form that is listed, or no real value at all",
    arguments: [
      (Operator.standard, [ParameterKind.global, .product], [], 6),
      ([.add, .multiply, .inverse, .square, .exp, .negate], [.global, .product], [], 5),
      (Operator.standard, [.pair, .mean], [], 5),
      ([.divide, .multiply, .tanh, .sqrt], [.global], [], 7),
      (Operator.standard, [.global], [KnownQuantity.property], 6),
      (Operator.standard, [.global, .product], [.property], 5),
      (Operator.standard, [.global], [.oneBond, .threeBonds], 5),
      (Operator.standard, [.global, .product], [.property, .twoBonds], 5),
      ([.multiply, .divide, .power, .tanh, .sqrt], [.global], [.oneBond], 5),
    ])
  func completeness(
    operators: [Operator], kinds: [ParameterKind], known: [KnownQuantity], size: Int
  ) {
    // A form can have more nodes than a tree that needs fewer signs.
    let listed = Self.forms(operators, kinds, known: known, upTo: size + 2)
    let all = Set(listed.joined())
    let notation = CanonicalForm.Notation(operators: operators)
    var (compared, without) = (0, 0)
    for tree in Self.trees(operators, kinds, known: known, upTo: size) {
      var random = RandomExpressions(seed: tree.stableHash)
      let theta = random.theta(count: tree.layout(typeCount: 2).count)
      guard
        let form = CanonicalForm(
          of: tree, theta: theta, typeCount: 2, resolvesSigns: true, notation: notation),
        form.tree.nodes.allSatisfy({ node in
          guard case .operation(let operation) = node else { return true }
          return operation == .negate || operators.contains(operation)
        }), form.tree.nodeCount <= size + 2
      else {
        without += 1
        continue
      }
      let (expected, found) = (
        Self.forces(tree, theta), Self.forces(form.tree, form.theta, pairs: tree.tellingPairs)
      )
      // An indicator to a negative power is infinite where it is 0, even where exp makes that finite.
      let isDefined =
        !tree.known.contains(where: \.isIndicator)
        || !tree.tellingPairs.contains { pair in
          tree.isInfiniteInside(at: 1.3, theta: theta, pair: pair)
        }
      for (a, b) in zip(expected, found)
      where isDefined && a.isFinite && b.isFinite && abs(a) < 1e6 {
        #expect(abs(a - b) <= 1e-6 * max(1, abs(a)), "\(tree) \(form.tree) \(theta)")
        compared += 1
      }
      let free = Self.withFreeExponents(form.tree, kinds.contains(.global) ? .global : kinds[0])
      let settled = CanonicalForm(of: free, resolvesSigns: true, notation: notation)
        .flatMap { PackedForm($0.tree) }
      guard let settled, settled.nodeCount <= size + 2 else { continue }
      let isListed = all.contains(settled)
      if !isListed { #expect(!hasRealValue(form.tree), "\(tree): \(form.tree) is not listed") }
    }
    #expect(compared > 1_000 && without < compared)
  }

  @Test("random trees of other sizes have listed forms", arguments: 0..<2 as Range<UInt64>)
  func randomTrees(seed: UInt64) {
    let all = Set(Self.forms(Operator.standard, [.global, .product], upTo: 8).joined())
    let notation = CanonicalForm.Notation(operators: Operator.standard)
    var random = RandomStream(seed: seed)
    var expressions = RandomExpressions(seed: seed, operators: Operator.standard)
    var found = 0
    for _ in 0..<10_000 {
      let raw = expressions.tree(nodeCount: 4 + random.nextInt(below: 12))
      var parameters: [Parameter] = []
      let nodes = raw.nodes.map { node -> ExpressionTree.Node in
        guard case .parameter = node else { return node }
        let kind: ParameterKind = random.nextUnit() < 0.5 ? .global : .product
        parameters.append(Parameter(name: "P\(parameters.count)", kind: kind))
        return .parameter(parameters.count - 1)
      }
      let tree = ExpressionTree(nodes: nodes, parameters: parameters)
      guard let form = CanonicalForm(of: tree, resolvesSigns: true, notation: notation),
        form.tree.nodeCount <= 8
      else { continue }
      let free = Self.withFreeExponents(form.tree, .global)
      guard
        let settled = CanonicalForm(of: free, resolvesSigns: true, notation: notation)
          .flatMap({ PackedForm($0.tree) }), settled.nodeCount <= 8
      else { continue }
      found += 1
      if !all.contains(settled) {
        #expect(!hasRealValue(settled.tree), "seed \(seed): \(tree): \(settled.tree)")
      }
    }
    #expect(found > 1_000)
  }

  @Test("each form is listed once, as its canonical form, under its size")
  func listed() {
    let listed = Self.forms(Operator.standard, [.global, .product], upTo: 7)
    #expect(listed.map(\.count) == [1, 2, 12, 40, 253, 1_068, 6_582])
    let notation = CanonicalForm.Notation(operators: Operator.standard)
    for (size, forms) in listed.enumerated() {
      for form in forms {
        let again = CanonicalForm(of: form.tree, resolvesSigns: true, notation: notation)
        #expect(again?.tree == form.tree, "\(form.tree)")
        #expect(form.nodeCount == size + 1 && form.tree.nodes.contains(.distance))
      }
    }
    #expect(Set(listed.joined()).count == listed.joined().count)
  }

  @Test(
    "a form is a number and back",
    arguments: [
      "X/r", "1/r", "A[]*tanh(r/S~)", "r^r^r^r^r", "a*(r - X)^2",
      "((r - a)/r)^2", "Q*B1*X/r + B3*r", "r^B2",
    ])
  func packing(expression: String) throws {
    let tree = try ExpressionTree(parsing: expression)
    let form = try #require(PackedForm(tree))
    #expect(form.nodeCount == tree.nodeCount)
    #expect(form.tree.nodes == tree.nodes)
    #expect(form.tree.parameters.map(\.kind) == tree.parameters.map(\.kind))
  }

  @Test(
    "what is no form of a list is no number",
    arguments: ["X/r^2", "a*r + a*r^2", "X/r + Y*exp(b*r) + Z/r^c"])
  func unpackable(expression: String) throws {
    #expect(PackedForm(try ExpressionTree(parsing: expression)) == nil)
  }
}
