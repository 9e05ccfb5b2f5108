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
}
