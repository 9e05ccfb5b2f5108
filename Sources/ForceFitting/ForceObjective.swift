import CompressedForces
import ExpressionTrees

/// Loss, constraints and their gradients for one tree; the working memory of one fit.
///
/// The loss is in units of the mean squared reference force, so that 1 is the loss of U = 0, and the
/// constraints in units of the root mean square reference force.
final class ForceObjective {
  let tree: ExpressionTree
  let problem: FitProblem
  /// Length of θ.
  let parameterCount: Int
  /// One per pair type in mode `constraint`, else none.
  let constraintCount: Int
  private(set) var evaluations = 0

  private let onGrid: ForceEvaluator
  private let atCutoff: ForceEvaluator
  private let rootMeanSquaredForce: Double
  private var forces: [Double]
  private var weights: [Double]
  private var cutoffForces: [Double]
  private var cutoffWeights: [Double]

  init(tree: ExpressionTree, problem: FitProblem) {
    self.tree = tree
    self.problem = problem
    onGrid = problem.gridEvaluator(tree)
    atCutoff = problem.cutoffEvaluator(tree)
    parameterCount = onGrid.parameterCount
    constraintCount = problem.cutoffMode == .constraint ? problem.pairTypes.count : 0
    rootMeanSquaredForce = problem.meanSquaredForce.squareRoot()
    forces = Array(repeating: 0, count: onGrid.forceCount)
    weights = forces
    cutoffForces = Array(repeating: 0, count: atCutoff.forceCount)
    cutoffWeights = cutoffForces
  }

  /// The loss, and its gradient where wanted. Not a number where a force is.
  func loss(
    _ theta: UnsafePointer<Double>, gradient: UnsafeMutablePointer<Double>?
  ) -> Double {
    evaluations += 1
    onGrid.evaluate(theta: theta, forces: &forces)
    shiftForces(&forces)
    let unit = 1 / problem.meanSquaredForce
    guard let gradient else {
      return problem.statistics.meanSquaredForceError(of: forces) * unit
    }
    let loss = problem.statistics.meanSquaredForceError(of: forces, gradient: &weights)
    if problem.cutoffMode == .shiftedForce {
      for (start, count) in zip(problem.grid.offsets, problem.grid.pointCounts) {
        // f(r) − f(r_cut): node 0 of every pair type is the cutoff.
        var sum = 0.0
        for k in start..<(start + count) { sum += weights[k] }
        weights[start] -= sum
      }
    }
    onGrid.accumulateGradient(theta: theta, weights: weights, gradient: gradient)
    for k in 0..<parameterCount { gradient[k] *= unit }
    return loss * unit
  }

  /// Forces on the grid in the cutoff treatment of the problem, eV/Å.
  func gridForces(_ theta: [Double]) -> [Double] {
    onGrid.evaluate(theta: theta, forces: &forces)
    shiftForces(&forces)
    return forces
  }

  private func shiftForces(_ forces: inout [Double]) {
    guard problem.cutoffMode == .shiftedForce else { return }
    for (start, count) in zip(problem.grid.offsets, problem.grid.pointCounts) {
      let shift = forces[start]
      for k in start..<(start + count) { forces[k] -= shift }
    }
  }

  /// F_AB(r_cut) for every pair type; the Jacobian, where wanted, row by row.
  func constraints(
    _ theta: UnsafePointer<Double>, values: UnsafeMutablePointer<Double>,
    jacobian: UnsafeMutablePointer<Double>?
  ) {
    guard constraintCount > 0 else { return }
    atCutoff.evaluate(theta: theta, forces: values)
    let unit = 1 / rootMeanSquaredForce
    for pair in 0..<constraintCount {
      values[pair] *= unit
      guard let jacobian else { continue }
      cutoffWeights[pair] = unit
      atCutoff.accumulateGradient(
        theta: theta, weights: cutoffWeights, gradient: jacobian + pair * parameterCount)
      cutoffWeights[pair] = 0
    }
  }

  /// Largest constraint violation, in units of the root mean square reference force.
  func maxViolation(_ theta: [Double]) -> Double {
    guard constraintCount > 0 else { return 0 }
    constraints(theta, values: &cutoffForces, jacobian: nil)
    var largest = 0.0
    for value in cutoffForces {
      if value.isNaN { return .infinity }
      largest = max(largest, abs(value))
    }
    return largest
  }
}
