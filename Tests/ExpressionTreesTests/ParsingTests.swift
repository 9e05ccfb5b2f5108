import Testing

@testable import ExpressionTrees

struct ParsingTests {
  @Test("printing and parsing give back the tree")
  func roundTrip() throws {
    for seed in 0..<2_000 as Range<UInt64> {
      var generator = RandomExpressions(seed: seed)
      let tree = generator.tree(nodeCount: 1 + generator.random.nextInt(below: 20))
      #expect(try ExpressionTree(parsing: tree.description) == tree, "seed \(seed): \(tree)")
    }
  }

  @Test(
    "signs, powers and division bind as in mathematics",
    arguments: [
      ("-r^2", "-(r^2)"), ("r^a^b", "r^(a^b)"), ("a - b - r", "(a - b) - r"),
      ("a/r/b", "(a/r)/b"), ("-a*r", "(-a)*r"), ("a*-r", "a*(-r)"), (" X / r ", "X/r"),
    ])
  func precedence(one: String, other: String) throws {
    #expect(try ExpressionTree(parsing: one).nodes == ExpressionTree(parsing: other).nodes)
  }

  @Test("[] marks a pair parameter, ~ a mean parameter, and both are printed")
  func suffixes() throws {
    let tree = try ExpressionTree(parsing: "A [ ]*exp(-r/S~) + A[]/r")
    #expect(
      tree.parameters == [
        Parameter(name: "A", kind: .pair), Parameter(name: "S", kind: .mean),
      ])
    #expect(tree.description == "A[]*exp(-r/S~) + A[]/r")
  }

  @Test("one name is one parameter, upper case a product parameter")
  func names() throws {
    let tree = try ExpressionTree(parsing: "Xi*exp(-b2*r) + Xi/r")
    #expect(
      tree.parameters == [
        Parameter(name: "Xi", kind: .product), Parameter(name: "b2", kind: .global),
      ])
  }

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
}
