import SymReg

/// Local optimizations to convergence over the mix, one cold start each, on one thread.
struct LocalSolves: Codable, Sendable {
  let mode: String
  let road: Road
  /// Median over the repeats; each repeat starts elsewhere.
  let perSecond: Double
  let asked: Double
  /// Share that ended by its tolerances.
  let convergedShare: Double
  /// Share that fulfils the constraints and is better than no force.
  let candidateShare: Double

  static func measured(
    _ mix: ReferenceMix, problem: FitProblem, road: Road, repeats: Int
  ) -> LocalSolves {
    var rates: [Double] = []
    var converged = 0
    var candidates = 0
    for seed in 1...UInt64(repeats) {
      let fit = road.localSolve(problem, seed: seed)
      let time = seconds {
        for tree in mix.trees {
          let outcome = fit.fit(tree)
          if outcome.stopReason == .converged { converged += 1 }
          if outcome.isCandidate { candidates += 1 }
        }
      }
      rates.append(Double(mix.trees.count) / time)
    }
    let count = Double(mix.trees.count * repeats)
    return LocalSolves(
      mode: problem.cutoffMode.rawValue, road: road, perSecond: rates.median,
      asked: road == .nlopt ? 500 : 3_000, convergedShare: Double(converged) / count,
      candidateShare: Double(candidates) / count)
  }
}
