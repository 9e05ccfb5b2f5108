import Testing

@testable import ExpressionTrees

/// Every text is an expression or an error that names the place, in no time.
struct MalformedExpressionTests {
  @Test(
    "an expression that cannot be read names the place and the remedy",
    arguments: [
      ("X/r +", 5, "expected r, a parameter, exp(…) or (, found the end"),
      ("X/(r", 4, "expected ), found the end"),
      ("X/r)", 3, "expected an operator or the end, found )"),
      ("X**r", 2, "expected an operand, found *; a power is written ^"),
      (
        "2*X/r", 0,
        "expected r or a parameter, found the number 2; numbers stand only as exponents, "
          + "write a parameter instead"
      ),
      (
        "r^2.5", 2,
        "expected a whole number from 1 to 64 as an exponent, found 2.5; "
          + "write a parameter for any other number"
      ),
      (
        "sinh(r)", 0,
        "expected a function out of exp, inverse, square, sqrt, log, tanh, erf, erfc, gauss, found sinh"
      ),
      ("exp r", 4, "expected ( after exp, found r"),
      ("log*r", 3, "expected ( after log, found *"),
      ("a[]*r", 0, "expected an upper-case name before [], found a"),
      ("r*b~", 2, "expected an upper-case name before ~, found b"),
      ("A[r", 2, "expected ] after [, found r"),
      ("A[]/r + A/r^2", 8, "expected A[] as before, found A; one name is one parameter"),
      ("X/é", 2, "expected r, a parameter, exp(…) or (, found é"),
      ("   ", 3, "expected r, a parameter, exp(…) or (, found the end"),
      ("r r", 2, "expected an operator or the end, found r"),
      ("(r", 2, "expected ), found the end"),
      ("()", 1, "expected r, a parameter, exp(…) or (, found )"),
      ("exp()", 4, "expected r, a parameter, exp(…) or (, found )"),
      ("r^", 2, "expected r, a parameter, exp(…) or (, found the end"),
      ("r^-", 3, "expected r, a parameter, exp(…) or (, found the end"),
      (
        "r^0", 2,
        "expected a whole number from 1 to 64 as an exponent, found 0; "
          + "write a parameter for any other number"
      ),
      (
        "r^99999999999999999999", 2,
        "expected a whole number from 1 to 64 as an exponent, found 99999999999999999999; "
          + "write a parameter for any other number"
      ),
      (
        "1e5*r", 0,
        "expected r or a parameter, found the number 1; numbers stand only as exponents, "
          + "write a parameter instead"
      ),
      ("A[]]/r", 3, "expected an operator or the end, found ]"),
      ("A~~", 2, "expected an operator or the end, found ~"),
      ("_a*r", 0, "expected r, a parameter, exp(…) or (, found _"),
      ("r + %s", 4, "expected r, a parameter, exp(…) or (, found %"),
      ("X/r; rm", 3, "expected an operator or the end, found ;"),
      ("X − r", 2, "expected an operator or the end, found −"),
      ("r²", 1, "expected an operator or the end, found ²"),
      ("", 0, "expected r, a parameter, exp(…) or (, found the end"),
    ])
  func errors(expression: String, offset: Int, message: String) {
    #expect(
      throws: ExpressionError(expression: expression, offset: offset, message: message)
    ) { try ExpressionTree(parsing: expression) }
  }

  @Test("the caret stands under the place")
  func caret() {
    let error = ExpressionError(expression: "X//r", offset: 2, message: "expected an operand")
    #expect(error.description == "expected an operand\n  X//r\n    ^")
  }

  @Test("deep nesting is an error, not a crash")
  func nesting() {
    for text in [
      String(repeating: "(", count: 100_000), String(repeating: "-", count: 100_000) + "r",
      String(repeating: "r^", count: 100_000) + "r",
    ] {
      #expect(throws: ExpressionError.self) { try ExpressionTree(parsing: text) }
    }
  }

  @Test(
    "the error keeps to its three lines, whatever the expression holds",
    arguments: [
      ("X/\nr +\r\n", "X/ r + ", 7), ("r\u{1B}[2J", "r?[2J", 1), ("\0", "?", 0),
      ("r + \u{202E}r", "r + ?r", 4), ("r\u{2028}\u{85}~", "r  ~", 3),
    ])
  func threeLines(expression: String, shown: String, offset: Int) throws {
    let error = try #require(throws: ExpressionError.self) {
      try ExpressionTree(parsing: expression)
    }
    let lines = error.description.split(omittingEmptySubsequences: false) { $0.isNewline }
    let caret = String(repeating: " ", count: offset) + "^"
    #expect(lines.count == 3)
    #expect(error.description.hasSuffix("\n  \(shown)\n  \(caret)"))
  }

  @Test("of a long expression the error shows the place")
  func longExpression() throws {
    let text = String(repeating: "r + ", count: 400) + "?" + String(repeating: " + r", count: 400)
    let error = try #require(throws: ExpressionError.self) { try ExpressionTree(parsing: text) }
    let lines = error.description.split(separator: "\n")
    #expect(lines[1].count < 110)
    #expect(lines[1].dropFirst(lines[2].count - 1).first == "?")
  }

  @Test(
    "texts of a megabyte are refused in no time", .timeLimit(.minutes(10)),
    arguments: ["r+", "a", "1", "(", "-", "r^", "A[]+", " ", "e\u{301}", "exp("])
  func longTexts(part: String) throws {
    let text = String(repeating: part, count: 1_000_000 / part.utf8.count)
    for text in [text, "r^" + text, "r + " + text + "?"] {
      do {
        _ = try ExpressionTree(parsing: text)
      } catch let error as ExpressionError {
        #expect(error.description.utf8.count < 1_000)
      }
    }
  }

  private static func nested(_ opening: String, _ inner: String, _ closing: String) -> String {
    String(repeating: opening, count: 60) + inner + String(repeating: closing, count: 60)
  }

  private static func joined(_ operation: String, _ term: (Int) -> String) -> String {
    (0..<220).map(term).joined(separator: operation)
  }

  @Test("what can be read has a canonical form that can be, or none")
  func deepestForms() throws {
    for depth in [10, 40, 60, 66, 80, 97, 150, 190] {
      for part in ["r^-D^-", "(r+a)^-", "1/r^-a^", "-r^Y^-"] {
        let text = String(repeating: part, count: depth / 2) + "r"
        guard let tree = try? ExpressionTree(parsing: text) else { continue }
        #expect(try ExpressionTree(parsing: tree.description) == tree)
        guard let form = CanonicalForm(of: tree) else { continue }
        #expect(try ExpressionTree(parsing: form.tree.description) == form.tree, "\(text)")
      }
    }
  }

  @Test(
    "the canonical form of what fills the limits takes no time", .timeLimit(.minutes(10)),
    arguments: [
      joined("+") { "X\($0)*r^\($0 % 9 + 2)" }, joined("+") { "exp(-a\($0)*r)" },
      joined("*") { "(r+a\($0))" }, joined("/") { "(r+A\($0)[])" },
      joined("+") { "S\($0)~*r^T\($0)~" }, nested("a-X*(", "r", ")"), nested("(a-r)*(", "r", ")"),
      nested("exp(a+", "r", ")"), nested("tanh(-", "r", ")"), nested("r/(", "r+a", ")"),
      nested("(", "r", "+A[])^2"), nested("X^(Y+", "r", ")"), "((((r+a)^64)^64)^64)^64",
    ])
  func largestForms(expression: String) throws {
    let tree = try ExpressionTree(parsing: expression)
    guard let form = CanonicalForm(of: tree, typeCount: 2) else { return }
    #expect(try ExpressionTree(parsing: form.tree.description) == form.tree)
  }
}
