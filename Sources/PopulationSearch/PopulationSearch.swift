import AtomicData
import ExpressionTrees
import ForceFitting
import ParetoFronts

/// Genetic programming over canonical forms: propose, fit what is new, keep the best of every size.
///
/// Between two barriers a batch of proposals, drawn by one thread from the state alone, is fitted on
/// all threads; at the barrier the fits are taken in by the order of the proposals. What is found thus
/// depends on the seed, the data, the options and the number of candidates fitted, never on threads or
/// the clock; and a search goes on from a `SearchState` as if it had never stopped.
public struct PopulationSearch: Sendable {
  public let problem: FitProblem
  public let options: SearchOptions
  /// Loss of a thoroughly fitted form over the validation data, (eV/Å)²; nil where there are none.
  public let validationLoss: @Sendable (ExpressionTree, [Double]) -> Double?

  public init(
    problem: FitProblem, options: SearchOptions,
    validationLoss: @escaping @Sendable (ExpressionTree, [Double]) -> Double? = { _, _ in nil }
  ) {
    self.problem = problem
    self.options = options
    self.validationLoss = validationLoss
  }

  /// Searches, and gives the front its last fits.
  public func run(
    shouldEnd: @escaping @Sendable (SearchEvent) -> SearchEnd? = { _ in nil },
    report: @escaping @Sendable (SearchEvent) -> Void = { _ in }
  ) async -> SearchResult {
    let record = MemoryRecord()
    let state = await search(
      from: SearchState(seed: options.seed), record: record, shouldEnd: shouldEnd, report: report)
    return await polished(state, record: record).result
  }

  /// Searches on until a limit is reached.
  ///
  /// Where the task is cancelled, the batch in work is dropped: the state is that of the last barrier.
  ///
  /// - Parameters:
  ///   - shouldEnd: asked at every barrier and after a cancellation; a reason ends the search there.
  ///   - report: called at every barrier.
  public func search(
    from start: SearchState, record: some SearchRecord,
    shouldEnd: @Sendable (SearchEvent) -> SearchEnd? = { _ in nil },
    report: @Sendable (SearchEvent) -> Void = { _ in }
  ) async -> SearchState {
    let proposer = Proposer(problem: problem, options: options)
    var state = start
    if hasReachedLimit(state) { state.end = state.end ?? .evaluationLimit }
    while state.end == nil {
      var next = state
      do {
        let fitted = try await step(&next, proposer, record)
        guard !Task.isCancelled else {
          state.end = shouldEnd(SearchEvent(state: state, fitted: [])) ?? .interrupted
          break
        }
        let candidates = next.take(fitted ?? [])
        next.end =
          fitted == nil
          ? .exhausted
          : hasReachedLimit(next)
            ? .evaluationLimit : shouldEnd(SearchEvent(state: next, fitted: candidates))
        try record.record(candidates, state: next)
        state = next
        report(SearchEvent(state: state, fitted: candidates))
      } catch {
        state.end = .recordFailure
        state.failure = error
      }
    }
    return state
  }

  private func hasReachedLimit(_ state: SearchState) -> Bool {
    options.maxEvaluations.map { state.counts.evaluations >= $0 } ?? false
  }

  /// The fits up to the next barrier; nil where no new forms turn up.
  private func step(
    _ state: inout SearchState, _ proposer: Proposer, _ record: some SearchRecord
  ) async throws -> [Candidate]? {
    if state.counts.evaluations >= state.nextPolishing {
      while state.counts.evaluations >= state.nextPolishing { state.nextPolishing *= 2 }
      return await polishings(&state)
    }
    let budget = options.maxEvaluations.map { $0 - state.counts.evaluations } ?? Int.max
    let batch = try proposer.batch(
      size: min(options.batchSize, budget), state: &state, record: record)
    return batch.isEmpty ? nil : await fits(batch)
  }

  private func fits(_ batch: [Proposal]) async -> [Candidate] {
    let fit = ParameterFit(problem: problem, options: options.fitting, seed: options.seed)
    return await batch.mapInParallel(threads: options.threads) { proposal in
      Candidate(
        origin: proposal.origin, tree: proposal.tree,
        fit: fit.fit(proposal.tree, warmStart: proposal.theta))
    }
  }

  // MARK: Last fits

  /// The state after the last fits of the front.
  ///
  /// Where the task is cancelled, those that are done count.
  public func polished(_ state: SearchState, record: some SearchRecord) async -> SearchState {
    var state = state
    guard !state.unpolished.isEmpty else { return state }
    let candidates = state.take(await polishings(&state))
    do {
      try record.record(candidates, state: state)
    } catch {
      state.end = .recordFailure
      state.failure = error
    }
    return state
  }

  /// Entries of the front fitted thoroughly, from where they are and from new starts.
  private func polishings(_ state: inout SearchState) async -> [Candidate] {
    let entries = state.unpolished
    let fit = ParameterFit(problem: problem, options: options.polishing, seed: options.seed)
    let clock = ContinuousClock()
    let start = clock.now
    let fitted = await entries.mapInParallel(threads: options.threads) { entry -> Candidate? in
      guard !Task.isCancelled else { return nil }
      let outcome = fit.fit(entry.tree, warmStart: entry.fit.theta)
      guard !Task.isCancelled else { return nil }
      return Candidate(
        origin: CandidateOrigin(.polishing, parents: [entry.number]), tree: entry.tree,
        fit: outcome,
        validationLoss: outcome.isCandidate ? validationLoss(entry.tree, outcome.theta) : nil)
    }
    if !entries.isEmpty {
      state.secondsPerPolishing = (clock.now - start) / .seconds(1) / Double(entries.count)
    }
    return fitted.compactMap { $0 }
  }
}
