import AtomicData

extension ExpressionTree {
  /// Reads an expression such as `X/r + Y*exp(-b*r)`.
  ///
  /// `r` is the distance, lower-case names are global parameters, upper-case names product
  /// parameters (`X`), pair parameters (`A[]`) or mean parameters (`S~`), `Q` is the known property of the
  /// pair, whole numbers stand only as
  /// exponents (or as the numerator 1). Functions are those of `Operator.functions`. `^` binds more tightly than the sign before it and groups to
  /// the right: `-r^2` is −(r²).
  ///
  /// - Throws: `ExpressionError`.
  public init(parsing text: String) throws {
    var parser = Parser(text)
    let tree = try parser.parseWhole()
    self.init(nodes: tree.nodes, parameters: tree.parameters)
  }

  /// Whether what is printed can be read back: not where it exceeds the limits of the parser.
  var hasNotation: Bool {
    // A node adds at most three levels: parentheses, a sign within them, and what follows it.
    3 * nodeCount < Parser.maximumDepth || (try? ExpressionTree(parsing: description)) == self
  }

  private struct Parser {
    let text: String
    let characters: [Character]
    var position = 0
    var depth = 0
    var nodes: [Node] = []
    var parameters: [Parameter] = []

    /// Deeper nesting is refused: it would exhaust the stack.
    static let maximumDepth = 200
    /// More nodes than this is no expression a person means.
    static let maximumNodeCount = 2_000

    init(_ text: String) {
      self.text = text
      characters = Array(text)
    }

    mutating func parseWhole() throws -> (nodes: [Node], parameters: [Parameter]) {
      try parseSum()
      guard peek() == nil else { throw error("expected an operator or the end, found \(found())") }
      return (nodes, parameters)
    }

    // MARK: Grammar

    private mutating func parseSum() throws {
      depth += 1
      defer { depth -= 1 }
      guard depth <= Self.maximumDepth else {
        throw error("expected at most \(Self.maximumDepth) levels of nesting, found more")
      }
      try parseProduct()
      while let sign = peek(), sign == "+" || sign == "-" {
        position += 1
        try parseProduct()
        try append(.operation(sign == "+" ? .add : .subtract))
      }
    }

    private mutating func parseProduct() throws {
      try parseSigned(isExponent: false)
      while let sign = peek(), sign == "*" || sign == "/" {
        position += 1
        guard peek() != "*" else {
          throw error("expected an operand, found *; a power is written ^")
        }
        try parseSigned(isExponent: false)
        try append(.operation(sign == "*" ? .multiply : .divide))
      }
    }

    private mutating func parseSigned(isExponent: Bool) throws {
      depth += 1
      defer { depth -= 1 }
      guard depth <= Self.maximumDepth else {
        throw error("expected at most \(Self.maximumDepth) levels of nesting, found more")
      }
      guard peek() == "-" else { return try parsePower(isExponent: isExponent) }
      position += 1
      try parseSigned(isExponent: isExponent)
      try append(.operation(.negate))
    }

    private mutating func parsePower(isExponent: Bool) throws {
      try parsePrimary(isExponent: isExponent)
      guard peek() == "^" else { return }
      position += 1
      try parseSigned(isExponent: true)
      try append(.operation(.power))
    }

    private mutating func parsePrimary(isExponent: Bool) throws {
      guard let character = peek() else {
        throw error("expected r, a parameter, exp(…) or (, found the end")
      }
      if character == "(" {
        position += 1
        try parseSum()
        try expectClosingParenthesis()
      } else if character.isASCII, character.isNumber {
        try parseLiteral(isExponent: isExponent)
      } else if character.isASCII, character.isLetter {
        try parseName()
      } else {
        throw error("expected r, a parameter, exp(…) or (, found \(found())")
      }
    }

    private mutating func parseLiteral(isExponent: Bool) throws {
      let start = position
      while position < characters.count, characters[position].isASCII,
        characters[position].isNumber || characters[position] == "."
      {
        position += 1
      }
      let digits = String(characters[start..<position]).shortened
      // 1 is the one number with a use outside exponents, as in 1/r.
      let isAllowed = isExponent ? 1...64 : 1...1
      guard let value = Int(digits), isAllowed.contains(value), isExponent || peek() == "/" else {
        position = start
        throw error(
          isExponent
            ? "expected a whole number from 1 to 64 as an exponent, found \(digits); "
              + "write a parameter for any other number"
            : "expected r or a parameter, found the number \(digits); numbers stand only as "
              + "exponents, write a parameter instead")
      }
      try append(.literal(value))
    }

    private mutating func parseName() throws {
      let start = position
      while position < characters.count, characters[position].isASCII,
        characters[position].isLetter || characters[position].isNumber
          || characters[position] == "_"
      {
        position += 1
      }
      let name = String(characters[start..<position])
      let function = Operator.functions.first { $0.symbol == name }
      if peek() == "(" {
        guard let function else {
          position = start
          let names = Operator.functions.map(\.symbol).joined(separator: ", ")
          throw error("expected a function out of \(names), found \(name.shortened)")
        }
        position += 1
        try parseSum()
        try expectClosingParenthesis()
        return try append(.operation(function))
      }
      guard function == nil else {
        throw error("expected ( after \(name), found \(found())")
      }
      if name == "r" { return try append(.distance) }
      if let quantity = KnownQuantity(name: name), peek() != "[", peek() != "~" {
        return try append(.known(quantity))
      }
      let parameter = Parameter(name: name, kind: try parseKind(start))
      if let number = parameters.firstIndex(where: { $0.name == name }) {
        guard parameters[number] == parameter else {
          position = start
          throw error(
            "expected \(parameters[number]) as before, found \(parameter); one name is one parameter"
          )
        }
        return try append(.parameter(number))
      }
      parameters.append(parameter)
      try append(.parameter(parameters.count - 1))
    }

    /// The kind of the parameter whose name starts at `start` and ends here, by case and suffix.
    private mutating func parseKind(_ start: Int) throws -> ParameterKind {
      let isUpperCase = characters[start].isUppercase
      guard let mark = peek(), mark == "[" || mark == "~" else {
        return isUpperCase ? .product : .global
      }
      let kind: ParameterKind = mark == "~" ? .mean : .pair
      guard isUpperCase else {
        position = start
        throw error("expected an upper-case name before \(kind.suffix), found \(characters[start])")
      }
      position += 1
      if kind == .pair {
        guard peek() == "]" else { throw error("expected ] after [, found \(found())") }
        position += 1
      }
      return kind
    }

    private mutating func expectClosingParenthesis() throws {
      guard peek() == ")" else { throw error("expected ), found \(found())") }
      position += 1
    }

    // MARK: Characters

    private mutating func append(_ node: Node) throws {
      guard nodes.count < Self.maximumNodeCount else {
        throw error("expected at most \(Self.maximumNodeCount) nodes, found more")
      }
      nodes.append(node)
    }

    private mutating func peek() -> Character? {
      while position < characters.count, characters[position].isWhitespace { position += 1 }
      return position < characters.count ? characters[position] : nil
    }

    private func found() -> String {
      position < characters.count ? String(characters[position]).shortened : "the end"
    }

    private func error(_ message: String) -> ExpressionError {
      ExpressionError(expression: text, offset: position, message: message)
    }
  }
}
