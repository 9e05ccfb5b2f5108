import AtomicData
import ExpressionTrees

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Starting points of local minimizations: the best of many cheap descents on the coarse grid.
///
/// Parameters are drawn at random, those that are coefficients of terms replaced by their best for the
/// shapes drawn. The best draws descend a little way, the best of these a longer one.
final class StartSearch {
  private let objective: ForceObjective
  private let projection: CoefficientProjection
  private let restoration: FeasibilityRestoration
  private let descent: GaussNewtonMinimizer
  private let longDescent: GaussNewtonMinimizer
  private let shapeScale: [Double]

  private static let drawCount = Int(env("TD", 32))
  private static let descentCount = Int(env("TK", 6))
  private static let constraintWeight = 10.0

  init(tree: ExpressionTree, problem: FitProblem, options: FittingOptions) {
    objective = ForceObjective(tree: tree, problem: problem, resolution: problem.coarse)
    projection = CoefficientProjection(objective: objective)
    restoration = FeasibilityRestoration(
      objective: objective, tolerance: options.feasibilityTolerance)
    descent = GaussNewtonMinimizer(
      objective: objective, evaluationLimit: Int(env("TS", 20)), relativeTolerance: 1e-3,
      constraintTolerance: 1e-3)
    longDescent = GaussNewtonMinimizer(
      objective: objective, evaluationLimit: Int(env("TL", 60)), relativeTolerance: 1e-4,
      constraintTolerance: 1e-3)
    var scale = Array(repeating: 1.0, count: objective.parameterCount)
    for number in projection.coefficients {
      for k in objective.layout.ranges[number] { scale[k] = 0 }
    }
    shapeScale = scale
  }

  /// Evaluations on the coarse grid so far.
  var evaluations: Int { objective.evaluations }

  /// - Returns: nil where no point drawn has a finite loss.
  func next(_ random: inout RandomStream) -> [Double]? {
    var pool: [(theta: [Double], merit: Double)] = []
    for _ in 0..<Self.drawCount {
      if let draw = draw(&random) { pool.append(draw) }
      if objective.parameterCount == 0 { break }
    }
    pool.sort { $0.merit < $1.merit }
    pool = Array(pool.prefix(Self.descentCount))
    if pool.count > 1 {
      for k in pool.indices { descend(descent, &pool[k]) }
      pool.sort { $0.merit < $1.merit }
      pool = Array(pool.prefix(2))
      if Self.descentCount > 2, pool.count > 1 { for k in pool.indices { descend(longDescent, &pool[k]) } }
      pool.sort { $0.merit < $1.merit }
    }
    return pool.first?.theta
  }

  private func descend(_ minimizer: GaussNewtonMinimizer, _ point: inout (theta: [Double], merit: Double)) {
    _ = minimizer.minimize(&point.theta, seed: 0)
    point.merit = merit(point.theta)
  }

  private func merit(_ theta: [Double]) -> Double {
    let merit = objective.loss(theta, gradient: nil) + objective.maxViolation(theta)
    return merit.isFinite && theta.allSatisfy(\.isFinite) ? merit : .infinity
  }

  private func draw(_ random: inout RandomStream) -> (theta: [Double], merit: Double)? {
    var theta = Array(repeating: 0.0, count: objective.parameterCount)
    for (parameter, range) in zip(objective.tree.parameters, objective.layout.ranges) {
      for k in range { theta[k] = Self.drawn(parameter.kind, &random) }
    }
    if objective.constraintCount > 0 { approachFeasibility(&theta) }
    if projection.coefficients.isEmpty {
      let merit = merit(theta)
      return merit.isFinite ? (theta, merit) : nil
    }
    let weight = objective.constraintCount > 0 ? Self.constraintWeight : 0
    guard let merit = projection.apply(&theta, constraintWeight: weight, random: &random) else { return nil }
    return merit.isFinite ? (theta, merit) : nil
  }

  /// Shapes that vanish at the cutoff first, coefficients second: with the coefficients free the
  /// nearest way to fulfil the constraints is U = 0, from where no local optimizer returns.
  private func approachFeasibility(_ theta: inout [Double]) {
    var scale = shapeScale
    for k in scale.indices { scale[k] *= max(abs(theta[k]), ParameterFit.smallestScale) }
    restoration.apply(&theta, scale: scale, target: 1e-3, maximumSteps: Int(env("TR", 5)))
  }

  /// Rates in 1/Å and exponents are of order one and mostly negative, lengths squared may reach the
  /// square of the cutoff.
  private static func drawn(_ kind: ParameterKind, _ random: inout RandomStream) -> Double {
    let isWide = random.nextUnit() < 0.25
    let exponent = isWide ? 4 * random.nextUnit() - 2 : 1.4 * random.nextUnit() - 0.5
    let isNegative = random.nextUnit() < (kind == .global ? 0.65 : 0.5)
    return (isNegative ? -1 : 1) * pow(10, kind == .global ? exponent : exponent / 2)
  }
}
