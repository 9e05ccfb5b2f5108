import AtomicData

/// Writes forms as postfix nodes.
///
/// The parameters of the result are numbered in the order in which they are written.
struct Emission {
  private(set) var nodes: [ExpressionTree.Node] = []
  /// Whether numbers may stand anywhere: in what is compared, not in what is printed.
  private let allowsNumbers: Bool
  private let notation: CanonicalForm.Notation
  private var leaves: [Leaf] = []
  private var leafOfShared: [Int: Int] = [:]

  init(allowsNumbers: Bool = false, notation: CanonicalForm.Notation = .plain) {
    self.allowsNumbers = allowsNumbers
    self.notation = notation
  }

  private enum Leaf {
    case free(ParameterKind, [Double])
    case shared(Int)
  }

  // MARK: Sums

  mutating func append(_ sum: AlgebraicSum) throws {
    if sum.terms.isEmpty { throw NotRepresentable() }
    let positive = sum.terms.filter { $0.integer > 0 }
    let negative = sum.terms.filter { $0.integer < 0 }
    var isFirst = true
    for term in positive + negative {
      // Numbers stand as exponents and as the numerator 1 alone.
      let hasNotation = abs(term.integer) == 1 && !term.isWholeNumber
      guard hasNotation || allowsNumbers else { throw NotRepresentable() }
      try append(withoutSign: term)
      if !hasNotation { nodes += [.literal(abs(term.integer)), .operation(.multiply)] }
      if term.integer > 0 {
        if !isFirst { nodes.append(.operation(.add)) }
      } else {
        nodes.append(.operation(isFirst ? .negate : .subtract))
      }
      isFirst = false
    }
  }

  // MARK: Products

  private typealias Piece = (inout Emission) throws -> Void

  private mutating func append(withoutSign term: Monomial) throws {
    let term = term.withDistanceUnderPower
    var (numerator, denominator): ([Piece], [Piece]) = ([], [])
    if let global = term.global { numerator.append { $0.append(.free(.global, [global])) } }
    if let product = term.product { numerator.append { $0.append(.free(.product, product)) } }
    if let pair = term.pair { numerator.append { $0.append(.free(.pair, pair)) } }
    switch term.distancePower {
    case 0: break
    case 1...: numerator.append { $0.append(powerOfDistance: term.distancePower) }
    default: denominator.append { $0.append(powerOfDistance: -term.distancePower) }
    }
    if let freePower = term.freePower {
      numerator.append {
        $0.nodes.append(.distance)
        $0.append(.free(.global, [freePower]))
        $0.nodes.append(.operation(.power))
      }
    }
    if let exponent = term.exponent {
      let isAllNegative = exponent.terms.allSatisfy { $0.integer < 0 }
      let hasOtherNumerator =
        !numerator.isEmpty || term.factors.contains { !$0.isInverse }
      let hasInverse =
        notation.usesInverse
        && (!denominator.isEmpty || term.factors.contains(where: \.isInverse))
      if isAllNegative, hasOtherNumerator || hasInverse {
        denominator.append { try $0.append(exponentialOf: exponent.negated) }
      } else {
        numerator.append { try $0.append(exponentialOf: exponent) }
      }
    }
    for factor in term.factors {
      let piece: Piece = { try $0.append(factor.atom) }
      if factor.isInverse { denominator.append(piece) } else { numerator.append(piece) }
    }
    if notation.usesInverse, !denominator.isEmpty, numerator.isEmpty || !notation.usesDivision {
      let divisors = denominator
      numerator.append {
        try $0.append(productOf: divisors)
        $0.nodes.append(.operation(.inverse))
      }
      denominator = []
    }
    if numerator.isEmpty { numerator = [{ $0.nodes.append(.literal(1)) }] }
    try append(productOf: numerator)
    for piece in denominator {
      try piece(&self)
      nodes.append(.operation(.divide))
    }
  }

  private mutating func append(productOf pieces: [Piece]) throws {
    for (k, piece) in pieces.enumerated() {
      try piece(&self)
      if k > 0 { nodes.append(.operation(.multiply)) }
    }
  }

  /// The whole power of what was written last.
  private mutating func append(power: Int) {
    if power == 2, notation.usesSquare {
      nodes.append(.operation(.square))
    } else {
      nodes += [.literal(power), .operation(.power)]
    }
  }

  private mutating func append(powerOfDistance power: Int) {
    nodes.append(.distance)
    if power > 1 { append(power: power) }
  }

  private mutating func append(exponentialOf argument: AlgebraicSum) throws {
    try append(argument)
    nodes.append(.operation(.exp))
  }

  private mutating func append(_ atom: Monomial.Atom) throws {
    switch atom {
    case .shared(let number): append(Leaf.shared(number))
    case .known(let quantity): nodes.append(.known(quantity))
    case .sum(let sum): try append(sum)
    case .power(let base, let exponent):
      try append(base)
      if let whole = exponent.wholeNumber, whole > 0 { return append(power: whole) }
      try append(exponent)
      nodes.append(.operation(.power))
    case .mean(let values): append(Leaf.free(.mean, values))
    case .function(let operation, let argument):
      try append(argument)
      nodes.append(.operation(operation))
    }
  }

  mutating func append(single atom: Monomial.Atom) throws { try append(atom) }

  private mutating func append(_ leaf: Leaf) {
    if case .shared(let number) = leaf {
      if let known = leafOfShared[number] { return nodes.append(.parameter(known)) }
      leafOfShared[number] = leaves.count
    }
    nodes.append(.parameter(leaves.count))
    leaves.append(leaf)
  }

  // MARK: Result

  /// The tree with fresh parameter names, and θ.
  func finished(
    original: ExpressionTree, theta: [Double], layout: ParameterLayout
  ) -> (ExpressionTree, [Double]) {
    var names = ParameterNames()
    var values: [Double] = []
    let parameters = leaves.map { leaf in
      switch leaf {
      case .free(let kind, let free):
        values += free
        return Parameter(name: names.next(kind), kind: kind)
      case .shared(let number):
        values += theta[layout.ranges[number]]
        let kind = original.parameters[number].kind
        return Parameter(name: names.next(kind), kind: kind)
      }
    }
    return (ExpressionTree(nodes: nodes, parameters: parameters), values)
  }

  /// The form as a number; nil where it cannot be one.
  var packed: PackedForm? {
    PackedForm(nodes) { number in
      if case .free(let kind, _) = leaves[number] { kind } else { nil }
    }
  }

  /// What tells two forms apart: the nodes, with parameters by kind.
  var tokens: [Int] {
    nodes.map { node in
      switch node {
      case .distance: return 0
      case .known(let quantity): return 5 + Int(quantity.rawValue)
      case .literal(let value): return 1_000 + value
      case .operation(let operation): return 100 + Int(operation.rawValue)
      case .parameter(let number):
        switch leaves[number] {
        case .free(.global, _): return 1
        case .free(.product, _): return 2
        case .free(.pair, _): return 3
        case .free(.mean, _): return 4
        case .shared(let original): return 10_000 + original
        }
      }
    }
  }
}

extension Monomial {
  /// r^(m·n)·u^n as (r^m·u)^n: the same with fewer nodes.
  fileprivate var withDistanceUnderPower: Monomial {
    guard distancePower != 0 else { return self }
    for (k, factor) in factors.enumerated() {
      guard case .power(let base, let exponent) = factor.atom, let whole = exponent.wholeNumber,
        whole > 1, distancePower % whole == 0
      else { continue }
      var inner = base.single ?? Monomial(factors: [.init(atom: .sum(base), isInverse: false)])
      inner.distancePower += distancePower / (factor.isInverse ? -whole : whole)
      var result = self
      result.distancePower = 0
      result.factors[k].atom = .power(AlgebraicSum(inner), exponent)
      return result
    }
    return self
  }
}
