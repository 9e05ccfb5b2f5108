extension ExpressionTree {
  /// The units of the parameters, by dimensional analysis with U in eV and r in Å.
  ///
  /// `X/r + Y*exp(-b*r)` has X in eV^(1/2) Å^(1/2), Y in eV^(1/2) and b in 1/Å: of a product parameter
  /// the unit is that of a factor. A parameter in an exponent is a pure number, `1`, and can stand in
  /// the unit of another, as in `X/r^a` with X in eV^(1/2) Å^(a/2).
  ///
  /// - Returns: for each parameter its unit; nil where the expression determines none, since
  ///   dimensions do not close (`a^r`, `X*(r + r^2)`) or only a product has a unit (`a*b*r`): the value
  ///   is then one for r in Å and U in eV.
  public func units() -> [String?] {
    let names = parameters.map(\.description)
    var units: [String?] = Array(repeating: nil, count: parameters.count)
    for terms in connectedTerms {
      var equations = DimensionalAnalysis(tree: self)
      for term in terms { equations.add(termEndingAt: term) }
      let solved = equations.solved()
      for number in terms.flatMap(parameterNumbers) {
        units[number] = solved?.value(ofUnknown: number)?.text(names: names)
      }
    }
    for number in pureExponents { units[number] = Dimension.none.text(names: names) }
    return units
  }

  /// The roots of the terms of U, those together that share a parameter.
  private var connectedTerms: [[Int]] {
    var groups: [(terms: [Int], parameters: Set<Int>)] = []
    for root in termRoots(endingAt: nodes.count - 1) {
      var group = (terms: [root], parameters: Set(parameterNumbers(ofTermEndingAt: root)))
      groups.removeAll { other in
        guard !other.parameters.isDisjoint(with: group.parameters) else { return false }
        group.terms += other.terms
        group.parameters.formUnion(other.parameters)
        return true
      }
      groups.append(group)
    }
    return groups.map(\.terms)
  }

  private func parameterNumbers(ofTermEndingAt end: Int) -> [Int] {
    subtree(endingAt: end).compactMap { k in
      if case .parameter(let number) = nodes[k] { number } else { nil }
    }
  }

  /// The parameters that stand nowhere but as exponents.
  private var pureExponents: Set<Int> {
    var exponents: Set<Int> = []
    var others: Set<Int> = []
    for (k, node) in nodes.enumerated() {
      guard case .parameter(let number) = node else { continue }
      let isExponent = k + 1 < nodes.count && nodes[k + 1] == .operation(.power)
      if isExponent { exponents.insert(number) } else { others.insert(number) }
    }
    return exponents.subtracting(others)
  }
}

/// The equations between the dimensions of the nodes of some terms.
private struct DimensionalAnalysis {
  private let tree: ExpressionTree
  private var system = DimensionSystem()
  private var terms: [DimensionSystem.Sum] = []
  /// Powers of bases whose dimension is not known yet: `power` = exponent·base.
  private var powers: [(base: DimensionSystem.Sum, exponent: SymbolicExponent, power: Int)] = []
  private var unknownCount: Int

  init(tree: ExpressionTree) {
    self.tree = tree
    unknownCount = tree.parameters.count
  }

  /// The system with all that follows; nil where the dimensions do not close.
  func solved() -> DimensionSystem? {
    var solution = self
    solution.settlePowers()
    for term in terms {
      // A term without a coefficient of its own is a number as it is written: exp(-b*r).
      guard solution.system.value(of: term) == nil else { continue }
      solution.system.require(term.adding(.init(constant: .electronvolt), times: -1))
      solution.settlePowers()
    }
    return solution.system.isContradictory ? nil : solution.system
  }

  private mutating func settlePowers() {
    var isSettled = false
    while !isSettled {
      isSettled = true
      for (k, entry) in powers.enumerated().reversed() {
        let power = DimensionSystem.Sum(unknowns: [entry.power: 1])
        if let base = system.value(of: entry.base) {
          guard let dimension = base.multiplied(by: entry.exponent) else { continue }
          system.require(power.adding(.init(constant: dimension), times: -1))
        } else if system.value(of: power)?.isNone == true {
          system.require(entry.base)
        } else {
          continue
        }
        powers.remove(at: k)
        isSettled = false
      }
    }
  }

  // MARK: Equations

  mutating func add(termEndingAt end: Int) {
    var stack: [(dimension: DimensionSystem.Sum, value: SymbolicExponent?)] = []
    for k in tree.subtree(endingAt: end) {
      switch tree.nodes[k] {
      case .distance: stack.append((.init(constant: .angstrom), nil))
      case .literal(let value): stack.append((.init(), SymbolicExponent(number: Double(value))))
      // Its unit is that of the data, and left out.
      case .known: stack.append((.init(), nil))
      case .parameter(let number):
        let factorCount = tree.parameters[number].kind == .product ? 2.0 : 1
        stack.append(
          (.init(unknowns: [number: factorCount]), SymbolicExponent(symbols: [number: 1])))
      case .operation(let operation):
        let right = stack.removeLast()
        if operation.arity == 1 {
          let value =
            operation == .negate
            ? right.value.map { SymbolicExponent().adding($0, times: -1) } : nil
          stack.append((dimension(operation, right.dimension), value))
        } else {
          let left = stack.removeLast()
          stack.append(
            (
              dimension(operation, left.dimension, right),
              Self.value(operation, left.value, right.value)
            ))
        }
      }
    }
    terms.append(stack[0].dimension)
  }

  /// Sums of parameters can stand in the exponents of units.
  private static func value(
    _ operation: Operator, _ left: SymbolicExponent?, _ right: SymbolicExponent?
  ) -> SymbolicExponent? {
    guard operation == .add || operation == .subtract, let left, let right else { return nil }
    return left.adding(right, times: operation == .add ? 1 : -1)
  }

  private mutating func dimension(
    _ operation: Operator, _ operand: DimensionSystem.Sum
  ) -> DimensionSystem.Sum {
    switch operation {
    case .negate: return operand
    case .inverse: return DimensionSystem.Sum().adding(operand, times: -1)
    case .square: return DimensionSystem.Sum().adding(operand, times: 2)
    case .sqrt: return DimensionSystem.Sum().adding(operand, times: 0.5)
    default:
      system.require(operand)
      return .init()
    }
  }

  private mutating func dimension(
    _ operation: Operator, _ left: DimensionSystem.Sum,
    _ right: (dimension: DimensionSystem.Sum, value: SymbolicExponent?)
  ) -> DimensionSystem.Sum {
    switch operation {
    case .multiply: return left.adding(right.dimension)
    case .divide: return left.adding(right.dimension, times: -1)
    case .power:
      system.require(right.dimension)
      guard let exponent = right.value else {
        system.require(left)
        return .init()
      }
      if exponent.symbols.isEmpty {
        return DimensionSystem.Sum().adding(left, times: exponent.number)
      }
      powers.append((left, exponent, unknownCount))
      unknownCount += 1
      return .init(unknowns: [unknownCount - 1: 1])
    default:
      system.require(left.adding(right.dimension, times: -1))
      return left
    }
  }
}
