import ExpressionTrees
import ForceFitting
import ParetoFronts

/// A search over canonical forms: choose, fit what is new, keep the best of every size.
///
/// Between two barriers a batch of forms, chosen from the state alone by the strategy, is fitted on all
/// threads; at the barrier the fits are taken in by the order of the forms. What is found thus depends
/// on the seed, the data, the options and the number of candidates fitted, never on threads or the
/// clock; and a search goes on from a `SearchState` as if it had never stopped.
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
      from: SearchState(), record: record, shouldEnd: shouldEnd, report: report)
    return await polished(state, record: record).result
  }

  /// Searches on until a limit is reached.
  ///
  /// Where the task is cancelled, the batch in work is dropped: the state is that of the last barrier.
  ///
  /// - Parameters:
  ///   - start: a new state, or that of a search to go on with.
  ///   - record: is told of every candidate, and knows which forms were fitted.
  ///   - shouldEnd: asked at every barrier and after a cancellation; a reason ends the search there.
  ///   - report: called at every barrier.
  public func search(
    from start: SearchState, record: some SearchRecord,
    shouldEnd: @Sendable (SearchEvent) -> SearchEnd? = { _ in nil },
    report: @Sendable (SearchEvent) -> Void = { _ in }
  ) async -> SearchState {
    var strategy = StrategySource(problem: problem, options: options)
    var state = start
    state.enumeration.adopt(options.grammar)
    if hasReachedLimit(state) { state.end = state.end ?? .evaluationLimit }
    while state.end == nil {
      var next = state
      do {
        let fitted = try await step(&next, &strategy, record)
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
    _ state: inout SearchState, _ strategy: inout StrategySource, _ record: some SearchRecord
  ) async throws -> [FittedProposal]? {
    if state.counts.evaluations >= state.nextPolishing {
      while state.counts.evaluations >= state.nextPolishing { state.nextPolishing *= 2 }
      return try await polishings(&state, record)
    }
    let budget = options.maxEvaluations.map { $0 - state.counts.evaluations } ?? Int.max
    let batch = try await strategy.batch(size: budget, state: &state, record: record)
    guard !batch.isEmpty else { return nil }
    let clock = ContinuousClock()
    let start = clock.now
    let candidates = await fits(batch, state)
    let dropped = candidates.count { $0.candidate.fit.status == .dropped }
    let fits = Double(candidates.count - dropped) + Self.droppedWork * Double(dropped)
    state.secondsPerFit = (clock.now - start) / .seconds(1) / max(1, fits)
    return candidates
  }

  /// Time of a form that is dropped in units of that of a whole fit, about.
  private static let droppedWork = 0.3

  private func fits(_ batch: [Proposal], _ state: SearchState) async -> [FittedProposal] {
    let fit = ParameterFit(problem: problem, options: options.fitting, seed: options.seed)
    // A form that is listed or put together has this one chance.
    var careful = options.fitting
    careful.roughSearches = 2
    let single = ParameterFit(problem: problem, options: careful, seed: options.seed)
    // There are many, and small: few exponents have to be found at a time.
    careful.startSearch.alikeShare = 0
    let listed = ParameterFit(problem: problem, options: careful, seed: options.seed)
    let thorough = ParameterFit(problem: problem, options: options.polishing, seed: options.seed)
    return await batch.mapInParallel(threads: options.threads) { proposal in
      let fit =
        switch proposal.origin.kind {
        case .enumeration: listed
        case .composition: single
        case .seed: thorough
        default: fit
        }
      let limit = options.roughMargin * state.largestUsefulLoss(of: proposal)
      return FittedProposal(
        candidate: Candidate(
          origin: proposal.origin, tree: proposal.tree,
          fit: fit.fit(proposal.tree, warmStart: proposal.theta, roughLimit: limit)),
        island: proposal.island, path: proposal.path)
    }
  }

  // MARK: Last fits

  /// The state after the last fits of the front.
  ///
  /// - Parameters:
  ///   - start: the state of a search that ended.
  ///   - record: is told of every candidate.
  ///   - keepsPart: whether, where the task is cancelled, the fits that are done count. A search that
  ///     goes on later needs all of them or none: which entries get one depends on the others.
  public func polished(
    _ start: SearchState, record: some SearchRecord, keepsPart: Bool = false
  ) async -> SearchState {
    var state = start
    guard !state.unpolished.isEmpty else { return state }
    do {
      let fitted = try await polishings(&state, record)
      guard keepsPart || !Task.isCancelled else { return start }
      try record.record(state.take(fitted), state: state)
    } catch {
      state.end = .recordFailure
      state.failure = error
    }
    return state
  }

  /// Entries of the front fitted thoroughly, from where they are and from new starts, and with whole
  /// exponents in place of values near them.
  private func polishings(
    _ state: inout SearchState, _ record: some SearchRecord
  ) async throws -> [FittedProposal] {
    let entries = state.unpolished
    let clock = ContinuousClock()
    let start = clock.now
    let fitted = await lastFits(
      entries.map {
        Proposal(
          origin: CandidateOrigin(.polishing, parents: [$0.number]), tree: $0.tree,
          theta: $0.fit.theta)
      })
    let whole = WholeExponents(grammar: options.grammar, typeCount: problem.typeCount)
    let rounded = fitted.flatMap { fitted in
      whole.forms(of: fitted.candidate, parent: fitted.candidate.origin.parents[0])
    }
    let isKnown = try record.areKnown(rounded.map(\.tree))
    var chosen: Set<ExpressionTree> = []
    let new = zip(rounded, isKnown).filter { !$1 && chosen.insert($0.tree).inserted }.map(\.0)
    let results = fitted + (await lastFits(new))
    if !entries.isEmpty {
      state.secondsPerPolishingWork =
        (clock.now - start) / .seconds(1) / SearchState.polishingWork(entries)
    }
    return results
  }

  /// Nodes up to which last fits have more starts: the minimum that most starts lead to need not be the
  /// lowest one, as of `(X + Y^r)^Z` on water dimers.
  static let smallSize = 8
  private static let smallStarts = 30
  private static let smallAgreements = 8
  /// Their starts in units of those of others, about.
  static let smallWork = 2.5

  private func lastFits(_ proposals: [Proposal]) async -> [FittedProposal] {
    let fit = ParameterFit(problem: problem, options: options.polishing, seed: options.seed)
    // Fits of small forms cost little, and these are what people use.
    var thorough = options.polishing
    thorough.starts = max(thorough.starts, Self.smallStarts)
    thorough.sufficientAgreements = max(thorough.sufficientAgreements, Self.smallAgreements)
    let smallFit = ParameterFit(problem: problem, options: thorough, seed: options.seed)
    return await proposals.mapInParallel(threads: options.threads) { proposal -> FittedProposal? in
      guard !Task.isCancelled else { return nil }
      let isSmall = proposal.tree.nodeCount <= Self.smallSize
      let outcome = (isSmall ? smallFit : fit).fit(proposal.tree, warmStart: proposal.theta)
      guard !Task.isCancelled else { return nil }
      return FittedProposal(
        candidate: Candidate(
          origin: proposal.origin, tree: proposal.tree, fit: outcome,
          validationLoss: outcome.isCandidate ? validationLoss(proposal.tree, outcome.theta) : nil))
    }.compactMap { $0 }
  }
}
