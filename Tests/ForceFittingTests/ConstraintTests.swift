import AtomicData
import CompressedForces
import ExpressionTrees
import TestSupport
import Testing

@testable import ForceFitting

/// Constraints of fits, each judged by the tree itself.
struct ConstraintTests {
  static let law = "X/r + Y*exp(-b*r)"
  static let truth = [0.9, -1.6, 20, 35, 2.2]

  static func fit(
    _ expression: String, _ constraints: [PotentialConstraint], mode: CutoffMode = .shiftedForce,
    optimizer: Optimizer = .gaussNewton
  ) async throws -> (tree: ExpressionTree, problem: FitProblem, outcome: FitOutcome) {
    let problem = try await SyntheticData.problem(
      law, theta: truth, mode: mode, constraints: constraints)
    let tree = try ExpressionTree(parsing: expression)
    let outcome = ParameterFit(
      problem: problem, options: FittingOptions.thorough.with(optimizer), seed: 1
    ).fit(tree)
    return (tree, problem, outcome)
  }

  /// U and dU/dr in the treatment of the problem, by the tree, one distance at a time.
  static func value(
    _ tree: ExpressionTree, _ problem: FitProblem, _ theta: [Double], pair: Int, at r: Double
  ) -> PotentialValue {
    let layout = tree.layout(typeCount: problem.typeCount)
    let types = problem.pairTypes.pairs[pair]
    return problem.treatment.value(
      tree.value(at: r, theta: theta, pair: types, layout: layout), atDistance: r,
      cutoffValue: tree.value(at: problem.grid.cutoff, theta: theta, pair: types, layout: layout))
  }

  @Test("pinned forces and energies are met", arguments: CutoffMode.allCases)
  func pins(mode: CutoffMode) async throws {
    let (tree, problem, outcome) = try await Self.fit(
      "X/r + Y*exp(-b*r) + Z/r^6",
      [
        .force(pairType: 1, distance: 2.5, value: 0.1),
        .energy(pairType: 2, distance: 2, value: 0.5),
      ], mode: mode == .constraint ? .shiftedForce : mode)
    #expect(outcome.status == .fitted)
    let unit = problem.meanSquaredForce.squareRoot()
    let force = -Self.value(tree, problem, outcome.theta, pair: 1, at: 2.5).derivative
    let energy = Self.value(tree, problem, outcome.theta, pair: 2, at: 2).energy
    #expect(abs(force - 0.1) <= 1.0001e-4 * unit)
    #expect(abs(energy - 0.5) <= 1.0001e-4 * unit)
    // The reported violation is what the tree says.
    let violation = max(abs(force - 0.1), abs(energy - 0.5)) / unit
    #expect(abs(outcome.maxConstraintViolation - violation) <= 1e-9)
  }

  @Test("a repulsive wall keeps the force from turning below the sampled range")
  func wall() async throws {
    // Unlike pairs attract each other at all distances.
    let wall = PotentialConstraint.repulsion(pairType: 1, from: 0.6, to: 1.2)
    let (tree, problem, free) = try await Self.fit("X/r + Y/r^6", [])
    let (_, _, bound) = try await Self.fit("X/r + Y/r^6", [wall])
    func smallest(_ outcome: FitOutcome) -> Double {
      (0..<6).map {
        -Self.value(tree, problem, outcome.theta, pair: 1, at: 0.6 + 0.6 * Double($0) / 5)
          .derivative
      }.min() ?? .nan
    }
    let unit = problem.meanSquaredForce.squareRoot()
    #expect(bound.status == .fitted)
    #expect(smallest(bound) >= -1.0001e-4 * unit)
    #expect(bound.meanSquaredForceError >= free.meanSquaredForceError * (1 - 1e-9))
  }

  @Test("the tail of the potential only rises or only falls")
  func tail() async throws {
    let expression = "X/r + Y*exp(-b*r)*(r - c)*(r - d)"
    let tail = (0..<3).map { PotentialConstraint.monotonicTail(pairType: $0, from: 3) }
    let (tree, problem, outcome) = try await Self.fit(expression, tail)
    #expect(outcome.status == .fitted)
    let unit = problem.meanSquaredForce.squareRoot()
    for pair in 0..<3 {
      let forces = (0..<5).map {
        -Self.value(tree, problem, outcome.theta, pair: pair, at: 3 + 3 * Double($0) / 5).derivative
          / unit
      }
      #expect(forces.allSatisfy { $0 >= -1.0001e-4 } || forces.allSatisfy { $0 <= 1.0001e-4 })
    }
  }

  @Test(
    "bounds hold to the last bit, and a bound that counts is met",
    arguments: [Optimizer.gaussNewton, .nlopt])
  func bounds(optimizer: Optimizer) async throws {
    let (tree, _, free) = try await Self.fit(Self.law, [], optimizer: optimizer)
    let place = tree.layout(typeCount: 2).ranges[2].lowerBound
    #expect(abs(free.theta[place] - 2.2) < 1e-4)
    let (_, _, bound) = try await Self.fit(
      Self.law, [.bounds(.name("b"), lower: 0, upper: 2)], optimizer: optimizer)
    #expect(bound.status == .fitted)
    #expect(bound.theta[place] <= 2 && bound.theta[place] > 2 - 1e-3)
    #expect(bound.meanSquaredForceError > free.meanSquaredForceError)
    let (_, _, idle) = try await Self.fit(
      Self.law, [.bounds(.kind(.global), lower: 0, upper: 5)], optimizer: optimizer)
    #expect(abs(idle.theta[place] - 2.2) < 1e-4)
  }

  @Test("bounds on factors choose their sign")
  func signs() async throws {
    let (_, _, outcome) = try await Self.fit(
      Self.law, [.bounds(.value(name: "X", scope: "H"), lower: -.infinity, upper: -0.1)])
    #expect(outcome.status == .fitted)
    #expect(abs(outcome.theta[0] + 0.9) < 1e-4 && abs(outcome.theta[1] - 1.6) < 1e-4)
  }

  @Test("neutral factors sum to zero over a molecule", arguments: CutoffMode.allCases)
  func neutral(mode: CutoffMode) async throws {
    let expression = mode == .constraint ? "X/r + X*a*r + Y*exp(-b*r^2)" : Self.law
    let (_, _, outcome) = try await Self.fit(
      expression, [.neutral(parameter: "X", composition: [2, 1])], mode: mode)
    #expect(outcome.status == .fitted)
    #expect(abs(2 * outcome.theta[0] + outcome.theta[1]) <= 1e-12)
    #expect(abs(outcome.theta[0]) > 0.1)
  }

  @Test("constraints that contradict each other make a fit infeasible")
  func contradiction() async throws {
    let (_, _, outcome) = try await Self.fit(
      "X/r",
      [
        .force(pairType: 0, distance: 2, value: 1), .force(pairType: 0, distance: 2, value: 2),
      ])
    #expect(outcome.status == .infeasible)
    #expect(outcome.maxConstraintViolation > 1e-4)
  }

  @Test("the minimum under a pinned force is that of the equations", arguments: [0.02, -0.3])
  func closedForm(pinned: Double) async throws {
    // U = a/r + b/r^6 is linear in a and b: F(2.5) = pinned leaves one unknown.
    let problem = try await SyntheticData.problem(
      Self.law, theta: Self.truth, mode: .none,
      constraints: (0..<3).map { .force(pairType: $0, distance: 2.5, value: pinned) })
    let tree = try ExpressionTree(parsing: "a/r + b/r^6")
    let outcome = ParameterFit(problem: problem, options: .thorough, seed: 1).fit(tree)
    func loss(_ b: Double) -> Double {
      // a/2.5² + 6b/2.5⁷ = pinned
      let a = 6.25 * (pinned - 6 * b / 610.3515625)
      return problem.statistics.meanSquaredForceError(
        of: problem.forces(of: tree, theta: [a, b]).values)
    }
    // A parabola through three points.
    let (left, middle, right) = (loss(-1), loss(0), loss(1))
    let best = (left - right) / (2 * (left - 2 * middle + right))
    #expect(outcome.status == .fitted)
    #expect(abs(outcome.meanSquaredForceError - loss(best)) <= 1e-7 * loss(best))
    #expect(abs(outcome.theta[1] - best) <= 1e-3 * abs(best))
  }
}
