import AtomicData

/// Levenberg–Marquardt on the reduced residual, inside an augmented Lagrangian where there are
/// constraints.
///
/// The residuals are ρ = R f − d and √μ (h + λ/μ) with the constraints h, multipliers λ and a weight μ;
/// their derivatives are exact. A constraint h ≥ 0 counts while h + λ/μ < 0 (Rockafellar, J. Optim.
/// Theory Appl. 12, 555 (1973), doi 10.1007/BF00934777). Levenberg, Q. Appl. Math. 2, 164 (1944), doi 10.1090/qam/10666;
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

  /// Relative change at which the multipliers are renewed for the first time.
  private static let firstTolerance = 0.1
  /// Share of the tolerance below which a step that fails is no loss.
  private static let hopelessShare = 1e-3
  /// Of the second derivative along the step, in units of the step.
  private static let differenceStep = 0.1
  /// Twice the length of the acceleration over that of the step, at most.
  private static let largestAcceleration = 0.75

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
  }

  func minimize(_ theta: inout [Double], seed: UInt64) -> FitOutcome.StopReason {
    let p = objective.parameterCount
    guard p > 0 else { return .converged }
    // A step takes two evaluations.
    let lastEvaluation = objective.evaluations + evaluationLimit - 2
    var (here, there) = (Point(objective), Point(objective))
    here.theta[].update(from: theta, count: p)
    var lagrangian = Lagrangian(
      tolerance: objective.constraintCount == 0 ? relativeTolerance : Self.firstTolerance)
    multipliers[].update(repeating: 0, count: objective.constraintCount)
    weights[].update(repeating: 0, count: p)
    var damping = Damping()
    var progress = Progress()
    objective.evaluate(
      here.theta[], residual: here.residual[], constraints: here.constraints[])
    var merit = self.merit(here, lagrangian.penalty)
    guard merit.isFinite else { return .failure }
    linearize(here, lagrangian.penalty)
    var reason = FitOutcome.StopReason.evaluationLimit
    while objective.evaluations <= lastEvaluation {
      guard system.factorize(normal[], damping: damping.value, weights: weights[]) else {
        damping.reject()
        if damping.isExhausted { return finish(here, &theta, .roundoff) }
        continue
      }
      let predicted = setStep(damping.value)
      accelerate(from: here, by: there, penalty: lagrangian.penalty)
      objective.evaluate(
        there.theta[], residual: there.residual[], constraints: there.constraints[])
      let next = self.merit(there, lagrangian.penalty)
      let change = lagrangian.tolerance * (merit + objective.reduced.remainder)
      var hasConverged: Bool
      if next < merit {
        hasConverged =
          max(predicted, merit - next) <= change || progress.isStagnant(next, change)
        damping.accept(ratio: (merit - next) / predicted)
        swap(&here, &there)
        merit = next
        if !hasConverged || objective.constraintCount > 0 { linearize(here, lagrangian.penalty) }
      } else {
        hasConverged = predicted <= Self.hopelessShare * change
        damping.reject()
        if damping.isExhausted { hasConverged = true }
      }
      guard hasConverged else { continue }
      if isFinal(here, lagrangian) {
        reason = .converged
        break
      }
      renewMultipliers(here, &lagrangian)
      damping = Damping(value: min(damping.value, Damping.first))
      progress = Progress()
      merit = self.merit(here, lagrangian.penalty)
      form(here, lagrangian.penalty)
    }
    return finish(here, &theta, reason)
  }

  private func finish(
    _ point: Point, _ theta: inout [Double], _ reason: FitOutcome.StopReason
  ) -> FitOutcome.StopReason {
    for k in theta.indices { theta[k] = point.theta[][k] }
    return reason
  }

  /// Size of the damping and how it follows the success of the steps, after Nielsen.
  private struct Damping {
    static let first = 1e-2
    var value = first
    private var growth = 2.0

    init(value: Double = first) { self.value = value }

    mutating func accept(ratio: Double) {
      let bend = 2 * ratio - 1
      value = max(value * max(1.0 / 3, 1 - bend * bend * bend), 1e-15)
      growth = 2
    }

    mutating func reject() {
      value *= growth
      growth *= 2
    }

    var isExhausted: Bool { value > 1e15 }
  }

  /// How far the merit fell over the last steps: one that creeps along a valley without an end has
  /// nothing to gain.
  private struct Progress {
    private var steps = 0
    private var merit = Double.infinity

    static let steps = 20
    /// Changes of a converged step that as many steps must bring at least.
    static let leastChanges = 1000.0

    mutating func isStagnant(_ next: Double, _ change: Double) -> Bool {
      steps += 1
      guard steps == Self.steps else { return false }
      let isStagnant = merit - next <= Self.leastChanges * change
      (steps, merit) = (0, next)
      return isStagnant
    }
  }

  /// Where the outer iteration stands.
  private struct Lagrangian {
    var penalty = 10.0
    /// Relative change of the merit at which the multipliers are renewed, or all ends.
    var tolerance: Double
    var violation = Double.infinity
    /// Whether the last renewal brought the constraints no nearer, though their weight was large.
    var isVain = false

    static let largestPenalty = 1e8
    static let largePenalty = 1e4
  }

  /// By how much the constraints are missed, or a multiplier pushes where none is needed.
  private func violation(_ point: Point, _ penalty: Double) -> Double {
    var largest = 0.0
    for k in 0..<objective.constraintCount {
      let value = point.constraints[][k]
      let missed = objective.isEquality(k) ? value : min(value, -multipliers[][k] / penalty)
      largest = max(largest, abs(missed))
    }
    return largest
  }

  /// h + λ/μ where the constraint counts, 0 where it does not.
  private func shifted(_ point: Point, _ constraint: Int, _ penalty: Double) -> Double {
    let sum = point.constraints[][constraint] + multipliers[][constraint] / penalty
    return sum >= 0 && !objective.isEquality(constraint) ? 0 : sum
  }

  /// Whether a minimum of the merit is one under the constraints, or no multiplier helps, because the
  /// constraints contradict each other.
  private func isFinal(_ point: Point, _ lagrangian: Lagrangian) -> Bool {
    guard objective.constraintCount > 0 else { return true }
    let isFeasible = violation(point, lagrangian.penalty) <= constraintTolerance
    return isFeasible
      ? lagrangian.tolerance <= relativeTolerance
      : lagrangian.penalty >= Lagrangian.largestPenalty
        || lagrangian.isVain
  }

  /// The next problem without constraints; where they hold within the tolerance, the same one to the
  /// end.
  private func renewMultipliers(_ point: Point, _ lagrangian: inout Lagrangian) {
    let violation = violation(point, lagrangian.penalty)
    guard violation > constraintTolerance else {
      lagrangian.tolerance = relativeTolerance
      return
    }
    for k in 0..<objective.constraintCount {
      let multiplier = multipliers[][k] + lagrangian.penalty * point.constraints[][k]
      multipliers[][k] = objective.isEquality(k) ? multiplier : min(0, multiplier)
    }
    lagrangian.isVain =
      lagrangian.penalty >= Lagrangian.largePenalty && violation > 0.9 * lagrangian.violation
    if violation > 0.1 * lagrangian.violation || violation > 1e-2 {
      lagrangian.penalty = min(10 * lagrangian.penalty, Lagrangian.largestPenalty)
    }
    lagrangian.violation = violation
    // Far from the constraints a minimum is but a stage on the way to them.
    lagrangian.tolerance = max(
      relativeTolerance, min(1e-3, 0.1 * violation), 0.05 * lagrangian.tolerance)
  }

  /// Solves for the step; the decrease of the merit that the linear model promises.
  private func setStep(_ damping: Double) -> Double {
    let p = objective.parameterCount
    for k in 0..<p { step[][k] = -slope[][k] }
    system.solve(step[])
    var predicted = 0.0
    for k in 0..<p {
      predicted += step[][k] * (damping * weights[][k] * step[][k] - slope[][k])
    }
    return predicted
  }

  /// Sets the next point: the step, bent by half the second derivative of the residual along it
  /// (geodesic acceleration: Transtrum, Sethna, arXiv:1201.5885), where that is small beside the step.
  private func accelerate(from here: Point, by there: Point, penalty: Double) {
    let (p, m, rows) = (objective.parameterCount, objective.constraintCount, objective.rowCount)
    let kernels = objective.problem.kernels
    let h = Self.differenceStep
    for k in 0..<p { there.theta[][k] = here.theta[][k] + h * step[][k] }
    objective.evaluate(
      there.theta[], residual: there.residual[], constraints: there.constraints[])
    // 2/h ((ρ(θ + h s) − ρ(θ)) / h − J s)
    let second = there.residual[]
    for k in 0..<rows { second[k] = 2 / (h * h) * (second[k] - here.residual[][k]) }
    for i in 0..<p {
      var factor = -2 / h * step[][i]
      kernels.multiplyAdd(jacobian[] + i * rows, rows, rows, 1, &factor, 1, 1, second, rows)
    }
    kernels.dotProducts(jacobian[], rows, p, second, rows, acceleration[])
    for k in 0..<m where objective.isEquality(k) || shifted(here, k, penalty) != 0 {
      let row = constraintJacobian[] + k * p
      var second = (there.constraints[][k] - here.constraints[][k]) / h
      for i in 0..<p { second -= row[i] * step[][i] }
      for i in 0..<p { acceleration[][i] += penalty * row[i] * second * 2 / h }
    }
    for i in 0..<p { acceleration[][i] *= -0.5 }
    system.solve(acceleration[])
    var (ofAcceleration, ofStep) = (0.0, 0.0)
    for i in 0..<p {
      ofAcceleration += weights[][i] * acceleration[][i] * acceleration[][i]
      ofStep += weights[][i] * step[][i] * step[][i]
    }
    let limit = Self.largestAcceleration * Self.largestAcceleration / 4
    let isSmall = ofAcceleration <= limit * ofStep
    for k in 0..<p {
      there.theta[][k] = here.theta[][k] + step[][k] + (isSmall ? acceleration[][k] : 0)
    }
  }

  private func linearize(_ here: Point, _ penalty: Double) {
    objective.linearize(
      here.theta[], jacobian: jacobian[], constraintJacobian: constraintJacobian[])
    form(here, penalty)
  }

  /// |ρ|² + μ |h + λ/μ|²
  private func merit(_ point: Point, _ penalty: Double) -> Double {
    var sum = 0.0
    objective.problem.kernels.dotProducts(
      point.residual[], point.residual.count, 1, point.residual[], point.residual.count, &sum)
    for k in 0..<objective.constraintCount {
      let shifted = shifted(point, k, penalty)
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
      let shifted = shifted(here, k, penalty)
      guard shifted != 0 || objective.isEquality(k) else { continue }
      let pull = penalty * shifted
      for i in 0..<p {
        slope[][i] += row[i] * pull
        for j in 0...i { normal[][i * p + j] += penalty * row[i] * row[j] }
      }
    }
    for i in 0..<p { weights[][i] = max(weights[][i], normal[][i * p + i], 1e-30) }
  }
}
