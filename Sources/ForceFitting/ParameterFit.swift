import AtomicData
import ExpressionTrees

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Fits θ of one expression under the constraints of a problem, from several starts.
///
/// The result depends on the expression, the problem, the options, the seed and the warm start, on
/// nothing else.
public struct ParameterFit: Sendable {
  public let problem: FitProblem
  public let options: FittingOptions
  public let seed: UInt64

  public init(problem: FitProblem, options: FittingOptions, seed: UInt64) {
    self.problem = problem
    self.options = options
    self.seed = seed
  }

  /// - Parameter warmStart: θ of a similar expression, tried first; ignored where not finite.
  public func fit(_ tree: ExpressionTree, warmStart: [Double]? = nil) -> FitOutcome {
    let objective = ForceObjective(tree: tree, problem: problem)
    let projection = CoefficientProjection(objective: objective)
    let minimizer = self.minimizer(objective)
    var best: LocalFit?
    var agreements = 0
    var starts = 0
    while starts < options.starts, agreements < options.sufficientAgreements {
      var random = RandomStream(seed: seed, purpose: tree.stableHash, UInt64(starts))
      let warm = starts == 0 ? warmStart.flatMap { finiteStart($0, objective) } : nil
      starts += 1
      guard var theta = warm ?? randomStart(objective, projection, &random) else { continue }
      let scale = theta.map { max(abs($0), Self.smallestScale) }
      let reason = minimizer.minimize(&theta, seed: random.next())
      FeasibilityRestoration(objective: objective, tolerance: options.feasibilityTolerance)
        .apply(&theta, scale: scale)
      let local = LocalFit(
        theta: theta, loss: objective.loss(theta, gradient: nil),
        violation: objective.maxViolation(theta), stopReason: reason)
      guard local.loss.isFinite else { continue }
      if let current = best {
        let isAgreeing =
          abs(local.loss - current.loss) <= options.agreement * current.loss
          && isFeasible(local) == isFeasible(current)
        if isAgreeing { agreements += 1 }
        if precedes(local, current) {
          best = local
          if !isAgreeing { agreements = 1 }
        }
      } else {
        best = local
        agreements = 1
      }
      if tree.parameters.isEmpty { break }
    }
    return outcome(tree, best, objective, starts: starts)
  }

  private func minimizer(_ objective: ForceObjective) -> any LocalMinimizer {
    switch options.optimizer {
    case .gaussNewton:
      GaussNewtonMinimizer(
        objective: objective, evaluationLimit: options.evaluationsPerStart,
        relativeTolerance: options.relativeTolerance,
        constraintTolerance: options.feasibilityTolerance / 10)
    case .nlopt:
      NLoptMinimizer(
        objective: objective, evaluationLimit: options.evaluationsPerStart,
        relativeTolerance: options.relativeTolerance,
        constraintTolerance: options.feasibilityTolerance / 10)
    }
  }

  private struct LocalFit {
    let theta: [Double]
    /// In units of the mean squared reference force.
    let loss: Double
    let violation: Double
    let stopReason: FitOutcome.StopReason
  }

  static let smallestScale = 0.05
  /// Random points of which the best is a start: a local optimization costs as much as many of them.
  private static let drawsPerStart = 4

  private func isFeasible(_ fit: LocalFit) -> Bool {
    fit.violation <= options.feasibilityTolerance
  }

  /// Feasible before infeasible, then by loss; infeasible ones by violation.
  private func precedes(_ a: LocalFit, _ b: LocalFit) -> Bool {
    if isFeasible(a) != isFeasible(b) { return isFeasible(a) }
    return isFeasible(a) ? a.loss < b.loss : a.violation < b.violation
  }

  private func outcome(
    _ tree: ExpressionTree, _ best: LocalFit?, _ objective: ForceObjective, starts: Int
  ) -> FitOutcome {
    guard let best else {
      return FitOutcome(
        theta: Array(repeating: .nan, count: objective.parameterCount),
        meanSquaredForceError: .nan, r2: .nan, maxConstraintViolation: .nan, status: .failed,
        evaluations: objective.evaluations, starts: starts, stopReason: .failure)
    }
    return FitOutcome(
      theta: tree.gaugeFixed(best.theta, typeCount: problem.typeCount),
      meanSquaredForceError: best.loss * problem.meanSquaredForce, r2: 1 - best.loss,
      maxConstraintViolation: best.violation,
      status: isFeasible(best) ? .fitted : .infeasible,
      evaluations: objective.evaluations, starts: starts, stopReason: best.stopReason)
  }

  // MARK: Starts

  private func finiteStart(_ theta: [Double], _ objective: ForceObjective) -> [Double]? {
    guard theta.count == objective.parameterCount, theta.allSatisfy(\.isFinite),
      objective.loss(theta, gradient: nil).isFinite
    else { return nil }
    return theta
  }

  private func randomStart(
    _ objective: ForceObjective, _ projection: CoefficientProjection, _ random: inout RandomStream
  ) -> [Double]? {
    let tree = objective.tree
    let layout = tree.layout(typeCount: problem.typeCount)
    var best: (theta: [Double], merit: Double)?
    for _ in 0..<Self.drawsPerStart {
      var theta = Array(repeating: 0.0, count: layout.count)
      for (parameter, range) in zip(tree.parameters, layout.ranges) {
        for k in range { theta[k] = Self.drawn(parameter.kind, &random) }
      }
      projection.apply(&theta, constraintWeight: 0, random: &random)
      if objective.constraintCount > 0 { approachFeasibility(&theta, projection, &random) }
      let merit = objective.loss(theta, gradient: nil) + objective.maxViolation(theta)
      guard merit.isFinite, theta.allSatisfy(\.isFinite) else { continue }
      if merit < best?.merit ?? .infinity { best = (theta, merit) }
    }
    return best?.theta
  }

  /// Shapes that vanish at the cutoff first, coefficients second: with the coefficients free the
  /// nearest way to fulfil the constraints is U = 0, from where no local optimizer returns.
  private func approachFeasibility(
    _ theta: inout [Double], _ projection: CoefficientProjection, _ random: inout RandomStream
  ) {
    let objective = projection.objective
    var scale = theta.map { max(abs($0), Self.smallestScale) }
    for number in projection.coefficients {
      for k in objective.tree.layout(typeCount: problem.typeCount).ranges[number] { scale[k] = 0 }
    }
    FeasibilityRestoration(objective: objective, tolerance: options.feasibilityTolerance)
      .apply(&theta, scale: scale)
    projection.apply(&theta, constraintWeight: Self.constraintWeight, random: &random)
  }

  private static let constraintWeight = 10.0

  /// Rates in 1/Å and exponents are of order one and mostly negative, lengths squared may reach the
  /// square of the cutoff.
  private static func drawn(_ kind: ParameterKind, _ random: inout RandomStream) -> Double {
    let isWide = random.nextUnit() < 0.25
    let exponent = isWide ? 4 * random.nextUnit() - 2 : 1.4 * random.nextUnit() - 0.5
    let isNegative = random.nextUnit() < (kind == .global ? 0.65 : 0.5)
    return (isNegative ? -1 : 1) * pow(10, kind == .global ? exponent : exponent / 2)
  }
}
