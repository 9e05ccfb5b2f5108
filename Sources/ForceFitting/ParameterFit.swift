import AtomicData
import ExpressionTrees

/// Fits θ of one expression under the constraints of a problem, from several starts.
///
/// The result depends on the expression, the problem, the options, the seed and the warm start, on
/// nothing else. In a cancelled task it has no meaning: no further start is made.
public struct ParameterFit: Sendable {
  public let problem: FitProblem
  public let options: FittingOptions
  public let seed: UInt64

  public init(problem: FitProblem, options: FittingOptions, seed: UInt64) {
    self.problem = problem
    self.options = options
    self.seed = seed
  }

  /// - Parameters:
  ///   - tree: the potential U(r|θ).
  ///   - warmStart: θ of a similar expression, tried first; values that are no numbers are searched for.
  ///   - roughLimit: (eV/Å)²; an expression whose rough fit, the first start on the coarse grid, has a
  ///     larger loss is dropped.
  public func fit(
    _ tree: ExpressionTree, warmStart: [Double]? = nil, roughLimit: Double = .infinity
  ) -> FitOutcome {
    let starts = StartSearch(tree: tree, problem: problem, options: options.startSearch)
    var warmStart = warmStart
    if roughLimit < .infinity || warmStart?.contains(where: \.isNaN) == true {
      let rough = roughFit(tree, starts, from: warmStart, limit: roughLimit)
      guard rough.merit * problem.meanSquaredForce <= roughLimit || roughLimit == .infinity else {
        return dropped(tree, rough, starts)
      }
      warmStart = rough.theta
    }
    let objective = ForceObjective(tree: tree, problem: problem, resolution: problem.fine)
    let minimizer = minimizer(objective, constraintTolerance: options.feasibilityTolerance / 2)
    let restoration = FeasibilityRestoration(objective: objective)
    var best: LocalFit?
    var agreements = 0
    var startCount = 0
    while startCount < options.starts, agreements < options.sufficientAgreements,
      !Task.isCancelled
    {
      var random = RandomStream(seed: seed, purpose: tree.stableHash, UInt64(startCount))
      let warm = startCount == 0 ? warmStart.flatMap { finiteStart($0, objective) } : nil
      startCount += 1
      guard var theta = warm ?? starts.next(&random) else { continue }
      let reason = minimizer.minimize(&theta, seed: random.next())
      let local = LocalFit(
        theta: theta, loss: objective.loss(theta, gradient: nil),
        violation: objective.maxViolation(theta), stopReason: reason
      ).restored(objective, restoration, tolerance: options.feasibilityTolerance)
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
    if options.finishesFit, let rough = best {
      best = sharpened(rough, objective, restoration)
    }
    best = best.map { exact($0, objective) }
    return outcome(
      tree, best, objective, evaluations: objective.evaluations + starts.evaluations,
      starts: startCount)
  }

  /// The fit from there with constraints that hold to rounding, where they are worth their price.
  private func sharpened(
    _ rough: LocalFit, _ objective: ForceObjective, _ restoration: FeasibilityRestoration
  ) -> LocalFit {
    guard objective.constraintCount > 0, isFeasible(rough) else { return rough }
    let tight = minimizer(objective, constraintTolerance: options.feasibilityTolerance * 1e-6)
    var theta = rough.theta
    let reason = tight.minimize(&theta, seed: seed)
    let sharp = LocalFit(
      theta: theta, loss: objective.loss(theta, gradient: nil),
      violation: objective.maxViolation(theta), stopReason: reason
    ).restored(objective, restoration, tolerance: options.feasibilityTolerance)
    let isWorthIt = sharp.loss <= rough.loss * (1 + Self.restorationPrice)
    return isWorthIt && sharp.violation <= max(rough.violation, options.feasibilityTolerance * 1e-6)
      ? sharp : rough
  }

  /// The fit with conditions on parameters alone fulfilled to rounding: a charge is either neutral or
  /// not.
  private func exact(_ fit: LocalFit, _ objective: ForceObjective) -> LocalFit {
    let linear = objective.linearConstraints
    guard !linear.isEmpty, fit.theta.allSatisfy(\.isFinite) else { return fit }
    var theta = fit.theta
    let scale = theta.map { max(abs($0), Self.smallestScale) }
    FeasibilityRestoration(objective: objective, rows: linear)
      .apply(&theta, scale: scale, target: Self.exactness)
    objective.rows.clamp(&theta)
    return LocalFit(
      theta: theta, loss: objective.loss(theta, gradient: nil),
      violation: objective.maxViolation(theta), stopReason: fit.stopReason)
  }

  private func minimizer(
    _ objective: ForceObjective, constraintTolerance: Double
  ) -> any LocalMinimizer {
    switch options.optimizer {
    case .gaussNewton:
      GaussNewtonMinimizer(
        objective: objective, evaluationLimit: options.evaluationsPerStart,
        relativeTolerance: options.relativeTolerance, constraintTolerance: constraintTolerance)
    case .nlopt:
      NLoptMinimizer(
        objective: objective, evaluationLimit: options.evaluationsPerStart,
        relativeTolerance: options.relativeTolerance, constraintTolerance: constraintTolerance)
    }
  }

  private struct LocalFit {
    let theta: [Double]
    /// In units of the mean squared reference force.
    let loss: Double
    let violation: Double
    let stopReason: FitOutcome.StopReason

    /// The nearest point where the constraints hold to rounding, unless the way there spoils a fit that
    /// is feasible: within the tolerance laws agree that contradict each other at zero.
    func restored(
      _ objective: ForceObjective, _ restoration: FeasibilityRestoration, tolerance: Double
    ) -> LocalFit {
      guard objective.constraintCount > 0 else { return self }
      var theta = theta
      let scale = theta.map { max(abs($0), ParameterFit.smallestScale) }
      restoration.apply(&theta, scale: scale, target: tolerance * 1e-6)
      let restored = LocalFit(
        theta: theta, loss: objective.loss(theta, gradient: nil),
        violation: objective.maxViolation(theta), stopReason: stopReason)
      let isWorse = !(restored.loss <= loss * (1 + ParameterFit.restorationPrice))
      return isWorse && violation <= tolerance ? self : restored
    }
  }

  /// Length of a step that counts as one for a parameter that is nearly zero.
  static let smallestScale = 0.05
  /// Violation of a condition on parameters that counts as none.
  private static let exactness = 1e-14
  /// Relative rise of the loss at which constraints that hold to rounding are worth it.
  static let restorationPrice = 1e-5
  /// Below, in units of the loss of U = 0, a loss is rounding of the statistics and error of the grid:
  /// two exact laws must not differ by it.
  private static let smallestLoss = 1e-12
  private func isFeasible(_ fit: LocalFit) -> Bool {
    fit.violation <= options.feasibilityTolerance
  }

  /// Feasible before infeasible, then by loss; infeasible ones by violation.
  private func precedes(_ a: LocalFit, _ b: LocalFit) -> Bool {
    if isFeasible(a) != isFeasible(b) { return isFeasible(a) }
    return isFeasible(a) ? a.loss < b.loss : a.violation < b.violation
  }

  private func outcome(
    _ tree: ExpressionTree, _ best: LocalFit?, _ objective: ForceObjective,
    evaluations: Int, starts: Int
  ) -> FitOutcome {
    guard let best else {
      return FitOutcome(
        theta: Array(repeating: .nan, count: objective.parameterCount),
        meanSquaredForceError: .nan, r2: .nan, maxConstraintViolation: .nan,
        undeterminedDirections: nil, status: .failed,
        evaluations: evaluations, starts: starts, stopReason: .failure)
    }
    let loss = max(best.loss, Self.smallestLoss)
    let violation =
      options.finishesFit
      ? problem.violations(of: tree, theta: best.theta).reduce(best.violation, max)
      : best.violation
    return FitOutcome(
      theta: tree.gaugeFixed(
        best.theta, typeCount: problem.typeCount, except: objective.rows.boundedParameters),
      meanSquaredForceError: loss * problem.meanSquaredForce, r2: 1 - loss,
      maxConstraintViolation: violation,
      undeterminedDirections: options.finishesFit
        ? objective.undeterminedDirections(best.theta) : nil,
      status: violation <= options.feasibilityTolerance ? .fitted : .infeasible,
      evaluations: evaluations, starts: starts, stopReason: best.stopReason)
  }

  /// The best of some searches of starts on the coarse grid.
  private func roughFit(
    _ tree: ExpressionTree, _ starts: StartSearch, from warmStart: [Double]?, limit: Double
  ) -> StartSearch.Point {
    var random = RandomStream(seed: seed, purpose: tree.stableHash)
    var best = starts.rough(from: warmStart, &random)
    let limit = limit / problem.meanSquaredForce
    for _ in 1..<max(1, options.roughSearches) where best.merit > limit {
      // A merit of 1 is that of no force.
      guard best.merit <= Self.nearness * limit || best.merit >= 1 else { break }
      let next = starts.rough(from: nil, &random)
      if next.merit < best.merit { best = next }
    }
    return best
  }

  /// A rough fit within so many times the limit may have missed what is below.
  private static let nearness = 3.0

  private func dropped(
    _ tree: ExpressionTree, _ rough: StartSearch.Point, _ starts: StartSearch
  ) -> FitOutcome {
    FitOutcome(
      theta: rough.theta, meanSquaredForceError: rough.merit * problem.meanSquaredForce,
      r2: 1 - rough.merit, maxConstraintViolation: .nan, undeterminedDirections: nil,
      status: .dropped, evaluations: starts.evaluations, starts: 1, stopReason: .evaluationLimit)
  }

  // MARK: Starts

  private func finiteStart(_ theta: [Double], _ objective: ForceObjective) -> [Double]? {
    guard theta.count == objective.parameterCount, theta.allSatisfy(\.isFinite),
      objective.loss(theta, gradient: nil).isFinite
    else { return nil }
    return theta
  }
}
