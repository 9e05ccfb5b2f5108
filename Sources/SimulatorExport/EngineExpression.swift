/// An engine's expression, read back from its text: what the engine will compute, to hold against the
/// potential before anything is written.
///
/// Lepton's grammar (LAMMPS, OpenMM) and the same with `**` and other names of functions (NumPy). A name
/// may be defined behind a semicolon, `a + b; a = 1; b = 2*a`: as in Lepton, a definition knows those to
/// its right alone.
struct EngineExpression {
  private let formula: Formula
  /// In the order in which they can be evaluated.
  private let definitions: [FormulaProgram.Definition]

  /// What a text is not.
  struct Failure: Error, CustomStringConvertible { let description: String }

  /// - Throws: `Failure` for what the engine cannot read, such as an unknown function.
  init(_ text: String, notation: FormulaNotation) throws {
    let parts = text.split(separator: ";").filter { !$0.allSatisfy(\.isWhitespace) }
    guard let first = parts.first else { throw Failure(description: "an empty expression") }
    formula = try Self.formula(first, notation)
    definitions = try parts.dropFirst().reversed().map { try Self.definition($0, notation) }
  }

  /// Lines `name = expression`, each of which knows those before it, as a program has them.
  ///
  /// - Parameter result: the name of the result.
  /// - Throws: `Failure`.
  init(lines: [String], result: String, notation: FormulaNotation) throws {
    formula = .symbol(result)
    definitions = try lines.map { try Self.definition($0[...], notation) }
  }

  private static func definition(
    _ text: Substring, _ notation: FormulaNotation
  ) throws -> FormulaProgram.Definition {
    guard let equals = text.firstIndex(of: "=") else {
      throw Failure(description: "no definition, \(text)")
    }
    let name = text[..<equals].filter { !$0.isWhitespace }
    return FormulaProgram.Definition(
      name: name, formula: try formula(text[text.index(after: equals)...], notation))
  }

  private static func formula(
    _ text: Substring, _ notation: FormulaNotation
  ) throws -> Formula {
    var parser = Parser(text, notation)
    return try parser.whole()
  }

  /// Value and slope by the distance for values of all free names.
  ///
  /// - Throws: `Failure` naming what has no value.
  func dual(_ values: [String: Dual]) throws -> Dual {
    var known = values
    for definition in definitions {
      try Self.check(definition.formula, known)
      known[definition.name] = definition.formula.dual { known[$0] ?? Dual(value: .nan) }
    }
    try Self.check(formula, known)
    return formula.dual { known[$0] ?? Dual(value: .nan) }
  }

  private static func check(_ formula: Formula, _ known: [String: Dual]) throws {
    let unbound = formula.symbols.filter { known[$0] == nil }.sorted()
    guard unbound.isEmpty else {
      throw Failure(description: "names without a value: \(unbound.joined(separator: ", "))")
    }
  }

  private struct Parser {
    private let characters: [Character]
    private let notation: FormulaNotation
    private let functions: [String: Formula.Function]
    private var place = 0

    init(_ text: Substring, _ notation: FormulaNotation) {
      characters = text.filter { !$0.isWhitespace }.map { $0 }
      self.notation = notation
      functions = Dictionary(uniqueKeysWithValues: notation.functions.map { ($1, $0) })
    }

    mutating func whole() throws -> Formula {
      let formula = try sum()
      guard place == characters.count else {
        throw Failure(description: "no operator: \(String(characters[place...]))")
      }
      return formula
    }

    private var next: Character? { place < characters.count ? characters[place] : nil }

    private mutating func takes(_ sign: String) -> Bool {
      guard characters[place...].starts(with: sign) else { return false }
      place += sign.count
      return true
    }

    private mutating func sum() throws -> Formula {
      var result = try product()
      while let sign = next, sign == "+" || sign == "-" {
        place += 1
        let other = try product()
        result = sign == "+" ? .add(result, other) : .subtract(result, other)
      }
      return result
    }

    private mutating func product() throws -> Formula {
      var result = try signed()
      while let sign = next, sign == "*" || sign == "/" {
        place += 1
        let other = try signed()
        result = sign == "*" ? .multiply(result, other) : .divide(result, other)
      }
      return result
    }

    private mutating func signed() throws -> Formula {
      guard next == "-" else { return try raised() }
      place += 1
      return .negate(try signed())
    }

    private mutating func raised() throws -> Formula {
      let base = try primary()
      guard takes(notation.power) else { return base }
      return .power(base, try signed())
    }

    private mutating func primary() throws -> Formula {
      if takes("(") {
        let inner = try sum()
        guard takes(")") else { throw Failure(description: "a parenthesis without end") }
        return inner
      }
      let start = place
      if next?.isNumber == true { return try number() }
      while let character = next,
        character.isLetter || character.isNumber || character == "_" || character == "."
      {
        place += 1
      }
      let name = String(characters[start..<place])
      guard !name.isEmpty else {
        throw Failure(description: "no operand: \(String(characters[start...]))")
      }
      guard takes("(") else { return .symbol(name) }
      var operands = [try sum()]
      while takes(",") { operands.append(try sum()) }
      guard takes(")") else { throw Failure(description: "a parenthesis without end") }
      if let function = functions[name] { return .call(function, operands) }
      // A table of the engine: a name of its own for what it is asked for.
      let isTable = name.hasSuffix(ExportNames.tableSuffix)
      let names = operands.compactMap { if case .symbol(let name) = $0 { name } else { nil } }
      guard isTable, names.count == operands.count else {
        throw Failure(description: "an unknown function, \(name)")
      }
      return .symbol("\(name)(\(names.joined(separator: ", ")))")
    }

    private mutating func number() throws -> Formula {
      let start = place
      while let character = next, character.isNumber || character == "." { place += 1 }
      if next == "e" || next == "E" {
        place += 1
        if next == "+" || next == "-" { place += 1 }
        while next?.isNumber == true { place += 1 }
      }
      let text = String(characters[start..<place])
      guard let value = Double(text) else { throw Failure(description: "no number, \(text)") }
      return .number(value)
    }
  }
}
