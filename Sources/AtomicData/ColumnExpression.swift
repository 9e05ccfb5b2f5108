/// A sum of columns or keys with numeric factors: `force-mono1_force-mono2_force`, `0.5*fa+2*fb`.
///
/// Where the data has a column (or key) whose name is the whole text, that column is meant.
public struct ColumnExpression: Sendable, Hashable, CustomStringConvertible {
  /// As the user wrote it.
  public let text: String
  /// The terms that the text reads as, if it is not itself a name.
  public let terms: [Term]

  /// `factor` times the column or key `name`.
  public struct Term: Sendable, Hashable {
    public let factor: Double
    public let name: String

    public init(factor: Double, name: String) {
      self.factor = factor
      self.name = name
    }
  }

  public var description: String { text }

  /// Reads `[±] term (± term)…`, a term being `name`, `factor*name` or `name*factor`.
  ///
  /// - Throws: `InputError` where the text is neither that nor could be a name.
  public init(_ text: String) throws {
    self.text = text
    var terms: [Term] = []
    var rest = Substring(text)
    repeat {
      let sign = try Self.takeSign(&rest, isFirst: terms.isEmpty, of: text)
      let term = try Self.takeTerm(&rest, of: text)
      terms.append(Term(factor: sign * term.factor, name: term.name))
    } while !rest.isEmpty
    self.terms = terms
  }

  /// The terms, given the names that are there.
  public func terms(amongNames names: some Collection<String>) -> [Term] {
    names.contains(text) ? [Term(factor: 1, name: text)] : terms
  }

  private static func takeSign(
    _ rest: inout Substring, isFirst: Bool, of text: String
  ) throws -> Double {
    rest = rest.drop(while: \.isWhitespace)
    switch rest.first {
    case "+", "-":
      return rest.removeFirst() == "-" ? -1 : 1
    default:
      guard isFirst else { throw malformed(text, expected: "+ or -", at: rest) }
      return 1
    }
  }

  private static func takeTerm(_ rest: inout Substring, of text: String) throws -> Term {
    let start = rest.drop(while: \.isWhitespace)
    rest = start
    if let factor = takeFactor(&rest), takeAsterisk(&rest) {
      return Term(factor: factor, name: try takeName(&rest, of: text))
    }
    rest = start
    let name = try takeName(&rest, of: text)
    guard takeAsterisk(&rest) else { return Term(factor: 1, name: name) }
    rest = rest.drop(while: \.isWhitespace)
    guard let factor = takeFactor(&rest) else {
      throw malformed(text, expected: "a number", at: rest)
    }
    rest = rest.drop(while: \.isWhitespace)
    return Term(factor: factor, name: name)
  }

  private static func takeAsterisk(_ rest: inout Substring) -> Bool {
    rest = rest.drop(while: \.isWhitespace)
    guard rest.first == "*" else { return false }
    rest = rest.dropFirst().drop(while: \.isWhitespace)
    return true
  }

  /// A number may hold a sign in its exponent, where a name would end.
  private static func takeFactor(_ rest: inout Substring) -> Double? {
    let bytes = Array(rest.utf8.prefix { $0.isDigit || ".+-eEdD".utf8.contains($0) })
    let found: (value: Double, count: Int)? = bytes.withUnsafeBufferPointer { buffer in
      guard var cursor = buffer.baseAddress else { return nil }
      let start = cursor
      let value = DecimalNumber.scan(&cursor, end: start + buffer.count)
      return value.map { ($0, cursor - start) }
    }
    guard let found, found.value.isFinite else { return nil }
    // A number is ASCII: as many characters as bytes.
    rest = rest.dropFirst(found.count)
    return found.value
  }

  private static func takeName(_ rest: inout Substring, of text: String) throws -> String {
    let name = rest.prefix { !$0.isWhitespace && !"+-*".contains($0) }
    guard !name.isEmpty else { throw malformed(text, expected: "a column or key", at: rest) }
    guard DecimalNumber.whole(name) == nil else {
      throw malformed(text, expected: "a column or key", at: rest)
    }
    rest = rest.dropFirst(name.count).drop(while: \.isWhitespace)
    return String(name)
  }

  private static func malformed(
    _ text: String, expected: String, at rest: Substring
  ) -> InputError {
    let place = rest.isEmpty ? "the end" : "\"\(rest)\""
    return InputError(
      "expected \(expected) in \"\(text)\", found \(place)",
      remedy: "write sums of columns, as in force-mono1_force or 0.5*fa+2*fb")
  }
}
