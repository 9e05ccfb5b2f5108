import AtomicData
import Testing

@testable import ExpressionTrees

struct CanonicalFormTests {
  @Test(
    "complexities of the design's examples",
    arguments: [
      ("X/r", 3), ("X/r + Y*exp(-b*r)", 10), ("X/r + Y*exp(b*r)", 10),
      ("X/r - Z*exp(-c*r) + Y*exp(-b*r)", 17), ("Z*exp(d*r)/r", 8), ("X*r^a - Y*r^b", 11),
    ])
  func complexity(expression: String, nodes: Int) throws {
    #expect(try ExpressionTree(parsing: expression).complexity == nodes)
  }

  @Test(
    "ways to write one family share one canonical form",
    arguments: [
      ("a*b/r", "a/r"), ("a*X*b/r", "a*X/r"), ("exp(a + b*r)", "a*exp(b*r)"), ("r/a", "a*r"),
      ("a^r", "exp(a*r)"), ("X*Y/r", "X/r"), ("X/(Y*r)", "X/r"), ("X/r + a", "X/r"),
      ("exp(a)*X/r", "a*X/r"), ("Y*exp(-b*r) + X/r", "X/r + Y*exp(b*r)"),
      ("X/exp(b*r)", "X*exp(b*r)"), ("X/r^a", "X*r^a"), ("X*r^a*r^2", "X*r^a"),
      ("(r^2)^3*X", "X*r^6"), ("X*r/r^3", "X/r^2"), ("a*(b + c*r)*r", "(a + b*r)*r"),
      ("a/(b + c*r)", "a/(b + r)"), ("X*(Y*r + Z/r)", "X*r + Y/r"), ("X*(r + r)", "X*r"),
      ("X/(r + r)^2", "X/r^2"),
      ("exp(X*r)^2", "exp(X*r)"), ("X*(Y - r)", "-(X*r)"), ("(X*r)^2", "X^2*r^2"),
      ("(1/(r - Y))^2", "1/(r - Y)^2"),
      ("X*exp(a*r)*exp(b*r)", "X*exp(a*r)"), ("-(-(X/r))", "X/r"), ("a*r + r", "a*r"),
      ("X*exp(b*r)^2", "X*exp(b*r)"), ("(a*r)^2*X", "a*X*r^2"), ("a - X/r", "-(X/r)"),
    ])
  func equivalents(one: String, other: String) throws {
    let one = try #require(CanonicalForm(of: try ExpressionTree(parsing: one)))
    let other = try #require(CanonicalForm(of: try ExpressionTree(parsing: other)))
    #expect(one.tree.description == other.tree.description)
  }

  @Test(
    "different families keep different canonical forms",
    arguments: [
      ("X/r", "-X/r"), ("X/r + Y/r^2", "X/r - Y/r^2"), ("X*exp(Y*r)", "X*exp(-Y*r)"),
      ("a*X/r", "X/r"), ("X^2/r", "X/r"), ("X/r^2", "X/r^3"), ("X*r^Y", "X*r^a"),
      ("a*r + b*r^2", "X*r + b*r^2"), ("(X + Y)/r", "X/r"),
      ("a*exp(-b*r) + a/r", "a*exp(b*r) + c/r"),
    ])
  func distinct(one: String, other: String) throws {
    let one = try #require(CanonicalForm(of: try ExpressionTree(parsing: one)))
    let other = try #require(CanonicalForm(of: try ExpressionTree(parsing: other)))
    #expect(one.tree.description != other.tree.description)
  }

  @Test(
    "an expression without r, or with numbers that have no notation, has no canonical form",
    arguments: [
      "a", "X*Y + b", "r - r", "a^2", "r + r", "(r/r + r/r)^r", "X/(r - r)", "X/r^64/r^64",
    ])
  func constants(expression: String) throws {
    #expect(CanonicalForm(of: try ExpressionTree(parsing: expression)) == nil)
  }

  @Test("resolving signs turns a*X into X or -X by the value of a")
  func signs() throws {
    let tree = try ExpressionTree(parsing: "a*X/r")
    let positive = CanonicalForm(of: tree, theta: [4, 1, 2], typeCount: 2, resolvesSigns: true)
    #expect(positive?.tree.description == "X/r")
    #expect(positive?.theta == [2, 4])
    let negative = CanonicalForm(of: tree, theta: [-4, 1, 2], typeCount: 2, resolvesSigns: true)
    #expect(negative?.tree.description == "-(X/r)")
  }

  @Test(
    "the canonical form has the forces of the expression it came from", arguments: [false, true])
  func preservesForces(resolvesSigns: Bool) {
    var compared = 0
    for seed in 0..<4_000 as Range<UInt64> {
      var generator = RandomExpressions(seed: seed)
      let tree = generator.tree(nodeCount: 1 + generator.random.nextInt(below: 14))
      let theta = generator.theta(count: tree.layout(typeCount: 2).count)
      guard
        let form = CanonicalForm(
          of: tree, theta: theta, typeCount: 2, resolvesSigns: resolvesSigns)
      else { continue }
      for pair in twoTypes.pairs {
        for distance in [0.7, 1.1, 1.9] {
          let value = tree.value(
            at: distance, theta: theta, pair: pair, layout: tree.layout(typeCount: 2))
          let canonical = form.tree.value(
            at: distance, theta: form.theta, pair: pair, layout: form.tree.layout(typeCount: 2))
          let reference = value.derivative
          // Beyond these sizes rounding, not algebra, decides.
          guard reference.isFinite, abs(reference) < 1e6, abs(value.energy) < 1e6,
            form.theta.allSatisfy(\.isFinite)
          else { continue }
          compared += 1
          let tolerance = 1e-7 * (1 + abs(value.energy) + abs(reference))
          #expect(
            abs(reference - canonical.derivative) <= tolerance,
            "seed \(seed): \(tree) \(theta) → \(form.tree) \(form.theta) at \(distance)")
        }
      }
    }
    #expect(compared > 5_000)
  }

  @Test("the canonical form of a canonical form is itself")
  func idempotent() {
    for seed in 0..<4_000 as Range<UInt64> {
      var generator = RandomExpressions(seed: seed)
      let tree = generator.tree(nodeCount: 1 + generator.random.nextInt(below: 14))
      guard let form = CanonicalForm(of: tree) else { continue }
      let again = CanonicalForm(of: form.tree)
      #expect(
        again?.tree.nodes == form.tree.nodes,
        "seed \(seed): \(tree) → \(form.tree) → \(again?.tree.description ?? "none")")
    }
  }

  @Test("the canonical form has no more nodes than the expression, powers with free bases apart")
  func isSmall() {
    for seed in 0..<4_000 as Range<UInt64> {
      var generator = RandomExpressions(seed: seed)
      let tree = generator.tree(nodeCount: 1 + generator.random.nextInt(below: 14))
      guard let form = CanonicalForm(of: tree) else { continue }
      // a^u becomes exp(b*u), one node more; (X*r)^a becomes r^a*X^b, two more.
      let powers = tree.nodes.filter { $0 == .operation(.power) }.count
      #expect(
        form.tree.nodeCount <= tree.nodeCount + 2 * powers, "seed \(seed): \(tree) → \(form.tree)")
    }
  }

  @Test("the printed canonical form reads back as the same tree")
  func printedFormParses() throws {
    for seed in 0..<1_000 as Range<UInt64> {
      var generator = RandomExpressions(seed: seed)
      let tree = generator.tree(nodeCount: 1 + generator.random.nextInt(below: 14))
      guard let form = CanonicalForm(of: tree) else { continue }
      #expect(try ExpressionTree(parsing: form.tree.description) == form.tree, "seed \(seed)")
    }
  }
}
