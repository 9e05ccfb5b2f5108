/// The operations of an expression.
public enum Operator: UInt8, Sendable, Hashable, CaseIterable {
  case add, subtract, multiply, divide, power, exp, negate
  /// 1/x.
  case inverse
  /// x².
  case square
  case sqrt, log, tanh, erf
  /// 1 − erf(x).
  case erfc
  /// exp(−x²).
  case gauss

  /// Number of operands, 1 or 2.
  public var arity: Int {
    switch self {
    case .add, .subtract, .multiply, .divide, .power: 2
    default: 1
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
    case .inverse: "inverse"
    case .square: "square"
    case .sqrt: "sqrt"
    case .log: "log"
    case .tanh: "tanh"
    case .erf: "erf"
    case .erfc: "erfc"
    case .gauss: "gauss"
    }
  }

  /// The operators that are written as functions, `exp(x)`.
  public static let functions = allCases.filter { $0.arity == 1 && $0 != .negate }

  /// The operators a search uses unless told otherwise.
  public static let standard: [Operator] = [.add, .subtract, .multiply, .divide, .power, .exp]

  /// Name of the operator on the command line: its symbol, `neg` for the unary minus.
  public var name: String { self == .negate ? "neg" : symbol }
}
