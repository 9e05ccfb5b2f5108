import Testing

@testable import ExpressionTrees

struct FormEnumerationTests {
  @Test func counts() {
    var enumeration = FormEnumeration(operators: Operator.standard, kinds: [.global, .product])
    var all: Set<String> = []
    let clock = ContinuousClock()
    for size in 1...8 {
      let start = clock.now
      let forms = enumeration.next()
      all.formUnion(forms.map(\.description))
      print(size, forms.count, all.count, enumeration.attempts, clock.now - start, forms.prefix(12).map(\.description))
      for form in forms where form.nodeCount != size { print("smaller:", form, size) }
    }
    // brute force
    let leaves: [ExpressionTree.Node] = [.distance, .parameter(0), .parameter(1)]
    var raw: [[[ExpressionTree.Node]]] = [[], leaves.map { [$0] }]
    for size in 2...6 {
      var level: [[ExpressionTree.Node]] = []
      for u in raw[size - 1] { level.append(u + [.operation(.exp)]) }
      for left in 1..<max(1, size - 1) {
        for a in raw[left] { for b in raw[size - 1 - left] {
          for op in [Operator.add, .subtract, .multiply, .divide, .power] { level.append(a + b + [.operation(op)]) } } }
      }
      raw.append(level)
      var missing: Set<String> = []
      var count: Set<String> = []
      for nodes in level {
        var parameters: [Parameter] = []
        let own = nodes.map { node -> ExpressionTree.Node in
          guard case .parameter(let kind) = node else { return node }
          parameters.append(Parameter(name: (kind == 0 ? "p" : "P") + "\(parameters.count)", kind: kind == 0 ? .global : .product))
          return .parameter(parameters.count - 1)
        }
        guard let form = CanonicalForm(of: ExpressionTree(nodes: own, parameters: parameters), resolvesSigns: true, notation: CanonicalForm.Notation(operators: Operator.standard)) else { continue }
        if form.tree.nodes.contains(where: { if case .literal(let v) = $0 { v > 1 } else { false } }) { continue }
        if form.tree.nodeCount > 8 { continue }
        count.insert(form.tree.description)
        if !all.contains(form.tree.description) { missing.insert(form.tree.description) }
      }
      print("raw", size, level.count, count.count, "missing", missing.count, missing.sorted().prefix(20))
    }
  }
}
