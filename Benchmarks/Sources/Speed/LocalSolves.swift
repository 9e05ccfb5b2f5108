import SymReg

/// Local minimizations to convergence over the mix, one cold start each, on one thread.
struct LocalSolves: Codable, Sendable {
  let mode: String
  let road: Road
  /// Whether the start was looked for as the search does it, and the time for it counts; else it is
  /// plain, the same for both roads.
  let searchesStart: Bool
  /// Relative change of the loss at which a minimization stops.
  let tolerance: Double
  /// Median over the repeats; each repeat starts elsewhere.
  let perSecond: Double
  let asked: Double
  /// Share that ended by its tolerances.
  let convergedShare: Double
  /// Share that fulfils the constraints and is better than no force.
  let candidateShare: Double
  /// Share of the forms within 0.1 % of the lowest loss of all rows of the mode in the same repeat.
  let lowestShare: Double

  static func all(
    _ mix: ReferenceMix, problem: FitProblem, repeats: Int
  ) -> [LocalSolves] {
    let rows = [1e-6, 1e-8].flatMap { tolerance in
      [(Road.standard, false), (.nlopt, false), (.standard, true)].map {
        Run(road: $0, searchesStart: $1, tolerance: tolerance)
      }
    }
    let runs = rows.map { $0.made(on: mix, problem: problem, repeats: repeats) }
    let lowest = (0..<mix.trees.count * repeats).map { k in
      runs.compactMap { $0.outcomes[k].candidateLoss }.min()
    }
    return runs.map { LocalSolves($0, problem.cutoffMode, lowest: lowest) }
  }

  private init(_ run: Run, _ mode: CutoffMode, lowest: [Double?]) {
    self.mode = mode.rawValue
    road = run.road
    searchesStart = run.searchesStart
    tolerance = run.tolerance
    perSecond = run.rates.median
    asked = run.road == .nlopt ? 500 : 3_000
    let count = Double(run.outcomes.count)
    convergedShare = Double(run.outcomes.count { $0.stopReason == .converged }) / count
    candidateShare = Double(run.outcomes.count(where: \.isCandidate)) / count
    let pairs = zip(run.outcomes, lowest).compactMap { outcome, lowest in
      lowest.map { (outcome.candidateLoss ?? .infinity) <= $0 * CandidateFits.tolerance }
    }
    lowestShare = Double(pairs.count { $0 }) / Double(pairs.count)
  }

  /// All repeats of one row.
  private struct Run {
    let road: Road
    let searchesStart: Bool
    let tolerance: Double
    var rates: [Double] = []
    var outcomes: [FitOutcome] = []

    func made(on mix: ReferenceMix, problem: FitProblem, repeats: Int) -> Run {
      var run = self
      for seed in 1...UInt64(repeats) {
        let fit = road.localSolve(
          problem, seed: seed, tolerance: tolerance, searchesStart: searchesStart)
        let time = seconds { run.outcomes += mix.trees.map { fit.fit($0) } }
        run.rates.append(Double(mix.trees.count) / time)
      }
      return run
    }
  }
}
