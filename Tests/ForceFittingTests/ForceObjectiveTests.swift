import AtomicData
import CVectorKernels
import CompressedForces
import ExpressionTrees
import TestSupport
import Testing

@testable import ForceFitting

struct ForceObjectiveTests {
  @Test(
    "the gradients of loss and constraints equal central differences",
    arguments: CutoffMode.allCases)
  func gradients(mode: CutoffMode) async throws {
    let constraints: [PotentialConstraint] = [
      .repulsion(pairType: 0, from: 0.7, to: 1.2), .monotonicTail(pairType: 1, from: 4),
      .force(pairType: 1, distance: 2.5, value: 0.3), .energy(pairType: 2, distance: 2, value: -1),
      .bounds(.name("b"), lower: -3, upper: 12),
      .bounds(.kind(.product), lower: 0.1, upper: .infinity),
      .neutral(parameter: "X", composition: [2, 1]),
    ]
    let problem = try await SyntheticData.problem(
      "X/r", theta: [0.8, -1.7], mode: mode, constraints: constraints)
    let tree = try ExpressionTree(parsing: "X/r + Y*exp(b*r) + Z*r^a")
    let objective = ForceObjective(tree: tree, problem: problem, resolution: problem.fine)
    let theta = [0.7, -1.1, 3, 4, -1.5, 0.2, 0.3, -2.1]
    let count = objective.parameterCount
    var gradient = Array(repeating: 0.0, count: count)
    _ = objective.loss(theta, gradient: &gradient)
    let rows = max(1, objective.constraintCount)
    var values = Array(repeating: 0.0, count: rows)
    var jacobian = Array(repeating: 0.0, count: rows * count)
    objective.constraints(theta, values: &values, jacobian: &jacobian)
    for k in 0..<count {
      let step = 1e-5
      var (upper, lower) = (theta, theta)
      upper[k] += step
      lower[k] -= step
      let slope =
        (objective.loss(upper, gradient: nil) - objective.loss(lower, gradient: nil)) / (2 * step)
      #expect(abs(gradient[k] - slope) <= 1e-6 * (1 + abs(slope)), "parameter \(k)")
      var (above, below) = (values, values)
      objective.constraints(upper, values: &above, jacobian: nil)
      objective.constraints(lower, values: &below, jacobian: nil)
      for row in 0..<objective.constraintCount {
        let slope = (above[row] - below[row]) / (2 * step)
        #expect(abs(jacobian[row * count + k] - slope) <= 1e-6 * (1 + abs(slope)))
      }
    }
    // Six points of the wall, five of the tail, two pins, two bounds of b and one of each of six
    // factors, one molecule.
    #expect(objective.constraintCount == (mode == .constraint ? 3 : 0) + 6 + 5 + 2 + 2 + 6 + 1)
  }

  @Test(
    "residual and Jacobian belong to the loss and its gradient", arguments: CutoffMode.allCases)
  func residuals(mode: CutoffMode) async throws {
    let problem = try await SyntheticData.problem("X/r", theta: [0.8, -1.7], mode: mode)
    let tree = try ExpressionTree(parsing: "X/r^a + Y*exp(b*r)")
    for resolution in [problem.fine, problem.coarse] {
      let objective = ForceObjective(tree: tree, problem: problem, resolution: resolution)
      let theta = [0.7, -1.1, 1.2, 3, 4, -1.5]
      let (p, m, rows) = (objective.parameterCount, objective.constraintCount, objective.rowCount)
      var gradient = Array(repeating: 0.0, count: p)
      let loss = objective.loss(theta, gradient: &gradient)
      var residual = Array(repeating: 0.0, count: rows)
      var constraints = Array(repeating: 0.0, count: max(m, 1))
      var jacobian = Array(repeating: 0.0, count: p * rows)
      var constraintJacobian = Array(repeating: 0.0, count: max(p * m, 1))
      objective.evaluate(theta, residual: &residual, constraints: &constraints)
      objective.linearize(theta, jacobian: &jacobian, constraintJacobian: &constraintJacobian)
      let squares = residual.reduce(0) { $0 + $1 * $1 }
      #expect(abs(squares + objective.reduced.remainder - loss) <= 1e-12 * loss)
      for k in 0..<p {
        let slope = (0..<rows).reduce(0) { $0 + 2 * residual[$1] * jacobian[k * rows + $1] }
        #expect(abs(slope - gradient[k]) <= 1e-10 * (1 + abs(slope)), "parameter \(k)")
      }
      var values = constraints
      var expected = constraintJacobian
      objective.constraints(theta, values: &values, jacobian: &expected)
      for k in 0..<m { #expect(abs(values[k] - constraints[k]) <= 1e-12 * (1 + abs(values[k]))) }
      for k in 0..<(m * p) {
        #expect(abs(expected[k] - constraintJacobian[k]) <= 1e-12 * (1 + abs(expected[k])))
      }
    }
  }

  @Test("a force that the shift at the cutoff takes away explains nothing, whatever its size")
  func constantForces() async throws {
    let problem = try await SyntheticData.problem(
      "X/r + Y*exp(b*r)", theta: [0.8, -1.7, 9, 14, -2.6], mode: .shiftedForce)
    for text in ["a*r", "X*r", "r + r*(a - r) + r^2", "X*r*exp(Y)"] {
      let tree = try ExpressionTree(parsing: text)
      let fit = ParameterFit(problem: problem, options: .quick, seed: 1).fit(tree)
      #expect(!fit.isCandidate, "\(text): R² \(fit.r2) with \(fit.theta)")
    }
    let sum = try ExpressionTree(parsing: "X/r + Y*r")
    let fit = ParameterFit(problem: problem, options: .quick, seed: 1).fit(sum)
    let loss = problem.statistics.meanSquaredForceError(
      of: problem.forces(of: sum, theta: fit.theta).values)
    #expect(abs(loss - fit.meanSquaredForceError) <= 1e-12 * problem.meanSquaredForce)
    #expect(fit.theta.allSatisfy { abs($0) < 1e6 }, "\(fit.theta)")
  }

  @Test("the loss is that of the statistics, also on the coarse grid")
  func againstStatistics() async throws {
    for mode in CutoffMode.allCases {
      let problem = try await SyntheticData.problem("X/r", theta: [0.8, -1.7], mode: mode)
      let tree = try ExpressionTree(parsing: "X/r + Y*exp(b*r)")
      let theta = [0.7, -1.1, 9, 14, -2.5]
      let objective = ForceObjective(tree: tree, problem: problem, resolution: problem.fine)
      let rough = ForceObjective(tree: tree, problem: problem, resolution: problem.coarse)
      let direct =
        problem.statistics.meanSquaredForceError(of: objective.gridForces(theta))
        / problem.meanSquaredForce
      #expect(abs(objective.loss(theta, gradient: nil) - direct) <= 1e-11 * direct)
      #expect(abs(rough.loss(theta, gradient: nil) - direct) <= 1e-3 * direct)
    }
  }
}
