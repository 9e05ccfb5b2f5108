/// The operations of an expression.
public enum Operator: UInt8, Sendable, Hashable, CaseIterable {
  case add, subtract, multiply, divide, power, exp, negate

  /// Number of operands, 1 or 2.
  public var arity: Int {
    switch self {
    case .add, .subtract, .multiply, .divide, .power: 2
    case .exp, .negate: 1
    }
  }

  /// How the operator is written: a sign between its operands, or the name of a function.
  public var symbol: String {
    switch self {
    case .add: "+"
    case .subtract, .negate: "-"
    case .multiply: "*"
    case .divide: "/"
    case .power: "^"
    case .exp: "exp"
    }
  }

  /// The operators a search uses unless told otherwise.
  public static let standard: [Operator] = [.add, .subtract, .multiply, .divide, .power, .exp]

  /// Name of the operator on the command line: its symbol, `neg` for the unary minus.
  public var name: String { self == .negate ? "neg" : symbol }
}
