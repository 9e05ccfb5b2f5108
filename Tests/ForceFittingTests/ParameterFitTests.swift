import AtomicData
import CompressedForces
import ExpressionTrees
import TestSupport
import Testing

@testable import ForceFitting

struct ParameterFitTests {
  @Test(
    "the parameters of a known law are recovered from its forces",
    arguments: [
      ("X/r", [0.8, -1.7]),
      ("X/r + Y*exp(b*r)", [0.8, -1.7, 9, 14, -2.6]),
      ("X/r^12 - Y/r^6", [6, 19, 1.3, 3.1]),
      ("X*exp(b*r) - Y/r^6", [11, 17, -2.2, 1.1, 2.3]),
      ("X*(exp(a*r) - b)^2", [4, 7, -1.3, 0.05]),
      ("X/r + Y/r^12 - Z/r^6", [0.9, -1.8, 4, 16, 0.7, 2.2]),
      ("X*exp(-b*r)/r", [1.2, -1.9, 0.5]), ("X/r^a", [3, 5, 7.5]),
      ("A[]/r + X/r^6", [0.8, -0.3, -1.7, 3, 5]),
      ("X/r + A[]*exp(B[]*r)", [0.8, -1.7, 9, -6, 14, -2.6, -2.1, -1.9]),
      ("A[]/r - B[]*exp(c*r)", [0.8, 0.7, -0.4, 9, 4, 14, -1.8]),
      ("X*((S~/r)^9 - (S~/r)^6)", [0.7, 1.3, 2.1, 1.5]),
    ])
  func recoversParameters(expression: String, theta: [Double]) async throws {
    let problem = try await SyntheticData.problem(expression, theta: theta)
    let tree = try ExpressionTree(parsing: expression)
    let fit = ParameterFit(problem: problem, options: .thorough, seed: 1).fit(tree)
    #expect(fit.status == .fitted)
    #expect(fit.r2 > 1 - 1e-9)
    for (found, planted) in zip(fit.theta, tree.gaugeFixed(theta, typeCount: 2)) {
      #expect(abs(found - planted) <= 1e-4 * abs(planted), "\(fit.theta)")
    }
  }

  @Test(
    "the parameters of a published potential are recovered from its forces",
    arguments: KnownPotential.all.filter { $0.parameters != nil }.map(\.name))
  func recoversPublished(name: String) async throws {
    let known = try #require(KnownPotential.named(name))
    let tree = try ExpressionTree(parsing: known.expression)
    let types = known.typeNames
    let parameters = try #require(known.parameters)
    let theta = tree.gaugeFixed(
      try tree.theta(of: parameters, typeNames: types), typeCount: types.count)
    let problem = try await SyntheticData.problem(
      known.expression, theta: theta, typeNames: types, smallestDistance: 2.4, cutoff: 9)
    let fit = ParameterFit(problem: problem, options: .thorough, seed: 1).fit(tree)
    // A factor of zero is recovered on the scale of the other factor.
    for (parameter, range) in zip(tree.parameters, tree.layout(typeCount: types.count).ranges) {
      let scale = theta[range].map(abs).max() ?? 0
      for k in range {
        #expect(
          abs(fit.theta[k] - theta[k]) <= 1e-4 * (theta[k] == 0 ? scale : abs(theta[k])),
          "\(parameter.name): \(fit.theta), planted \(theta)")
      }
    }
  }

  @Test("the closed form: one linear parameter has the loss of least squares")
  func closedForm() async throws {
    let problem = try await SyntheticData.problem(
      "X/r + Y*exp(b*r)", theta: [0.8, -1.7, 9, 14, -2.6])
    let fit = ParameterFit(problem: problem, options: .thorough, seed: 1)
      .fit(try ExpressionTree(parsing: "a/r"))
    let forces = problem.forces(of: try ExpressionTree(parsing: "a/r"), theta: [1]).values
    let statistics = problem.statistics
    // The loss is q·a² − 2p·a + c: its values at a = 1 and −1 give q and p.
    let upper = statistics.meanSquaredForceError(of: forces)
    let lower = statistics.meanSquaredForceError(of: forces.map { -$0 })
    let q = (upper + lower) / 2 - problem.meanSquaredForce
    let p = (lower - upper) / 4
    #expect(abs(fit.theta[0] - p / q) <= 1e-7 * abs(p / q))
    #expect(
      abs(fit.meanSquaredForceError - (problem.meanSquaredForce - p * p / q))
        <= 1e-9 * problem.meanSquaredForce)
  }

  @Test(
    "a fit under the constraint has no force at the cutoff, by our own evaluation",
    arguments: ["X*(r + a/r)", "X*(r + a/r) + Y*exp(b*r)", "X*exp(b*r)", "a*r + b/r"])
  func constraints(expression: String) async throws {
    let problem = try await SyntheticData.problem(
      "X/r + Y*exp(b*r)", theta: [0.8, -1.7, 9, 14, -2.6], mode: .constraint)
    let tree = try ExpressionTree(parsing: expression)
    let fit = ParameterFit(problem: problem, options: .thorough, seed: 3).fit(tree)
    #expect(fit.status == .fitted)
    #expect(fit.isCandidate)
    let layout = tree.layout(typeCount: 2)
    for pair in SyntheticData.types.pairs {
      let force = tree.value(at: 6, theta: fit.theta, pair: pair, layout: layout).derivative
      #expect(abs(force) <= 1e-4 * problem.meanSquaredForce.squareRoot())
    }
  }

  @Test("the closed form under the constraint: a line beside a/r")
  func constrainedClosedForm() async throws {
    let problem = try await SyntheticData.problem(
      "X/r + Y*exp(b*r)", theta: [0.8, -1.7, 9, 14, -2.6], mode: .constraint)
    let tree = try ExpressionTree(parsing: "a*r + b/r")
    let fit = ParameterFit(problem: problem, options: .thorough, seed: 1).fit(tree)
    // F(6 Å) = 0 is b = 36·a: one free scale of the force of r + 36/r.
    let forces = problem.forces(of: tree, theta: [1, 36]).values
    let upper = problem.statistics.meanSquaredForceError(of: forces)
    let lower = problem.statistics.meanSquaredForceError(of: forces.map { -$0 })
    let q = (upper + lower) / 2 - problem.meanSquaredForce
    let p = (lower - upper) / 4
    #expect(abs(fit.theta[0] - p / q) <= 1e-6 * abs(p / q))
    #expect(abs(fit.theta[1] - 36 * p / q) <= 36e-6 * abs(p / q))
  }

  @Test("a force that an exponential cuts off beyond the range of numbers is fitted")
  func steepCutoff() async throws {
    let problem = try await SyntheticData.problem(
      "X/r", theta: [0.8, -1.7], cutoff: 10, mode: .constraint)
    for expression in ["X/exp(r^3)", "X/r/exp(r^4)", "X*exp(-r^4)"] {
      let fit = ParameterFit(problem: problem, options: .quick, seed: 1)
        .fit(try ExpressionTree(parsing: expression))
      #expect(fit.isCandidate, "\(expression)")
    }
  }

  @Test("a form that can only vanish is no candidate", arguments: ["X/r", "a*r", "X*r^2"])
  func onlyZero(expression: String) async throws {
    let problem = try await SyntheticData.problem("X/r", theta: [0.8, -1.7], mode: .constraint)
    let fit = ParameterFit(problem: problem, options: .thorough, seed: 1)
      .fit(try ExpressionTree(parsing: expression))
    #expect(!fit.isCandidate)
  }

  @Test("shifting the force and adding a line to the potential are the same fit")
  func shiftEqualsLine() async throws {
    let theta = [0.8, -1.7]
    let shifted = try await SyntheticData.problem("X/r", theta: theta)
    let constrained = try await SyntheticData.problem("X/r", theta: theta, mode: .constraint)
    let one = ParameterFit(problem: shifted, options: .thorough, seed: 1)
      .fit(try ExpressionTree(parsing: "X/r"))
    let other = ParameterFit(problem: constrained, options: .thorough, seed: 1)
      .fit(try ExpressionTree(parsing: "X*(r + a/r)"))
    #expect(one.r2 > 1 - 1e-10)
    #expect(other.r2 > 1 - 1e-8)
    // The force X·(a/r² − 1) vanishes at 6 Å for a = 36.
    #expect(abs((other.theta.last ?? 0) - 36) < 1e-3)
  }

  @Test("the same seed gives the same fit, another seed another path")
  func seeds() async throws {
    let problem = try await SyntheticData.problem("X/r", theta: [0.8, -1.7])
    let tree = try ExpressionTree(parsing: "X/r^a + Y*exp(b*r)")
    let fits = [7, 7, 8].map {
      ParameterFit(problem: problem, options: .quick, seed: $0).fit(tree)
    }
    #expect(fits[0] == fits[1])
    #expect(fits[0].theta != fits[2].theta)
  }

  @Test("a fit without a finite loss is a value that says so")
  func failure() async throws {
    let problem = try await SyntheticData.problem("X/r", theta: [0.8, -1.7])
    let fit = ParameterFit(problem: problem, options: .quick, seed: 1)
      .fit(try ExpressionTree(parsing: "(r - r - r)^a"))
    #expect(fit.status == .failed)
    #expect(!fit.isCandidate)
    #expect(fit.meanSquaredForceError.isNaN)
  }

  @Test("no fit of a random form returns a number that re-evaluation denies")
  func honesty() async throws {
    let problem = try await SyntheticData.problem(
      "X/r + Y*exp(b*r)", theta: [0.8, -1.7, 9, 14, -2.6], mode: .constraint)
    let expressions = [
      "X*exp(Y*r)", "r^X", "X/(r + a)", "exp(X/r - Y)", "X*r^a*exp(b*r^2)", "X^r", "a*X/r",
      "(X + Y)/r",
      "X/r - Y*exp(exp(r))", "a", "r",
    ]
    for expression in expressions {
      let tree = try ExpressionTree(parsing: expression)
      let fit = ParameterFit(problem: problem, options: .quick, seed: 5).fit(tree)
      guard fit.status == .fitted else { continue }
      let (forces, violation) = problem.forces(of: tree, theta: fit.theta)
      #expect(violation <= 1e-4, "\(expression)")
      let loss = problem.statistics.meanSquaredForceError(of: forces)
      #expect(
        abs(loss - fit.meanSquaredForceError) <= 1e-9 * problem.meanSquaredForce, "\(expression)")
    }
  }
}
