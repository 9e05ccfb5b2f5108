import AtomicData
import ExpressionTrees

extension ExpressionTree {
  /// The expression as presentation MathML, the children of an `mrow`.
  ///
  /// Parameters that differ between pairs of types have the index AB, known quantities too. Fractions and
  /// exponents take the place of parentheses where they can.
  var mathML: String {
    var stack: [MathPiece] = []
    for node in nodes {
      switch node {
      case .distance: stack.append(MathPiece("<mi>r</mi>"))
      case .known(let quantity): stack.append(MathPiece(Self.identifier(quantity.name, "AB")))
      case .literal(let value): stack.append(MathPiece("<mn>\(value)</mn>"))
      case .parameter(let number):
        let parameter = parameters[number]
        let index = parameter.kind == .global ? nil : "AB"
        stack.append(MathPiece(Self.identifier(parameter.name, index)))
      case .operation(let operation):
        guard let right = stack.popLast() else { return "" }
        if operation.arity == 1 {
          stack.append(MathPiece(operation, right))
        } else if let left = stack.popLast() {
          stack.append(MathPiece(operation, left, right))
        }
      }
    }
    return stack.last?.markup ?? ""
  }

  /// `b2` as b with index 2; `S_AB`.
  private static func identifier(_ name: String, _ index: String?) -> String {
    let letters = name.prefix { !$0.isNumber }
    let digits = name.dropFirst(letters.count)
    let base = letters.isEmpty ? name : String(letters)
    let parts = [letters.isEmpty ? "" : String(digits), index ?? ""].filter { !$0.isEmpty }
    let symbol = "<mi>\(HTMLText.escaped(base))</mi>"
    guard !parts.isEmpty else { return symbol }
    let below = parts.map {
      $0.allSatisfy(\.isNumber) ? "<mn>\($0)</mn>" : "<mi mathvariant=\"normal\">\($0)</mi>"
    }.joined(separator: "<mo>,</mo>")
    return "<msub>\(symbol)<mrow>\(below)</mrow></msub>"
  }
}

/// Markup with what it needs around it in an operation.
private struct MathPiece {
  enum Level: Int, Comparable {
    case sum, product, sign, power, leaf

    static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
  }

  let markup: String
  let level: Level

  init(_ markup: String, _ level: Level = .leaf) {
    self.markup = markup
    self.level = level
  }

  init(_ operation: Operator, _ operand: MathPiece) {
    let inner = operand.markup
    switch operation {
    case .negate: self.init("<mo>−</mo>\(operand.within(.sign))", .sign)
    case .inverse: self.init("<mfrac><mn>1</mn><mrow>\(inner)</mrow></mfrac>", .product)
    case .square:
      self.init("<msup><mrow>\(operand.within(.leaf))</mrow><mn>2</mn></msup>", .power)
    case .sqrt: self.init("<msqrt><mrow>\(inner)</mrow></msqrt>")
    case .gauss:
      let square = "<msup><mrow>\(operand.within(.leaf))</mrow><mn>2</mn></msup>"
      self.init(Self.function("exp", "<mo>−</mo>\(square)"))
    case .log: self.init(Self.function("ln", inner))
    default: self.init(Self.function(operation.symbol, inner))
    }
  }

  init(_ operation: Operator, _ left: MathPiece, _ right: MathPiece) {
    switch operation {
    case .add:
      self.init("\(left.markup)<mo>+</mo>\(right.within(.product))", .sum)
    case .subtract:
      self.init("\(left.markup)<mo>−</mo>\(right.within(.product))", .sum)
    case .multiply:
      self.init(
        "\(left.within(.product))<mspace width=\"0.17em\"/>\(right.within(.power))", .product)
    case .divide:
      self.init(
        "<mfrac><mrow>\(left.markup)</mrow><mrow>\(right.markup)</mrow></mfrac>", .product)
    default:
      self.init(
        "<msup><mrow>\(left.within(.leaf))</mrow><mrow>\(right.markup)</mrow></msup>", .power)
    }
  }

  /// In parentheses where it binds less than asked for.
  func within(_ lowest: Level) -> String {
    level < lowest ? Self.parenthesized(markup) : markup
  }

  private static func function(_ name: String, _ argument: String) -> String {
    "<mi>\(name)</mi><mo>&#x2061;</mo>\(parenthesized(argument))"
  }

  private static func parenthesized(_ markup: String) -> String {
    "<mrow><mo>(</mo>\(markup)<mo>)</mo></mrow>"
  }
}
