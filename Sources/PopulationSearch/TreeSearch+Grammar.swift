import AtomicData
import ExpressionTrees

extension TreeSearch {
  /// A grammar as choices: what may fill the leftmost open place of an expression.
  ///
  /// A choice is a number below 64, so that a set of them is one word. Every canonical form of the
  /// grammar is a path of choices, its own nodes in prefix order or others that say the same (exponents
  /// above `largestLiteral` apart), and no path leads to a dead end.
  struct Grammar: Sendable {
    enum Meaning {
      case distance
      case known(KnownQuantity)
      case literal(Int)
      case parameter(ParameterKind)
      case operation(Operator)
    }

    /// A set of choices.
    struct Choices: OptionSet, Sendable {
      let rawValue: UInt64
      init(rawValue: UInt64) { self.rawValue = rawValue }
      init(_ choice: UInt8) { rawValue = 1 << UInt64(choice & 63) }
      init(_ choices: [UInt8]) { self.init(choices.map { Choices($0) }) }

      /// Rising.
      var members: [UInt8] { (0..<64).filter { rawValue >> UInt64($0) & 1 == 1 } }
    }

    // MARK: Numbers of choices

    private static let distance: UInt8 = 0
    private static let firstKind: UInt8 = 1
    private static let firstOperator: UInt8 = 5
    private static let firstLiteral: UInt8 = 20
    /// The place of the number 0, which is no exponent.
    private static let property = firstLiteral
    /// Of the indicators, at the upper end.
    private static let firstIndicator: UInt8 = 61
    /// The largest exponent that has a number.
    static let largestLiteral = Int(firstIndicator - 1 - firstLiteral)

    static func meaning(_ choice: UInt8) -> Meaning {
      switch choice {
      case property: return .known(.property)
      case firstIndicator...:
        return KnownQuantity(bonds: Int(choice - firstIndicator) + 1).map(Meaning.known)
          ?? .distance
      case firstLiteral...: return .literal(Int(choice - firstLiteral))
      case firstKind..<firstOperator:
        return .parameter(ParameterKind.allCases[Int(choice - firstKind)])
      default:
        return Operator(rawValue: choice &- firstOperator).map(Meaning.operation) ?? .distance
      }
    }

    private static func choice(_ operation: Operator) -> UInt8 {
      firstOperator + operation.rawValue
    }

    private static func choice(_ quantity: KnownQuantity) -> UInt8 {
      quantity.isIndicator ? firstIndicator + quantity.rawValue - 1 : property
    }

    private static func choice(_ kind: ParameterKind) -> UInt8 {
      firstKind + UInt8(ParameterKind.allCases.firstIndex(of: kind) ?? 0)
    }

    // MARK: What is allowed

    private let maximumSize: Int
    private let leaves: Choices
    private let exponents: Choices
    let unary: Choices
    let binary: Choices
    /// The numerator 1, where the grammar has no operator for inverses.
    private let numerators: Choices
    private let hasSignedSums: Bool
    /// How often each choice is drawn, relatively.
    private let weights: [Double]

    init(_ grammar: SearchOptions.Grammar) {
      maximumSize = max(1, grammar.maxComplexity)
      let kinds = Choices(grammar.parameterKinds.map(Self.choice))
      leaves = Choices(Self.distance).union(kinds)
        .union(Choices(grammar.known.map(Self.choice)))
      exponents = Choices(
        grammar.literalExponents.clamped(to: 2...Self.largestLiteral)
          .filter(grammar.literalExponents.contains).map { Self.firstLiteral + UInt8($0) })
      // A sign is part of canonical forms in every grammar.
      let operators = Set(grammar.operators + [.negate])
      unary = Choices(operators.filter { $0.arity == 1 }.map(Self.choice))
      binary = Choices(operators.filter { $0.arity == 2 }.map(Self.choice))
      numerators = operators.contains(.inverse) ? [] : Choices(Self.firstLiteral + 1)
      hasSignedSums = operators.contains(.add) && operators.contains(.subtract)
      weights = Self.weights(leaves, exponents, unary)
    }

    /// Many kinds, functions or exponents must not crowd out the rest: each group shares a weight.
    private static func weights(
      _ leaves: Choices, _ exponents: Choices, _ unary: Choices
    ) -> [Double] {
      let functions = unary.subtracting(Choices(choice(.negate)))
      return (0..<64).map { number in
        let choice = UInt8(number)
        if choice == Self.choice(.negate) { return 0.15 }
        if choice == firstLiteral + 1 { return 0.1 }
        let set = Choices(choice)
        for (group, weight) in [(exponents, 2.0), (functions, 1.0)] where group.contains(set) {
          return weight / Double(group.members.count)
        }
        if choice != distance, leaves.contains(set) {
          return 1 / Double(leaves.members.count - 1)
        }
        return 1
      }
    }

    /// Nodes that a prefix may have beyond its least size.
    func room(_ prefix: Prefix) -> Int { maximumSize - prefix.leastSize }

    /// What may fill the leftmost open place; never empty before the expression is complete.
    func choices(after prefix: Prefix) -> Choices {
      guard let place = prefix.openPlaces.last else { return [] }
      var choices = leaves
      if place.parent == .power, place.isRightOperand { choices.formUnion(exponents) }
      if place.parent == .divide, !place.isRightOperand { choices.formUnion(numerators) }
      let room = room(prefix)
      if room >= 1 { choices.formUnion(unary) }
      if room >= 2 { choices.formUnion(binary) }
      return allowsSign(place) ? choices : choices.subtracting(Choices(Self.choice(.negate)))
    }

    /// Signs of operands of sums, products and odd functions are those of another place; even
    /// functions have none.
    private func allowsSign(_ place: Prefix.Place) -> Bool {
      switch place.parent {
      case .negate, .multiply, .divide, .inverse, .square, .tanh, .erf, .gauss: false
      case .add, .subtract: !hasSignedSums
      default: true
      }
    }

    // MARK: Chance

    /// One of some choices by their weights.
    ///
    /// - Precondition: there is one.
    func draw(
      from choices: Choices, after prefix: Prefix, _ random: inout RandomStream
    ) -> UInt8 {
      let members = choices.members
      guard let place = prefix.openPlaces.last else { return members[0] }
      let weights = members.map { weight($0, at: place) }
      var draw = random.nextUnit() * weights.reduce(0, +)
      let chosen = weights.firstIndex { weight in
        draw -= weight
        return draw < 0
      }
      return members[chosen ?? members.count - 1]
    }

    /// Coefficients stand at the left of products and quotients.
    private func weight(_ choice: UInt8, at place: Prefix.Place) -> Double {
      let isCoefficient =
        (place.parent == .multiply || place.parent == .divide) && !place.isRightOperand
      guard isCoefficient, case .parameter = Self.meaning(choice) else {
        return weights[Int(choice)]
      }
      return Self.coefficientWeight * weights[Int(choice)]
    }

    private static let coefficientWeight = 4.0
  }
}
