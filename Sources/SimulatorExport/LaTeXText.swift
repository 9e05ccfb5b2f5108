import AtomicData
import ExpressionTrees
import Foundation

/// Expressions and numbers in LaTeX's mathematics.
enum LaTeXText {
  private enum Precedence {
    static let sum = 1
    static let product = 2
    static let sign = 3
    static let power = 4
    static let leaf = 5
  }

  private typealias Piece = (text: String, precedence: Int)

  /// The expression: fractions for quotients, exponents raised.
  static func text(_ tree: ExpressionTree) -> String {
    var stack: [Piece] = []
    for node in tree.nodes {
      switch node {
      case .distance: stack.append(("r", Precedence.leaf))
      case .known(let quantity):
        stack.append(
          quantity == .property
            ? ("q_A q_B", Precedence.product) : (name(quantity.name), Precedence.leaf))
      case .parameter(let number): stack.append((name(tree.parameters[number]), Precedence.leaf))
      case .literal(let value): stack.append((String(value), Precedence.leaf))
      case .operation(let operation):
        let right = stack.removeLast()
        stack.append(
          operation.arity == 1
            ? unary(operation, right) : binary(operation, stack.removeLast(), right))
      }
    }
    return stack[0].text
  }

  private static func unary(_ operation: Operator, _ x: Piece) -> Piece {
    switch operation {
    case .negate: ("-" + wrapped(x, below: Precedence.product), Precedence.sign)
    case .inverse: ("\\frac{1}{\(x.text)}", Precedence.leaf)
    case .square: ("\(wrapped(x, below: Precedence.leaf))^{2}", Precedence.power)
    case .sqrt: ("\\sqrt{\(x.text)}", Precedence.leaf)
    case .gauss: ("\\exp\\left(-\(wrapped(x, below: Precedence.leaf))^{2}\\right)", Precedence.leaf)
    case .log: ("\\ln\\left(\(x.text)\\right)", Precedence.leaf)
    case .erf, .erfc:
      ("\\operatorname{\(operation.symbol)}\\left(\(x.text)\\right)", Precedence.leaf)
    default: ("\\\(operation.symbol)\\left(\(x.text)\\right)", Precedence.leaf)
    }
  }

  private static func binary(_ operation: Operator, _ x: Piece, _ y: Piece) -> Piece {
    switch operation {
    case .add, .subtract:
      return (
        "\(x.text) \(operation.symbol) \(wrapped(y, below: Precedence.product))", Precedence.sum
      )
    case .multiply:
      let right =
        y.precedence == Precedence.sign ? "\\left(\(y.text)\\right)" : wrapped(y, below: 2)
      return ("\(wrapped(x, below: Precedence.product)) \\, \(right)", Precedence.product)
    case .divide: return ("\\frac{\(x.text)}{\(y.text)}", Precedence.power)
    default:
      return ("\(wrapped(x, below: Precedence.leaf))^{\(y.text)}", Precedence.power)
    }
  }

  private static func wrapped(_ piece: Piece, below precedence: Int) -> String {
    piece.precedence < precedence ? "\\left(\(piece.text)\\right)" : piece.text
  }

  /// `X_A X_B` for a product parameter, `A_{AB}` for a pair parameter.
  static func name(_ parameter: Parameter) -> String {
    let name = name(parameter.name)
    switch parameter.kind {
    case .global: return name
    case .product, .pair: return "\(name)_{AB}"
    case .mean: return "\\bar{\(name)}_{AB}"
    }
  }

  /// A name of several letters upright, digits as an index.
  private static func name(_ name: String) -> String {
    let letters = name.prefix { $0.isLetter }
    let rest = name.dropFirst(letters.count).filter { $0 != "_" }
    let body = letters.count > 1 ? "\\mathrm{\(letters)}" : String(letters)
    return rest.isEmpty ? body : "{\(body)}_{\(rest)}"
  }

  /// `1.25 \times 10^{-3}` in as many digits as the value has.
  static func number(_ value: Double) -> String {
    let words = "\(value)".split(separator: "e")
    guard words.count == 2 else { return "$\(words[0])$" }
    return "$\(words[0]) \\times 10^{\(Int(words[1]) ?? 0)}$"
  }

  /// `eV^(1/2) Å^(Y/2)` with raised exponents.
  static func unit(_ unit: String?) -> String {
    guard let unit else { return "for $r$ in \\AA, $U$ in eV" }
    let raised = unit.replacing(/\^\(([^)]*)\)/) { "$^{\($0.1)}$" }
      .replacing(/\^(-?[0-9]+)/) { "$^{\($0.1)}$" }
    return raised.replacingOccurrences(of: "Å", with: "\\AA")
  }

  static func escaped(_ text: String) -> String {
    text.onOneLine.map { "_#%&${}".contains($0) ? "\\\($0)" : String($0) }.joined()
  }

  /// What the equation does not say.
  static func ends(_ potential: ExportedPotential) -> String {
    "X_AB = X_A X_B of product parameters, (S_A + S_B)/2 of mean parameters; r_cut = \(potential.cutoff) Å, "
      + "treatment \(potential.parts.map(\.treatment.mode.rawValue).joined(separator: " and "))"
  }
}
