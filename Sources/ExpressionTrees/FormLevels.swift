import AtomicData

/// The canonical sub-expressions of a grammar by their number of nodes, and how larger ones come from
/// them.
///
/// Every sub-expression of n nodes is an operation on smaller ones, brought to canonical form by the
/// rules of `CanonicalForm`; each is kept once. The forms of U with n nodes are then the sub-expressions
/// of n nodes that depend on r, up to an additive constant.
///
/// A whole exponent counts as a value of a free one, with which the form has as many nodes; squares of
/// sums that can have either sign are no such values, and stand by themselves. What has no
/// real value for any θ, a free power of what is negative for like pairs, is left out with all that
/// holds it.
public struct FormLevels: Sendable {
  public let operators: [Operator]
  public let kinds: [ParameterKind]
  /// Known quantities that are leaves.
  public let known: [KnownQuantity]

  private let notation: CanonicalForm.Notation
  private let rules = AlgebraicRules(resolvesSigns: true, pairs: [], sharedValues: [])
  /// By nodes, from 0.
  private var levels: [[PackedForm]] = [[]]
  /// The same, ready to be combined, of the small ones.
  private var sums: [[AlgebraicSum]] = [[]]

  /// Rises whenever the same grammar gets other lists.
  public static let rulesVersion = 1

  /// The largest size that is the smaller operand of an operation with the largest form.
  private static let largestReadySize = (PackedForm.maximumNodeCount - 1) / 2
  /// Combinations of sub-expressions in one piece of work, about.
  private static let combinationsPerPiece = 4_000

  /// - Precondition: there is a kind of parameters, so that exponents can be free.
  public init(operators: [Operator], kinds: [ParameterKind], known: [KnownQuantity] = []) {
    precondition(!kinds.isEmpty)
    self.operators = operators
    self.kinds = kinds
    self.known = known
    notation = CanonicalForm.Notation(operators: operators)
  }

  /// Nodes of the sub-expressions that come next, at most `PackedForm.maximumNodeCount`.
  public var nextSize: Int { levels.count }

  /// Some of the operations that lead to the next size.
  public struct Piece: Sendable {
    fileprivate let operation: Operator?
    /// Nodes of the larger operand, and which of them.
    fileprivate let size: Int
    fileprivate let range: Range<Int>
    fileprivate let isLarger: Side

    fileprivate enum Side { case first, second, both }
  }

  /// The work that leads to the next size, in pieces that can be done at the same time.
  public func pieces() -> [Piece] {
    let size = nextSize
    guard size > 1 else {
      return [Piece(operation: nil, size: 0, range: 0..<0, isLarger: .both)]
    }
    // A sign is no operator of the grammar, but part of canonical forms.
    // So are an inverse and a square, with a number as a node where the grammar has no operator.
    let all = Set(operators + [.negate, .inverse] + (operators.contains(.power) ? [.square] : []))
    return all.sorted { $0.rawValue < $1.rawValue }.flatMap { operation in
      if operation.arity == 1 {
        let nodes = operation == .negate || operators.contains(operation) ? 1 : 2
        return size > nodes
          ? pieces(operation, larger: size - nodes, smallerCount: 1, .both) : []
      }
      return (1..<max(1, size - 1)).filter { 2 * $0 >= size - 1 }.flatMap { larger in
        let smallerCount = levels[size - 1 - larger].count
        let sides: [Piece.Side] =
          operation == .add || operation == .multiply ? [.first] : [.first, .second]
        return sides.flatMap { pieces(operation, larger: larger, smallerCount: smallerCount, $0) }
      }
    }
  }

  private func pieces(
    _ operation: Operator, larger: Int, smallerCount: Int, _ side: Piece.Side
  ) -> [Piece] {
    let step = max(1, Self.combinationsPerPiece / max(1, smallerCount))
    return stride(from: 0, to: levels[larger].count, by: step).map { start in
      let range = start..<min(start + step, levels[larger].count)
      return Piece(operation: operation, size: larger, range: range, isLarger: side)
    }
  }

  /// The sub-expressions of the next size that a piece of work leads to, some more than once.
  public func subexpressions(_ piece: Piece) -> [PackedForm] {
    let size = nextSize
    guard let operation = piece.operation else {
      return leaves.compactMap { packed($0, size: size) }
    }
    var found: Set<PackedForm> = []
    func add(_ sum: AlgebraicSum?) {
      if let form = sum.flatMap({ packed($0, size: size) }) { found.insert(form) }
    }
    for form in levels[piece.size][piece.range] {
      guard let operand = try? sum(of: form) else { continue }
      if operation.arity == 1 {
        add(try? result(operation, operand))
        continue
      }
      for other in sums[size - 1 - piece.size] {
        switch piece.isLarger {
        case .first, .both: add(try? result(operation, operand, other))
        case .second: add(try? result(operation, other, operand))
        }
      }
    }
    return Array(found)
  }

  /// Takes in the sub-expressions of the next size.
  ///
  /// - Parameter level: rising, each once.
  public mutating func append(_ level: [PackedForm]) {
    sums.append(
      nextSize <= Self.largestReadySize ? level.compactMap { try? sum(of: $0) } : [])
    levels.append(level)
  }

  // MARK: Operations

  private var leaves: [AlgebraicSum] {
    [.distance] + kinds.map(AlgebraicSum.free) + known.map(AlgebraicSum.known)
  }

  private func sum(of form: PackedForm) throws -> AlgebraicSum {
    var stack: [AlgebraicSum] = []
    for element in form.leavesAndOperators {
      switch element {
      case .distance: stack.append(.distance)
      case .known(let quantity): stack.append(.known(quantity))
      case .literal(let value): stack.append(AlgebraicSum(Monomial(integer: value)))
      case .parameter(let kind): stack.append(.free(kind))
      case .operation(let operation):
        let right = stack.removeLast()
        stack.append(
          operation.arity == 1
            ? try result(operation, right) : try result(operation, stack.removeLast(), right))
      }
    }
    return stack[0]
  }

  private func result(_ operation: Operator, _ a: AlgebraicSum) throws -> AlgebraicSum {
    try rules.result(operation, a)
  }

  private func result(
    _ operation: Operator, _ a: AlgebraicSum, _ b: AlgebraicSum
  ) throws -> AlgebraicSum {
    if operation == .power, b.wholeNumber == nil, a.isNegative { throw NotRepresentable() }
    return try rules.result(operation, a, b)
  }

  /// Nil where the form has another size or needs numbers.
  private func packed(_ sum: AlgebraicSum, size: Int) -> PackedForm? {
    guard let first = packed(sum), first.nodeCount >= size else { return nil }
    if first.nodeCount == size { return first }
    // A sign that moved may save its node in a second round.
    guard let again = (try? self.sum(of: first)).flatMap(packed), again.nodeCount == size else {
      return nil
    }
    return again
  }

  private func packed(_ sum: AlgebraicSum) -> PackedForm? {
    var emission = Emission(notation: notation)
    guard (try? emission.append(sum)) != nil else { return nil }
    return emission.packed
  }

  // MARK: Forms of U

  private func isOfGrammar(_ node: ExpressionTree.Node) -> Bool {
    guard case .operation(let operation) = node else { return true }
    return operation == .negate || operators.contains(operation)
  }

  /// The form of U with this sub-expression.
  ///
  /// - Returns: nil where it does not depend on r, has fewer nodes, or needs another operator.
  public func potential(_ subexpression: PackedForm) -> PackedForm? {
    let tree = subexpression.tree
    guard let form = CanonicalForm(of: tree, resolvesSigns: true, notation: notation),
      form.tree.nodeCount == tree.nodeCount, form.tree.nodes.allSatisfy(isOfGrammar)
    else { return nil }
    return PackedForm(form.tree)
  }
}

extension AlgebraicSum {
  fileprivate static let distance = AlgebraicSum(Monomial(distancePower: 1))

  /// A parameter by itself. Values carry no meaning where only forms are asked for; positive ones keep
  /// signs where they are.
  fileprivate static func free(_ kind: ParameterKind) -> AlgebraicSum {
    switch kind {
    case .global: AlgebraicSum(Monomial(global: 0.7))
    case .product: AlgebraicSum(Monomial(product: [1.3]))
    case .pair: AlgebraicSum(Monomial(pair: []))
    case .mean: AlgebraicSum(Monomial(factors: [.init(atom: .mean([0.9]), isInverse: false)]))
    }
  }

  /// Whether no value for like pairs can be positive, whatever the parameters.
  fileprivate var isNegative: Bool {
    terms.allSatisfy { $0.integer < 0 && $0.isPositiveUpToSign }
  }

  fileprivate var isPositive: Bool {
    terms.allSatisfy { $0.integer > 0 && $0.isPositiveUpToSign }
  }
}

extension Monomial {
  fileprivate var isPositiveUpToSign: Bool {
    global == nil && pair == nil
      && factors.allSatisfy { factor in
        switch factor.atom {
        case .sum(let sum): sum.isPositive
        case .power(_, let exponent): exponent.wholeNumber == nil
        case .function(let operation, _):
          operation == .sqrt || operation == .erfc || operation == .gauss
        case .known(let quantity): quantity.isIndicator
        case .shared, .mean: false
        }
      }
  }
}
