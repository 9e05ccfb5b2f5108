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
    var state = start ?? SearchState(seed: settings.search.seed)
    if hasNoForce {
      return try await outcome(of: state, marks: marks)
    }
    let search = populationSearch()
    let forecast = ScoringForecast(self, marks: marks)
    let time = SearchTime(until: deadline)
    state = await control.run(until: time) { [state] in
      await search.search(
        from: state, record: record,
        shouldEnd: { _ in control.reason ?? (time.isSpent ? .timeLimit : nil) },
        report: { event in
          time.reserve(
            seconds: forecast.seconds(event.front) + (event.state.secondsOfPolishing ?? 0))
          report(event)
        })
    }
    // A search that was stopped gets its last fits when it goes on, and only where the time is spent
    // do they end with it.
    if state.end?.isStop == false {
      let rest = SearchTime(
        until: state.end == .timeLimit ? deadline : nil, reserve: forecast.seconds(state.front))
      state = await control.run(until: rest) { [state] in
        await search.polished(state, record: record)
      }
    }
    return try await outcome(of: state, marks: marks, deadline: deadline)
  }

  /// A search's front by the direct sum, with what it is shown with.
  ///
  /// - Parameter deadline: alternatives to forms that the grid does not resolve, and uncertainties, are
  ///   left out where they would come later; nil: never.
  public func outcome(
    of state: SearchState, marks: Marks, deadline: ContinuousClock.Instant? = nil
  ) async throws -> SearchOutcome {
    let (candidates, entries) = try await resolvedEntries(of: state.result, deadline: deadline)
    let document = try self.document(
      entries: Self.recommending(entries), marks: marks, evaluations: state.counts.evaluations)
    return SearchOutcome(document: document, candidates: candidates, state: state)
  }

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
