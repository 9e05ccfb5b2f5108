import AtomicData
import ForceFitting
import ParetoFronts
import PopulationSearch
import RunStorage

/// What came of a search.
public struct SearchOutcome: Sendable {
  public var document: FrontDocument
  /// The candidates of the document's entries, in their order.
  public var candidates: [Candidate]
  /// Where the search stands.
  public var state: SearchState
}

extension Discovery {
  /// Searches, and scores what was found by the direct sum over all frames.
  ///
  /// - Parameters:
  ///   - marks: baselines and floor, where they are known already.
  ///   - start: where an earlier search stopped; nil to begin anew.
  ///   - record: what was fitted before, and what keeps what will be.
  ///   - deadline: when the result shall be there, the last fits and scores included.
  ///   - control: stops the search from outside.
  ///   - report: called at every barrier.
  /// - Throws: `InputError` where the data changed since it was opened.
  public func search(
    marks: Marks? = nil, from start: SearchState? = nil,
    record: some SearchRecord = MemoryRecord(), deadline: ContinuousClock.Instant? = nil,
    control: SearchControl = SearchControl(),
    report: @escaping @Sendable (SearchEvent) -> Void = { _ in }
  ) async throws -> SearchOutcome {
    try settings.validateForFits()
    let marks = if let marks { marks } else { try await self.marks() }
    var state = start ?? SearchState()
    if hasNoForce {
      return try await outcome(of: state, marks: marks)
    }
    // A search that has ended already has spent its time: what is left to do is done.
    let deadline = state.end == nil ? deadline : nil
    let search = populationSearch()
    let forecast = deadline == nil ? nil : try await ScoringForecast(self, marks: marks)
    let time = SearchTime(until: deadline)
    state = await control.run(until: time) { [state] in
      await search.search(
        from: state, record: record,
        shouldEnd: { _ in control.reason ?? (time.isSpent ? .timeLimit : nil) },
        report: { event in
          if let forecast {
            time.reserve(
              seconds: forecast.seconds(event.front) + (event.state.secondsOfPolishing ?? 0))
          }
          report(event)
        })
    }
    // Only where the time is spent do last fits and scores end with it.
    let rest =
      if state.end == .timeLimit, let deadline, let forecast {
        ScoringTime(deadline: deadline, forecast: forecast)
      } else { nil as ScoringTime? }
    // A search that was stopped gets its last fits when it goes on.
    if state.end?.isStop == false {
      let time = SearchTime(
        until: rest?.deadline, reserve: rest?.forecast.seconds(state.front) ?? 0)
      state = await control.run(until: time) { [state] in
        await search.polished(state, record: record, keepsPart: rest != nil)
      }
    }
    return try await outcome(
      of: state, marks: marks, time: rest, isPressed: state.end == .memoryLimit)
  }

  /// A search's front by the direct sum, with what it is shown with.
  public func outcome(of state: SearchState, marks: Marks) async throws -> SearchOutcome {
    try await outcome(of: state, marks: marks, time: nil)
  }

  /// - Parameter isPressed: whether there is no memory for the uncertainties.
  private func outcome(
    of state: SearchState, marks: Marks, time: ScoringTime?, isPressed: Bool = false
  ) async throws -> SearchOutcome {
    let (candidates, resolved, isWhole) = try await resolvedEntries(
      of: state.result, time: time, hasUncertainties: !isPressed)
    let (entries, trust) = try await recommended(
      resolved, candidates.map(scored), isTrusted: isWhole,
      formCount: state.counts.evaluations)
    let document = try self.document(
      entries: entries, marks: marks, evaluations: state.counts.evaluations,
      certifiedComplexity: certifiedComplexity(state),
      alternatives: alternatives(of: state, beside: candidates), trust: trust)
    return SearchOutcome(document: document, candidates: candidates, state: state)
  }

  /// What is certified of the grammar that the document states: that of all searches of the run.
  public func certifiedComplexity(_ state: SearchState) -> Int {
    let grammars = (earlierSearches + [settings.search]).map(\.grammar)
    var all = settings.search.grammar
    all.operators = Array(Set(grammars.flatMap(\.operators)))
    all.parameterKinds = Array(Set(grammars.flatMap(\.parameterKinds)))
    return state.certifiedComplexity(of: all)
  }

  /// The hall of fame: forms whose loss is near the best of at most their size, as the search fitted
  /// them; of forms with equal losses one.
  func alternatives(of state: SearchState, beside front: [Candidate]) -> [AlternativeEntry] {
    guard !hasNoForce else { return [] }
    // What the direct sum has kept out of the front is no alternative either.
    let known = Set(front.map(\.tree) + state.front.entries.map(\.tree))
    let problem = problem(cutoffMode: settings.cutoffMode)
    let names = dataset.pairTypes.typeNames
    return state.result.runnersUp.compactMap { candidate in
      let best = front.last { $0.complexity <= candidate.complexity }?.loss ?? .infinity
      guard !known.contains(candidate.tree), candidate.loss <= Self.nearOptimal * best else {
        return nil
      }
      let forces = problem.forces(of: candidate.tree, theta: candidate.fit.theta).values
      return AlternativeEntry(
        complexity: candidate.complexity, expression: candidate.tree.description,
        parameters: candidate.tree.values(of: candidate.fit.theta, typeNames: names),
        trainRMSE: statistics.training.meanSquaredForceError(of: forces).squareRoot(),
        validationRMSE: statistics.validation?.meanSquaredForceError(of: forces).squareRoot())
    }
  }

  /// Losses up to this many times the best are near it.
  static let nearOptimal = 1.1

  private func populationSearch() -> PopulationSearch {
    var options = settings.search
    options.fitting = options.fitting.with(settings.optimizer)
    options.polishing = options.polishing.with(settings.optimizer)
    let problem = problem(cutoffMode: settings.cutoffMode)
    let validation = statistics.validation
    return PopulationSearch(problem: problem, options: options) { tree, theta in
      validation?.meanSquaredForceError(of: problem.forces(of: tree, theta: theta).values)
    }
  }
}
