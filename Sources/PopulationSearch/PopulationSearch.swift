import AtomicData
import ExpressionTrees
import ForceFitting
import ParetoFronts

/// Genetic programming over canonical forms: propose, fit what is new, keep the best of every size.
///
/// Between two barriers a batch of proposals, drawn by one thread from the seed and the population
/// alone, is fitted on all threads; at the barrier the fits are taken in by the order of the
/// proposals. What is found thus depends on the seed, the data, the options and the number of
/// candidates fitted, never on threads or the clock.
public struct PopulationSearch: Sendable {
  public let problem: FitProblem
  public let options: SearchOptions

  public init(problem: FitProblem, options: SearchOptions) {
    self.problem = problem
    self.options = options
  }

  /// Proposals for one batch, in units of its size, before the search counts as exhausted.
  private static let patience = 200

  /// Runs until a limit is reached.
  ///
  /// - Parameters:
  ///   - shouldEnd: asked at every barrier; a reason ends the search there.
  ///   - report: called at every barrier.
  public func run(
    shouldEnd: @Sendable () -> SearchEnd? = { nil },
    report: @Sendable (SearchEvent) -> Void = { _ in }
  ) async -> SearchResult {
    var proposer = Proposer(problem: problem, options: options)
    var population = Population()
    var counts = SearchCounts()
    var end: SearchEnd?
    while end == nil {
      let budget = options.maxEvaluations.map { $0 - counts.evaluations } ?? Int.max
      let batch = proposer.batch(
        size: min(options.batchSize, budget), population: population, counts: &counts,
        patience: Self.patience)
      let fitted = await fitted(batch)
      for candidate in fitted {
        counts.evaluations += 1
        counts.lossEvaluations += candidate.fit.evaluations
        if candidate.fit.status == .infeasible { counts.infeasible += 1 }
        population.insert(candidate)
      }
      report(SearchEvent(counts: counts, front: population.front, fitted: fitted))
      if let limit = options.maxEvaluations, counts.evaluations >= limit {
        end = .evaluationLimit
      } else if batch.isEmpty {
        end = .exhausted
      } else {
        end = shouldEnd()
      }
    }
    let polished = await polished(population.front)
    return SearchResult(
      front: polished, runnersUp: population.candidates, counts: counts, end: end ?? .exhausted)
  }

  /// Fits a batch on all threads; the results in the order of the proposals.
  private func fitted(_ batch: [Proposal]) async -> [Candidate] {
    let fit = ParameterFit(problem: problem, options: options.fitting, seed: options.seed)
    return await mapped(batch) { proposal in
      Candidate(tree: proposal.tree, fit: fit.fit(proposal.tree, warmStart: proposal.theta))
    }
  }

  /// The front with every entry fitted thoroughly, from where it is and from new starts.
  private func polished(_ front: ParetoFront) async -> ParetoFront {
    let fit = ParameterFit(problem: problem, options: options.polishing, seed: options.seed)
    let refitted = await mapped(front.entries) { entry in
      Candidate(tree: entry.tree, fit: fit.fit(entry.tree, warmStart: entry.fit.theta))
    }
    return ParetoFront(front.entries + refitted)
  }

  private func mapped<Element: Sendable>(
    _ elements: [Element], _ transform: @escaping @Sendable (Element) -> Candidate
  ) async -> [Candidate] {
    await withTaskGroup(of: (Int, Candidate).self) { group in
      var results: [Candidate?] = Array(repeating: nil, count: elements.count)
      var started = 0
      func startNext() {
        guard started < elements.count else { return }
        let (index, element) = (started, elements[started])
        started += 1
        group.addTask { (index, transform(element)) }
      }
      for _ in 0..<max(1, options.threads) { startNext() }
      while let (index, candidate) = await group.next() {
        results[index] = candidate
        startNext()
      }
      return results.compactMap { $0 }
    }
  }
}
