import AtomicData

/// Levenberg–Marquardt on the reduced residual, inside an augmented Lagrangian where there are
/// equality constraints.
///
/// The residuals are ρ = R f − d and √μ (h + λ/μ) with the constraints h, multipliers λ and a weight μ;
/// their derivatives are exact. Levenberg, Q. Appl. Math. 2, 164 (1944), doi 10.1090/qam/10666;
/// Marquardt, SIAM J. Appl. Math. 11, 431 (1963), doi 10.1137/0111030; the scaling of the damping after
/// Moré, Lect. Notes Math. 630, 105 (1978), doi 10.1007/BFb0067700; its size after Nielsen, IMM-REP-1999-05;
/// multipliers after Powell and Hestenes, J. Optim. Theory Appl. 4, 303 (1969), doi 10.1007/BF00927673.
struct GaussNewtonMinimizer: LocalMinimizer {
  let objective: ForceObjective
  let evaluationLimit: Int
  /// Relative change of the loss at which the minimization ends.
  let relativeTolerance: Double
  let constraintTolerance: Double

  private let system: SymmetricSystem
  private let jacobian: AlignedNumbers
  private let constraintJacobian: AlignedNumbers
  private let normal: AlignedNumbers
  private let weights: AlignedNumbers
  private let slope: AlignedNumbers
  private let step: AlignedNumbers
  private let multipliers: AlignedNumbers
  private let acceleration: AlignedNumbers
  private let shift: AlignedNumbers
  let projection: CoefficientProjection?

  /// Residual and constraints at one θ.
  private struct Point {
    let theta: AlignedNumbers
    let residual: AlignedNumbers
    let constraints: AlignedNumbers

    init(_ objective: ForceObjective) {
      theta = AlignedNumbers(count: objective.parameterCount)
      residual = AlignedNumbers(count: objective.rowCount)
      constraints = AlignedNumbers(count: objective.constraintCount)
    }
  }

  private static let firstDamping = 1e-2
  private static let firstPenalty = 10.0
  private static let largestPenalty = 1e8
  private static let penaltyGrowth = 10.0

  init(
    objective: ForceObjective, evaluationLimit: Int, relativeTolerance: Double,
    constraintTolerance: Double
  ) {
    self.objective = objective
    self.evaluationLimit = evaluationLimit
    self.relativeTolerance = relativeTolerance
    self.constraintTolerance = constraintTolerance
    let (p, m) = (objective.parameterCount, objective.constraintCount)
    system = SymmetricSystem(count: p)
    jacobian = AlignedNumbers(count: p * objective.rowCount)
    constraintJacobian = AlignedNumbers(count: m * p)
    normal = AlignedNumbers(count: p * p)
    weights = AlignedNumbers(count: p)
    slope = AlignedNumbers(count: p)
    step = AlignedNumbers(count: p)
    multipliers = AlignedNumbers(count: m)
    acceleration = AlignedNumbers(count: p)
    shift = AlignedNumbers(count: m)
    projection = CoefficientProjection(objective: objective)
  }

  func minimize(_ theta: inout [Double], seed: UInt64) -> FitOutcome.StopReason {
    let (p, m) = (objective.parameterCount, objective.constraintCount)
    guard p > 0 else { return .converged }
    var (here, there) = (Point(objective), Point(objective))
    let evaluationsBefore = objective.evaluations
    here.theta[].update(from: theta, count: p)
    weights[].update(repeating: 0, count: p)
    multipliers[].update(repeating: 0, count: m)
    var penalty = Self.firstPenalty
    var innerTolerance = m == 0 ? relativeTolerance : 0.1
    var damping = tuneB
    var growth = 2.0
    var lastViolation = Double.infinity
    objective.evaluate(
      here.theta[], residual: here.residual[], constraints: here.constraints[])
    var merit = self.merit(here, penalty)
    guard merit.isFinite else { return .failure }
    linearize(here)
    form(here, penalty)
    var reason = FitOutcome.StopReason.evaluationLimit
    while objective.evaluations - evaluationsBefore < evaluationLimit {
      guard system.factorize(normal[], damping: damping, weights: weights[]) else {
        damping = max(damping, 1e-12) * 10
        if damping > 1e12 {
          reason = .roundoff
          break
        }
        continue
      }
      for k in 0..<p { step[][k] = -slope[][k] }
      system.solve(step[])
      var predicted = 0.0
      for k in 0..<p {
        predicted += step[][k] * (damping * weights[][k] * step[][k] - slope[][k])
        there.theta[][k] = here.theta[][k] + step[][k]
      }
      if tuneG { accelerate(here, &there, penalty, damping) }
      let next: Double
      if tuneV, let projection, !projection.coefficients.isEmpty {
        for k in 0..<m { shift[][k] = multipliers[][k] / penalty }
        _ = projection.refine(there.theta[], weight: m > 0 ? penalty : 0, shift: shift[], residual: there.residual[], constraints: there.constraints[])
      } else {
      objective.evaluate(
        there.theta[], residual: there.residual[], constraints: there.constraints[])
      }
      next = self.merit(there, penalty)
      let isBetter = next < merit
      if tuneT { print(objective.evaluations - evaluationsBefore, merit, next, "pred", predicted, "damp", damping, "pen", penalty, (0..<p).map { String(format: "%.4g", here.theta[][$0]) }.joined(separator: " ")) }
      let scale = merit + objective.reduced.remainder
      var hasConverged =
        predicted <= innerTolerance * scale
        && (isBetter || predicted <= 1e-3 * innerTolerance * scale)
      if isBetter {
        let ratio = (merit - next) / predicted
        hasConverged = hasConverged && merit - next <= innerTolerance * scale
        let bend = 2 * ratio - 1
        damping = max(damping * max(tuneA, 1 - bend * bend * bend), 1e-15)
        growth = 2
        swap(&here, &there)
        merit = next
        if !hasConverged || m > 0 {
          linearize(here)
          form(here, penalty)
        }
      } else {
        damping *= growth
        growth *= 2
        if damping > 1e15 { hasConverged = true }
      }
      guard hasConverged else { continue }
      guard m > 0 else {
        reason = .converged
        break
      }
      var violation = 0.0
      for k in 0..<m { violation = max(violation, abs(here.constraints[][k])) }
      if innerTolerance <= relativeTolerance, violation <= constraintTolerance {
        reason = .converged
        break
      }
      if penalty >= Self.largestPenalty, violation > constraintTolerance {
        // No multiplier helps: the constraints contradict each other.
        reason = .converged
        break
      }
      for k in 0..<m { multipliers[][k] += penalty * here.constraints[][k] }
      if violation > 0.1 * lastViolation || violation > 1e-2 {
        penalty = min(penalty * Self.penaltyGrowth, Self.largestPenalty)
      }
      lastViolation = violation
      innerTolerance = max(relativeTolerance, innerTolerance * 0.05)
      damping = min(damping, tuneB)
      growth = 2
      merit = self.merit(here, penalty)
      form(here, penalty)
    }
    for k in 0..<p { theta[k] = here.theta[][k] }
    return reason
  }

  private func accelerate(_ here: Point, _ there: inout Point, _ penalty: Double, _ damping: Double) {
    let (p, m, rows) = (objective.parameterCount, objective.constraintCount, objective.rowCount)
    let h = 0.1
    for k in 0..<p { there.theta[][k] = here.theta[][k] + h * step[][k] }
    objective.evaluate(there.theta[], residual: there.residual[], constraints: there.constraints[])
    // second directional derivative
    for k in 0..<rows { there.residual[][k] = 2 / h * ((there.residual[][k] - here.residual[][k]) / h) }
    for i in 0..<p {
      var f = -2 / h * step[][i]
      objective.problem.kernels.multiplyAdd(jacobian[] + i * rows, rows, rows, 1, &f, 1, 1, there.residual[], rows)
    }
    objective.problem.kernels.dotProducts(jacobian[], rows, p, there.residual[], rows, acceleration[])
    for k in 0..<m {
      let row = constraintJacobian[] + k * p
      var second = (there.constraints[][k] - here.constraints[][k]) / h
      for i in 0..<p { second -= row[i] * step[][i] }
      second *= 2 / h
      for i in 0..<p { acceleration[][i] += penalty * row[i] * second }
    }
    for i in 0..<p { acceleration[][i] *= -0.5 }
    system.solve(acceleration[])
    var (a, v) = (0.0, 0.0)
    for i in 0..<p { a += weights[][i] * acceleration[][i] * acceleration[][i]; v += weights[][i] * step[][i] * step[][i] }
    let isSmall = 4 * a <= tuneC * tuneC * v
    for k in 0..<p { there.theta[][k] = here.theta[][k] + step[][k] + (isSmall ? acceleration[][k] : 0) }
  }

  private func linearize(_ here: Point) {
    objective.linearize(
      here.theta[], jacobian: jacobian[], constraintJacobian: constraintJacobian[])
  }

  /// |ρ|² + μ |h + λ/μ|²
  private func merit(_ point: Point, _ penalty: Double) -> Double {
    var sum = 0.0
    objective.problem.kernels.dotProducts(
      point.residual[], point.residual.count, 1, point.residual[], point.residual.count, &sum)
    for k in 0..<objective.constraintCount {
      let shifted = point.constraints[][k] + multipliers[][k] / penalty
      sum += penalty * shifted * shifted
    }
    return sum.isFinite ? sum : .infinity
  }

  /// The normal matrix and half the gradient of the merit, where `linearize` was called last.
  private func form(_ here: Point, _ penalty: Double) {
    let (p, m, rows) = (objective.parameterCount, objective.constraintCount, objective.rowCount)
    let kernels = objective.problem.kernels
    for i in 0..<p {
      kernels.dotProducts(
        jacobian[], rows, i + 1, jacobian[] + i * rows, rows, normal[] + i * p)
    }
    kernels.dotProducts(jacobian[], rows, p, here.residual[], rows, slope[])
    for k in 0..<m {
      let row = constraintJacobian[] + k * p
      let pull = penalty * here.constraints[][k] + multipliers[][k]
      for i in 0..<p {
        slope[][i] += row[i] * pull
        for j in 0...i { normal[][i * p + j] += penalty * row[i] * row[j] }
      }
    }
    for i in 0..<p { weights[][i] = max(weights[][i], normal[][i * p + i], 1e-30) }
  }
}

import Foundation
let tuneA = Double(ProcessInfo.processInfo.environment["TA"] ?? "0.3333")!
let tuneB = Double(ProcessInfo.processInfo.environment["TB"] ?? "1e-2")!

let tuneT = ProcessInfo.processInfo.environment["TT"] != nil

let tuneG = ProcessInfo.processInfo.environment["TG"] != nil
let tuneC = Double(ProcessInfo.processInfo.environment["TC"] ?? "0.75")!

let tuneV = ProcessInfo.processInfo.environment["TV"] != nil
