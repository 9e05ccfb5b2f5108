import AtomicData
import ExpressionTrees

extension Formula {
  /// The formula of a tree in the name `r`, with parameters and known quantities under given names.
  ///
  /// What an exponential divides is multiplied by its inverse: a quotient's slope is no number where the
  /// exponential has overflowed.
  ///
  /// - Parameters:
  ///   - parameters: by number of the tree's parameter.
  ///   - known: of the known quantities.
  init(
    _ tree: ExpressionTree, parameters: [Formula], known: (KnownQuantity) -> Formula
  ) {
    var stack: [Formula] = []
    for node in tree.nodes {
      switch node {
      case .distance: stack.append(.distance)
      case .literal(let value): stack.append(.number(Double(value)))
      case .known(let quantity): stack.append(known(quantity))
      case .parameter(let number): stack.append(parameters[number])
      case .operation(let operation):
        let right = stack.removeLast()
        if operation.arity == 1 {
          stack.append(Self.unary(operation, right))
        } else {
          stack.append(Self.binary(operation, stack.removeLast(), right))
        }
      }
    }
    self = stack[0]
  }

  private static func unary(_ operation: Operator, _ x: Formula) -> Formula {
    switch operation {
    case .negate: return -x
    case .inverse: return quotient(.number(1), x)
    case .square: return raised(x, .number(2))
    case .gauss: return .call(.exp, [-raised(x, .number(2))])
    case .sqrt: return .call(.sqrt, [x])
    case .log: return .call(.log, [x])
    case .tanh: return .call(.tanh, [x])
    case .erf: return .call(.erf, [x])
    case .erfc: return .call(.erfc, [x])
    default: return .call(.exp, [x])
    }
  }

  private static func binary(_ operation: Operator, _ x: Formula, _ y: Formula) -> Formula {
    switch operation {
    case .add: x + y
    case .subtract: x - y
    case .multiply: x * y
    case .divide: quotient(x, y)
    default: raised(x, y)
    }
  }

  private static func quotient(_ x: Formula, _ y: Formula) -> Formula {
    guard case .call(.exp, let operands) = y else { return x / y }
    return x * .call(.exp, [-operands[0]])
  }

  /// The same with exponents that end before numbers overflow, for forms whose slope an engine would
  /// otherwise compute as ∞/∞.
  ///
  /// Values below e³⁰⁰ are the same to the last bit. Slopes are to be taken of what this gives.
  var withoutOverflow: Formula {
    mapping { formula in
      switch formula {
      case .call(.exp, let operands):
        return .call(.exp, [.call(.min, [.number(300), operands[0]])])
      case .power(let base, let exponent)
      where !base.symbols.contains("r") && exponent != .distance && exponent.symbols.contains("r"):
        // log of the base may have either sign: that of the exponents at which the power is large.
        let bound = Formula.number(300) / .call(.log, [base])
        return .power(
          base,
          .call(
            .select,
            [
              .call(.step, [base - .number(1)]), .call(.min, [exponent, bound]),
              .call(.max, [exponent, bound]),
            ]))
      default: return formula
      }
    }
  }
}
