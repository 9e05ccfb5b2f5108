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
    "pair parameters take up all without r, mean parameters scales and shifts",
    arguments: [
      ("a*A[]/r", "A[]/r"), ("-A[]/r", "A[]/r"), ("A[]*X*r", "A[]*r"), ("A[]*S~*r", "A[]*r"),
      ("A[]*B[]/r", "A[]/r"), ("r/A[]", "A[]*r"), ("(A[] + X)*r", "A[]*r"),
      ("A[]^2*r", "A[]*r"), ("exp(A[])*r", "A[]*r"), ("exp(A[] + b*r)", "A[]*exp(b*r)"),
      ("exp(A[] + X + b*r)", "A[]*exp(b*r)"), ("A[]^r", "exp(A[]*r)"), ("tanh(A[] + a)*r", "A[]*r"),
      ("A[]/r + X/r", "A[]/r"), ("A[]/r + 1/r", "A[]/r"), ("X/r^A[]", "X*r^A[]"),
      ("(r^2)^A[]", "r^A[]"), ("A[]*(B[] + C[]*r)*r", "(B[] + C[]*r)*r"),
      ("A[]/(B[] + C[]*r)", "A[]/(B[] + r)"), ("A[]*(b + c*r)*r", "A[]*(b + r)*r"),
      ("A[]*(X - r)", "A[]*r"), ("a*S~*r", "S~*r"), ("r/(a*S~)", "r/S~"), ("-S~*r", "S~*r"),
      ("(S~ + a)*r", "S~*r"), ("(r/S~)^2", "r^2/S~^2"), ("(r/S~)^a", "r^a*S~^b"),
      ("(S~ - T~)*r", "S~*r"), ("exp(b*(S~ - c*r))", "exp(S~ - b*r)"),
      ("A[]*X*p*r + p*r^2", "A[]*r + a*r^2"), ("(r - S~)^2*r", "(S~ + r)^2*r"),
    ])
  func pairsAndMeans(one: String, other: String) throws {
    try equivalents(one: one, other: other)
  }

  @Test(
    "functions give out signs, and fold where their argument is a free constant",
    arguments: [
      ("tanh(-r)", "-tanh(r)"), ("X*tanh(-(a*r))", "X*tanh(a*r)"), ("-tanh(a*r)", "tanh(a*r)"),
      ("erf(X - r)", "erf(X - r)"), ("erf(r - X)", "-erf(X - r)"), ("gauss(r - X)", "gauss(X - r)"),
      ("gauss(-r)", "gauss(r)"), ("a*erf(X - r)", "a*erf(r - X)"), ("tanh(a)*r", "a*r"),
      ("r*log(b + c)", "a*r"),
      ("erf(r)*erf(r)", "erf(r)^2"), ("tanh(r)/tanh(r)*r", "r"), ("sqrt(r^4)", "r^2"),
      ("sqrt(a*r)*X", "a*X*sqrt(r)"), ("log(a*r)", "log(r)"), ("X*log(1/r)", "-(X*log(r))"),
      ("log(r^a)", "a*log(r)"), ("sqrt(r^a)", "r^a"), ("inverse(r)*X", "X/r"),
      ("square(X*r)", "X^2*r^2"), ("square(a*r)", "a*r^2"), ("inverse(inverse(r))", "r"),
      ("inverse(exp(r))", "exp(-r)"), ("sqrt(1/r)", "1/sqrt(r)"), ("log(exp(r)*X)", "log(X) + r"),
      ("log(a*exp(r^b))", "r^b"),
    ])
  func functions(one: String, other: String) throws {
    let notation = CanonicalForm.Notation(operators: Operator.standard)
    let forms = try [one, other].map {
      try #require(CanonicalForm(of: ExpressionTree(parsing: $0), notation: notation))
    }
    #expect(forms[0].tree.description == forms[1].tree.description)
  }

  @Test(
    "inverse and square are written where the tree or the grammar has them",
    arguments: [
      ("inverse(r)", "inverse(r)", 2), ("inverse(r*exp(r))", "inverse(r*exp(r))", 5),
      ("X*inverse(r)", "X*inverse(r)", 4), ("X/r + inverse(r + a)", "X/r + inverse(r + a)", 8),
      ("square(r)", "square(r)", 2), ("r*r + square(exp(a*r))", "square(r) + exp(a*r)", 7),
      ("X*r^4 + square(r + a)", "square(r + a) + X*r^4", 10), ("1/r", "1/r", 3),
    ])
  func notation(expression: String, written: String, nodes: Int) throws {
    let tree = try ExpressionTree(parsing: expression)
    let form = try #require(CanonicalForm(of: tree))
    #expect(form.tree.description == written)
    #expect(tree.complexity == nodes)
  }

  @Test("a grammar's inverse stands for a division it lacks")
  func grammarNotation() throws {
    let tree = try ExpressionTree(parsing: "X/(r*exp(r)) + 1/r^2")
    let written = { (operators: [Operator]) in
      CanonicalForm(of: tree, notation: .init(operators: operators))?.tree.description
    }
    #expect(written([.divide, .inverse]) == "inverse(r^2) + X/r/exp(r)")
    #expect(written([.multiply, .inverse, .square]) == "inverse(square(r)) + X*inverse(r*exp(r))")
    #expect(written([.divide]) == "1/r^2 + X/r/exp(r)")
  }

  @Test(
    "different families keep different canonical forms",
    arguments: [
      ("X/r", "-X/r"), ("X/r + Y/r^2", "X/r - Y/r^2"), ("X*exp(Y*r)", "X*exp(-Y*r)"),
      ("a*X/r", "X/r"), ("X^2/r", "X/r"), ("X/r^2", "X/r^3"), ("X*r^Y", "X*r^a"),
      ("a*r + b*r^2", "X*r + b*r^2"), ("(X + Y)/r", "X/r"),
      ("a*exp(-b*r) + a/r", "a*exp(b*r) + c/r"), ("A[]/r", "X/r"), ("S~/r", "X/r"),
      ("A[]/r + A[]/r^2", "A[]/r + B[]/r^2"), ("r/S~", "S~*r"), ("S~^2*r", "S~*r"),
      ("S~*T~*r", "S~*r"), ("X*S~*r", "S~*r"), ("(X + S~)*r", "S~*r"),
      ("X*exp(A[]*r)", "exp(A[]*r)"),
      ("A[]*r + B[]*r^2", "A[]*(r + r^2)"), ("erf(X*r)", "-erf(X*r)"), ("tanh(r)", "erf(r)"),
      ("gauss(X*r)", "gauss(a*r)"), ("erfc(r)*r", "erfc(-r)*r"), ("sqrt(r + a)", "r + a"),
      ("log(X)*r", "X*r"), ("sqrt(X)*r", "X*r"), ("tanh(X)*r", "X*r"),
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

  @Test(
    "no parameter takes up Q, and Q takes up none",
    arguments: [
      ("a*b*Q/r", "a*Q/r"), ("Q*Q/r", "Q^2/r"), ("exp(a + Q*r)", "a*exp(Q*r)"),
      ("Q + X/r", "X/r"), ("Q*(a + r)", "Q*r"), ("Q/(r*Q)", "1/r"), ("X*Q*Y/r", "X*Q/r"),
      ("exp(Q + r)", "exp(r + Q)"), ("a*(Q + b*r)", "b*r"), ("(Q*r)^a", "r^a*Q^b"),
    ])
  func property(expression: String, form: String) throws {
    let found = try #require(CanonicalForm(of: try ExpressionTree(parsing: expression)))
    let expected = try #require(CanonicalForm(of: try ExpressionTree(parsing: form)))
    #expect(found.tree == expected.tree)
    #expect(found.tree.nodeCount == (try ExpressionTree(parsing: form)).nodeCount)
  }

  @Test("Q goes with global and product parameters alone")
  func propertyBesidePairs() throws {
    for text in ["A[]*Q/r", "Q*S~/r"] {
      #expect(CanonicalForm(of: try ExpressionTree(parsing: text)) == nil)
    }
    // A name with a suffix is a parameter.
    #expect(!(try ExpressionTree(parsing: "Q~/r").usesKnown))
  }

  @Test(
    "an indicator is 0 or 1, and of two one is 0",
    arguments: [
      ("B1*B1*X/r", "X*B1/r"), ("B1^3/r", "B1/r"), ("B2^a*r", "B2*r"), ("B1*B2*r + X/r", "X/r"),
      ("B1*(B1*X/r + B2*Y*r)", "X*B1/r"), ("B3*exp(B3*r)", "B3*exp(r)"),
      ("B3*exp(B2*r)*r", "B3*r"), ("sqrt(B1*r)", "B1*sqrt(r)"), ("tanh(B1*X*r)", "B1*tanh(X*r)"),
      ("(B1*r)^2", "B1*r^2"), ("(B1*r)^a", "B1*r^a"), ("B1*(a + B1*r)", "B1*r"),
      ("a*b*B1/r", "a*B1/r"), ("B1 + X/r", "X/r"), ("Q*B1*B1*Q/r", "Q^2*B1/r"),
    ])
  func indicators(expression: String, form: String) throws {
    let tree = try ExpressionTree(parsing: expression)
    let found = CanonicalForm(of: tree)
    let expected = try #require(CanonicalForm(of: try ExpressionTree(parsing: form)))
    #expect(found?.tree == expected.tree)
    #expect(found?.tree.nodeCount == (try ExpressionTree(parsing: form)).nodeCount)
  }

  @Test(
    "what vanishes for every pair, or has no value where an indicator is 0, is no form",
    arguments: [
      "B1*B2*r", "X*B1*(B2*r + B3/r)", "B1*exp(r)*B3", "r/B1", "r*log(B2*r)", "B1^(-r)", "B1*a",
      "(B1*r)^(B2*r)", "1/(B1*r)", "inverse(B3)*r", "A[]*B1*r", "S~*B1*r",
    ])
  func noForm(expression: String) throws {
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

  /// Of the default search, and all: with many functions few operators meet.
  static let knownSets = [[], [.property], KnownQuantity.allCases]

  static let grammars = [Operator.standard + [.negate], Operator.allCases]

  @Test(
    "the canonical form has the forces of the expression it came from",
    arguments: [
      (false, []), (true, []), (false, [.property]), (true, [.property]),
      (false, KnownQuantity.allCases), (true, KnownQuantity.allCases),
      (true, [.oneBond, .twoBonds]),
    ], grammars)
  func preservesForces(
    _ options: (resolvesSigns: Bool, known: [KnownQuantity]), operators: [Operator]
  ) {
    var compared = 0
    for seed in 0..<10_000 as Range<UInt64> {
      var generator = RandomExpressions(
        seed: seed, operators: operators, known: options.known)
      let tree = generator.tree(nodeCount: 1 + generator.random.nextInt(below: 14))
      let theta = generator.theta(count: tree.layout(typeCount: 2).count)
      guard
        let form = CanonicalForm(
          of: tree, theta: theta, typeCount: 2, resolvesSigns: options.resolvesSigns)
      else { continue }
      for pair in tree.tellingPairs {
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
          // What has no value where an indicator is 1 has none where it is 0 and leaves it out.
          if canonical.derivative.isNaN, form.tree.known.contains(where: \.isIndicator) {
            continue
          }
          compared += 1
          let tolerance = 1e-7 * (1 + abs(value.energy) + abs(reference))
          // An indicator to a negative power is infinite where it is 0, even where exp makes that finite.
          if abs(reference - canonical.derivative) > tolerance,
            tree.known.contains(where: \.isIndicator),
            tree.isInfiniteInside(at: distance, theta: theta, pair: pair)
          {
            continue
          }
          #expect(
            abs(reference - canonical.derivative) <= tolerance,
            "seed \(seed): \(tree) \(theta) → \(form.tree) \(form.theta) at \(distance)")
        }
      }
    }
    #expect(compared > 5_000)
  }

  @Test(
    "the canonical form of a canonical form is itself", arguments: grammars, Self.knownSets)
  func idempotent(operators: [Operator], known: [KnownQuantity]) {
    for seed in 0..<10_000 as Range<UInt64> {
      var generator = RandomExpressions(
        seed: seed, operators: operators, known: known)
      let tree = generator.tree(nodeCount: 1 + generator.random.nextInt(below: 14))
      guard let form = CanonicalForm(of: tree) else { continue }
      let again = CanonicalForm(of: form.tree)
      #expect(
        again?.tree.nodes == form.tree.nodes,
        "seed \(seed): \(tree) → \(form.tree) → \(again?.tree.description ?? "none")")
    }
  }

  @Test(
    "the canonical form has no more nodes than the expression, powers with free bases apart",
    arguments: grammars)
  func isSmall(operators: [Operator]) {
    for seed in 0..<10_000 as Range<UInt64> {
      var generator = RandomExpressions(seed: seed, operators: operators)
      let tree = generator.tree(nodeCount: 1 + generator.random.nextInt(below: 14))
      guard let form = CanonicalForm(of: tree) else { continue }
      // a^u becomes exp(b*u), one node more; (X*r)^a becomes r^a*X^b, two more; (r/u)^a becomes
      // r^a*(1/u)^b, at most four; log(exp(u)/v) becomes u + log(1/v).
      let powers = tree.nodes.filter {
        [.operation(.power), .operation(.square), .operation(.log)].contains($0)
      }.count
      #expect(
        form.tree.nodeCount <= tree.nodeCount + 4 * powers, "seed \(seed): \(tree) → \(form.tree)")
    }
  }

  @Test(
    "the printed canonical form reads back as the same tree", arguments: grammars, Self.knownSets)
  func printedFormParses(operators: [Operator], known: [KnownQuantity]) throws {
    for seed in 0..<1_000 as Range<UInt64> {
      var generator = RandomExpressions(
        seed: seed, operators: operators, known: known)
      let tree = generator.tree(nodeCount: 1 + generator.random.nextInt(below: 14))
      guard let form = CanonicalForm(of: tree) else { continue }
      #expect(try ExpressionTree(parsing: form.tree.description) == form.tree, "seed \(seed)")
    }
  }
}
