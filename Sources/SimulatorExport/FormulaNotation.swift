import Foundation

/// How an engine writes formulas.
///
/// Every operand that is no name, number or call stands in parentheses where engines could group
/// otherwise: behind `-` and `/`, and on both sides of a power.
struct FormulaNotation: Sendable {
  /// What people call it.
  let engine: String
  let power: String
  /// Names of the functions; those that are missing the engine cannot say.
  let functions: [Formula.Function: String]

  /// LAMMPS and OpenMM: the Lepton library. `^` groups to the right, `-r^2` is −(r²).
  static let lepton = FormulaNotation(
    engine: "Lepton", power: "^",
    functions: Dictionary(
      uniqueKeysWithValues: Formula.Function.allCases.map { ($0, $0.rawValue) }))

  /// NumPy as `np`; the error functions come from a module of this name.
  static let numpy = FormulaNotation(
    engine: "NumPy", power: "**",
    functions: [
      .exp: "np.exp", .log: "np.log", .sqrt: "np.sqrt", .tanh: "np.tanh", .erf: "erf",
      .erfc: "erfc", .max: "np.maximum", .min: "np.minimum", .step: "step", .select: "np.where",
    ])

  /// SymPy as `sp`.
  static let sympy = FormulaNotation(
    engine: "SymPy", power: "**",
    functions: [
      .exp: "sp.exp", .log: "sp.log", .sqrt: "sp.sqrt", .tanh: "sp.tanh", .erf: "sp.erf",
      .erfc: "sp.erfc", .max: "sp.Max", .min: "sp.Min",
    ])

  /// The formula as text.
  ///
  /// - Throws: `UnsayableFunction`.
  func text(_ formula: Formula) throws(UnsayableFunction) -> String { try piece(formula).text }

  private typealias Piece = (text: String, precedence: Int)

  private func piece(_ formula: Formula) throws(UnsayableFunction) -> Piece {
    switch formula {
    case .number(let value):
      return value < 0 ? (Self.text(value), 1) : (Self.text(value), 5)
    case .symbol(let name): return (name, 5)
    case .add(let a, let b):
      return ("\(try piece(a).text) + \(wrapped(try piece(b), below: 2))", 1)
    case .subtract(let a, let b):
      return ("\(try piece(a).text) - \(wrapped(try piece(b), below: 2))", 1)
    case .multiply(let a, let b):
      return ("\(wrapped(try piece(a), below: 2))*\(wrapped(try piece(b), below: 3))", 2)
    case .divide(let a, let b):
      return ("\(wrapped(try piece(a), below: 2))/\(wrapped(try piece(b), below: 3))", 2)
    case .negate(let a): return ("-\(wrapped(try piece(a), below: 3))", 1)
    case .power(let a, let b):
      return ("\(wrapped(try piece(a), below: 5))\(power)\(wrapped(try piece(b), below: 5))", 3)
    case .call(let function, let operands):
      guard let name = functions[function] else {
        throw UnsayableFunction(engine: engine, function: function.rawValue)
      }
      var texts: [String] = []
      for operand in operands { texts.append(try piece(operand).text) }
      return ("\(name)(\(texts.joined(separator: ", ")))", 5)
    }
  }

  private func wrapped(_ piece: Piece, below precedence: Int) -> String {
    piece.precedence < precedence ? "(\(piece.text))" : piece.text
  }

  /// As many digits as it takes to read back the same bits; whole numbers without a point.
  static func text(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return String(format: "%.0f", value) }
    return "\(value)"
  }
}

/// A function that an engine's expressions do not have.
struct UnsayableFunction: Error, Hashable, CustomStringConvertible {
  let engine: String
  let function: String

  var description: String { "the function \(function)" }
}
