import CNLopt

/// One local minimization by NLopt: a gradient method, inside an augmented Lagrangian where there are
/// constraints.
///
/// S. G. Johnson, The NLopt nonlinear-optimization package; augmented Lagrangian after Conn, Gould,
/// Toint, SIAM J. Numer. Anal. 28, 545 (1991), doi 10.1137/0728030, and Birgin, Martínez, Optim.
/// Methods Softw. 23, 177 (2008), doi 10.1080/10556780701577730; L-BFGS after Nocedal, Math. Comput.
/// 35, 773 (1980), doi 10.1090/S0025-5718-1980-0572855-7.
struct NLoptMinimizer: LocalMinimizer {
  let objective: ForceObjective
  let evaluationLimit: Int
  let relativeTolerance: Double
  /// Tolerance of the constraints.
  let constraintTolerance: Double

  /// The variables of NLopt are θ in units of its size at the start.
  func minimize(_ theta: inout [Double], seed: UInt64) -> FitOutcome.StopReason {
    let count = objective.parameterCount
    let scale = theta.map { max(abs($0), ParameterFit.smallestScale) }
    guard count > 0 else { return .converged }
    let context = Context(objective: objective, scale: scale)
    let data = Unmanaged.passUnretained(context).toOpaque()
    let isConstrained = objective.constraintCount > 0
    let equalities = (0..<objective.constraintCount).filter(objective.isEquality)
    let inequalities = (0..<objective.constraintCount).filter { !objective.isEquality($0) }
    context.equalities = equalities
    context.inequalities = inequalities
    // NLopt refuses more equality constraints than variables, also where they agree: idle variables
    // fill up.
    let dimension = max(count, equalities.count)
    guard let local = Solver(NLOPT_LD_LBFGS, dimension),
      let outer = isConstrained ? Solver(NLOPT_AUGLAG, dimension) : local
    else { return .failure }
    // AUGLAG ends its inner minimizations by the tolerances of the local optimizer alone.
    for solver in [local, outer] {
      nlopt_set_ftol_rel(solver.handle, relativeTolerance)
      nlopt_set_xtol_rel(solver.handle, relativeTolerance)
      nlopt_set_maxeval(solver.handle, Int32(clamping: evaluationLimit))
    }
    context.evaluationsLeft = evaluationLimit
    context.solvers = [local, outer]
    nlopt_set_min_objective(outer.handle, Context.objective, data)
    if isConstrained {
      let tolerances = Array(repeating: constraintTolerance, count: objective.constraintCount)
      var results = [nlopt_set_local_optimizer(outer.handle, local.handle)]
      if !equalities.isEmpty {
        results.append(
          nlopt_add_equality_mconstraint(
            outer.handle, UInt32(equalities.count), Context.equalities, data, tolerances))
      }
      if !inequalities.isEmpty {
        results.append(
          nlopt_add_inequality_mconstraint(
            outer.handle, UInt32(inequalities.count), Context.inequalities, data, tolerances))
      }
      guard results.allSatisfy({ $0 == NLOPT_SUCCESS }) else { return .failure }
    }
    // NLopt draws from a generator of the thread.
    nlopt_srand(UInt(truncatingIfNeeded: seed))
    var variables =
      zip(theta, scale).map { $0 / $1 } + Array(repeating: 0, count: dimension - count)
    var value = 0.0
    let result = withExtendedLifetime((context, outer, local)) {
      nlopt_optimize(outer.handle, &variables, &value)
    }
    if !isConstrained, let best = context.best { variables = best }
    theta = zip(variables, scale).map { $0 * $1 }
    switch result {
    case NLOPT_SUCCESS, NLOPT_FTOL_REACHED, NLOPT_XTOL_REACHED, NLOPT_STOPVAL_REACHED:
      return .converged
    case NLOPT_MAXEVAL_REACHED, NLOPT_FORCED_STOP: return .evaluationLimit
    case NLOPT_ROUNDOFF_LIMITED: return .roundoff
    default: return .failure
    }
  }

  /// Owns an `nlopt_opt`.
  private final class Solver {
    let handle: nlopt_opt

    init?(_ algorithm: nlopt_algorithm, _ dimension: Int) {
      guard let handle = nlopt_create(algorithm, UInt32(dimension)) else { return nil }
      self.handle = handle
    }

    deinit { nlopt_destroy(handle) }
  }

  /// What NLopt hands back to the callbacks.
  private final class Context {
    let target: ForceObjective
    let scale: [Double]
    var theta: [Double]
    /// Row by row, without the idle variables.
    var jacobian: [Double]
    /// The variables with the lowest loss seen: an optimizer may end elsewhere.
    var best: [Double]?
    var bestLoss = Double.infinity
    /// AUGLAG counts the evaluations of its inner minimizations with some delay.
    var evaluationsLeft = 0
    var solvers: [Solver] = []
    /// Numbers of the constraints of either kind.
    var equalities: [Int] = []
    var inequalities: [Int] = []
    private var values: [Double]

    init(objective: ForceObjective, scale: [Double]) {
      target = objective
      self.scale = scale
      theta = scale
      values = Array(repeating: 0, count: objective.constraintCount)
      jacobian = Array(
        repeating: 0, count: objective.constraintCount * objective.parameterCount)
    }

    /// Stands for a loss that is no number: large and flat, so that the line search turns back.
    static let barrier = 1e10

    static let objective: nlopt_func = { count, variables, gradient, data in
      guard let data, let variables else { return barrier }
      let context = Unmanaged<Context>.fromOpaque(data).takeUnretainedValue()
      let (dimension, count) = (Int(count), context.scale.count)
      guard context.evaluationsLeft > 0 else {
        for solver in context.solvers { nlopt_force_stop(solver.handle) }
        for k in 0..<dimension { gradient?[k] = 0 }
        return barrier
      }
      context.evaluationsLeft -= 1
      for k in 0..<count { context.theta[k] = variables[k] * context.scale[k] }
      let loss = context.target.loss(context.theta, gradient: gradient)
      var isFinite = loss.isFinite && loss < barrier
      if let gradient {
        for k in 0..<count {
          gradient[k] *= context.scale[k]
          if !gradient[k].isFinite { isFinite = false }
        }
        for k in 0..<dimension where !isFinite || k >= count { gradient[k] = 0 }
      }
      guard isFinite else { return barrier }
      if loss < context.bestLoss {
        context.bestLoss = loss
        context.best = Array(UnsafeBufferPointer(start: variables, count: count))
      }
      return loss
    }

    static let equalities: nlopt_mfunc = { _, values, count, variables, jacobian, data in
      guard let data, let variables, let values else { return }
      let context = Unmanaged<Context>.fromOpaque(data).takeUnretainedValue()
      context.write(context.equalities, sign: 1, variables, Int(count), values, jacobian)
    }

    /// NLopt's are fulfilled below zero, ours above.
    static let inequalities: nlopt_mfunc = { _, values, count, variables, jacobian, data in
      guard let data, let variables, let values else { return }
      let context = Unmanaged<Context>.fromOpaque(data).takeUnretainedValue()
      context.write(context.inequalities, sign: -1, variables, Int(count), values, jacobian)
    }

    private func write(
      _ rows: [Int], sign: Double, _ variables: UnsafePointer<Double>, _ dimension: Int,
      _ results: UnsafeMutablePointer<Double>, _ derivatives: UnsafeMutablePointer<Double>?
    ) {
      let count = scale.count
      for k in 0..<count { theta[k] = variables[k] * scale[k] }
      if derivatives == nil {
        target.constraints(theta, values: &values, jacobian: nil)
      } else {
        target.constraints(theta, values: &values, jacobian: &jacobian)
      }
      for (place, row) in rows.enumerated() {
        results[place] = values[row].isFinite ? sign * values[row] : Self.barrier
        guard let derivatives else { continue }
        for k in 0..<dimension {
          let entry = k < count ? sign * jacobian[row * count + k] * scale[k] : 0
          derivatives[place * dimension + k] = entry.isFinite ? entry : 0
        }
      }
    }
  }
}
