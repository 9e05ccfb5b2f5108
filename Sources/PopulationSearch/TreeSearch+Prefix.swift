import ExpressionTrees

extension TreeSearch {
  /// The beginning of an expression in prefix order, and the places that are still open.
  ///
  /// Invariant: `path` holds choices of `Grammar`, one for every node so far.
  struct Prefix {
    /// Where a node is to stand.
    struct Place {
      /// The operation above; nil at the root.
      let parent: Operator?
      let isRightOperand: Bool
    }

    private(set) var path: [UInt8] = []
    /// The leftmost last.
    private(set) var openPlaces = [Place(parent: nil, isRightOperand: false)]

    init() {}

    /// - Precondition: the choices are those of a prefix.
    init(_ path: [UInt8]) {
      for choice in path { append(choice) }
    }

    var isComplete: Bool { openPlaces.isEmpty }

    /// Nodes of the expression, at least: those chosen, and one for every open place.
    var leastSize: Int { path.count + openPlaces.count }

    /// Fills the leftmost open place.
    mutating func append(_ choice: UInt8) {
      openPlaces.removeLast()
      path.append(choice)
      guard case .operation(let operation) = Grammar.meaning(choice) else { return }
      if operation.arity == 2 {
        openPlaces.append(Place(parent: operation, isRightOperand: true))
      }
      openPlaces.append(Place(parent: operation, isRightOperand: false))
    }

    /// The expression, with a parameter of its own for every leaf.
    ///
    /// - Precondition: it is complete.
    var tree: ExpressionTree {
      var parameters: [Parameter] = []
      var stack: [[ExpressionTree.Node]] = []
      for choice in path.reversed() {
        switch Grammar.meaning(choice) {
        case .distance: stack.append([.distance])
        case .known(let quantity): stack.append([.known(quantity)])
        case .literal(let value): stack.append([.literal(value)])
        case .parameter(let kind):
          stack.append([.parameter(parameters.count)])
          parameters.append(Parameter(name: "p\(parameters.count)", kind: kind))
        case .operation(let operation):
          let left = stack.removeLast()
          let right = operation.arity == 2 ? stack.removeLast() : []
          stack.append(left + right + [.operation(operation)])
        }
      }
      return ExpressionTree(nodes: stack[0], parameters: parameters)
    }
  }
}
