import Testing

@testable import ExpressionTrees

struct FormLevelsTests {
  @Test func counts() {
    var levels = FormLevels(operators: Operator.standard, kinds: [.global, .product])
    var all: Set<PackedForm> = []
    let clock = ContinuousClock()
    for size in 1...9 {
      let start = clock.now
      var found: Set<PackedForm> = []
      let pieces = levels.pieces()
      for piece in pieces { found.formUnion(levels.subexpressions(piece)) }
      let t1 = clock.now - start
      levels.append(found.sorted())
      let t2 = clock.now - start
      let forms = Set(found.compactMap { levels.potential($0) })
      all.formUnion(forms)
      print(
        size, pieces.count, found.count, forms.count, all.count, t1, t2, clock.now - start,
        size < 6 ? forms.map(\.tree.description) : [])
      for f in found {
        let tree = f.tree
        if let form = CanonicalForm(
          of: tree, resolvesSigns: true,
          notation: CanonicalForm.Notation(operators: Operator.standard)),
          form.tree.nodeCount < size, let p = PackedForm(form.tree), !all.contains(p)
        {
          print("smaller:", tree, form.tree, size)
        }
      }
    }
    // brute force
    let leaves: [ExpressionTree.Node] = [.distance, .parameter(0), .parameter(1)]
    var raw: [[[ExpressionTree.Node]]] = [[], leaves.map { [$0] }]
    for size in 2...7 {
      var level: [[ExpressionTree.Node]] = []
      for u in raw[size - 1] { level.append(u + [.operation(.exp)]) }
      for left in 1..<max(1, size - 1) {
        for a in raw[left] {
          for b in raw[size - 1 - left] {
            for op in [Operator.add, .subtract, .multiply, .divide, .power] {
              level.append(a + b + [.operation(op)])
            }
          }
        }
      }
      raw.append(level)
      var missing: Set<String> = []
      var count: Set<String> = []
      for nodes in level {
        var parameters: [Parameter] = []
        let own = nodes.map { node -> ExpressionTree.Node in
          guard case .parameter(let kind) = node else { return node }
          parameters.append(
            Parameter(
              name: (kind == 0 ? "p" : "P") + "\(parameters.count)",
              kind: kind == 0 ? .global : .product))
          return .parameter(parameters.count - 1)
        }
        guard
          let form = CanonicalForm(
            of: ExpressionTree(nodes: own, parameters: parameters), resolvesSigns: true,
            notation: CanonicalForm.Notation(operators: Operator.standard))
        else { continue }
        if form.tree.nodes.contains(where: { if case .literal(let v) = $0 { v > 1 } else { false } }
        ) {
          continue
        }
        if form.tree.nodeCount > 9 { continue }
        count.insert(form.tree.description)
        guard let p = PackedForm(form.tree) else {
          print("unpackable", form.tree)
          continue
        }
        if p.tree.description != form.tree.description { print("differs", p.tree, form.tree) }
        if !all.contains(p) { missing.insert(form.tree.description) }
      }
      print(
        "raw", size, level.count, count.count, "missing", missing.count, missing.sorted().prefix(40)
      )
    }
  }
}
