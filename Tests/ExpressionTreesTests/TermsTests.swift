import Testing

@testable import ExpressionTrees

struct TermsTests {
  @Test(
    "a sum of terms has a coefficient in each of them",
    arguments: [
      ("X/r", true), ("X/r + Y*exp(-b*r)", true), ("X/r - Y/r^6 + a*Q*r", true),
      ("exp(X/r)", false), ("X/r + r^Y", false), ("(X + Y/r)^Z", false), ("X/r + X/r^2", false),
    ])
  func sums(expression: String, isSum: Bool) throws {
    #expect(try ExpressionTree(parsing: expression).isSumOfTerms == isSum)
  }
}
