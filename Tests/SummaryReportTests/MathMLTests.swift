import ExpressionTrees
import Foundation
import Testing

@testable import SummaryReport

@Suite("Formulas as MathML")
struct MathMLTests {
  private func markup(_ text: String) throws -> String {
    try ExpressionTree(parsing: text).mathML
  }

  @Test("a quotient is a fraction, a product parameter has the index of the pair")
  func quotient() throws {
    #expect(
      try markup("X/r")
        == "<mfrac><mrow><msub><mi>X</mi><mrow><mi mathvariant=\"normal\">AB</mi></mrow></msub></mrow>"
        + "<mrow><mi>r</mi></mrow></mfrac>")
  }

  @Test(
    "parentheses stand where the expression needs them, and not where the layout says it",
    arguments: [
      ("(a + r)*b", 1), ("a + r*b", 0), ("a - (r - b)", 1), ("a/(r + b)", 0), ("(a + r)^b", 1),
      ("a^(r + b)", 0), ("exp(a*r)", 1), ("-(a + r)", 1), ("sqrt(a + r)", 0), ("(-r)^2", 1),
      ("(a/r)^2", 1), ("square(a + r)", 1), ("a*(-r)", 1), ("gauss(r + a)", 2),
    ])
  func parentheses(text: String, count: Int) throws {
    #expect(try markup(text).components(separatedBy: "<mo>(</mo>").count - 1 == count, "\(text)")
  }

  @Test("every operator is well-formed markup")
  func wellFormed() throws {
    let functions = Operator.functions.map { "\($0.symbol)(a*r)" }
    for text in functions + [
      "a*r + b/r - X^r*Y", "-a*r", "A[]/r^6 + S~*r", "Q/r + B1*a*r", "x10*r",
    ] {
      let document = "<math>\(try markup(text).replacing("&#x2061;", with: ""))</math>"
      let parser = XMLCheck()
      #expect(parser.isWellFormed(document), "\(text): \(document)")
    }
  }
}

/// Whether elements are closed in the order they were opened.
struct XMLCheck {
  func isWellFormed(_ text: String) -> Bool {
    var open: [Substring] = []
    for match in text.matches(of: /<(\/?)([a-zA-Z0-9]+)[^>]*?(\/?)>/) {
      if !match.3.isEmpty { continue }
      if match.1.isEmpty {
        open.append(match.2)
      } else if open.popLast() != match.2 {
        return false
      }
    }
    return open.isEmpty
  }
}
