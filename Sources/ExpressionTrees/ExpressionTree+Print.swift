import AtomicData

extension ExpressionTree: CustomStringConvertible {
  /// The expression in the notation that `init(parsing:)` reads.
  public var description: String {
    var stack: [(text: String, precedence: Int)] = []
    for node in nodes {
      switch node {
      case .distance: stack.append(("r", Precedence.leaf))
      case .known(let quantity): stack.append((quantity.name, Precedence.leaf))
      case .parameter(let number): stack.append((parameters[number].description, Precedence.leaf))
      case .literal(let value): stack.append((String(value), Precedence.leaf))
      case .operation(let operation):
        let right = stack.removeLast()
        if operation.arity == 1 {
          stack.append(Self.unary(operation, right))
        } else {
          stack.append(Self.binary(operation, stack.removeLast(), right))
        }
      }
    }
    return stack[0].text
  }

  private enum Precedence {
    static let sum = 1
    static let product = 2
    static let negation = 3
    static let power = 4
    static let leaf = 5
  }

  private typealias Piece = (text: String, precedence: Int)

  private static func unary(_ operation: Operator, _ operand: Piece) -> Piece {
    guard operation == .negate else {
      return ("\(operation.symbol)(\(operand.text))", Precedence.leaf)
    }
    return ("-" + parenthesized(operand, below: Precedence.negation), Precedence.negation)
  }

  private static func binary(_ operation: Operator, _ left: Piece, _ right: Piece) -> Piece {
    switch operation {
    case .add, .subtract:
      // Right operands keep their parentheses: parsing gives back the same tree, not only the same
      // value.
      let right = parenthesized(right, below: Precedence.product)
      return ("\(left.text) \(operation.symbol) \(right)", Precedence.sum)
    case .multiply, .divide:
      let left = parenthesized(left, below: Precedence.product)
      let right = parenthesized(right, below: Precedence.negation)
      return ("\(left)\(operation.symbol)\(right)", Precedence.product)
    default:
      let left = parenthesized(left, below: Precedence.leaf)
      let right = parenthesized(right, below: Precedence.negation)
      return ("\(left)\(operation.symbol)\(right)", Precedence.power)
    }
  }

  private static func parenthesized(_ piece: Piece, below precedence: Int) -> String {
    piece.precedence < precedence ? "(\(piece.text))" : piece.text
  }
}
