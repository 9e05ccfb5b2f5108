import PopulationSearch

/// A search as its display sees it: numbers and texts only. Forces in eV/Å, times in seconds.
struct SearchProgress: Sendable {
  struct Row: Sendable, Equatable {
    let complexity: Int
    /// Over the training frames; with what is matched beside forces, in units of a force too.
    let forceError: Double
    let expression: String
  }

  enum Phase: Sendable {
    case searching
    /// A signal came.
    case stopping
    /// The front gets its last fits and its direct sums.
    case scoring
  }

  let name: String
  let timeLimit: Double
  let maxEvaluations: Int?
  /// Of U = 0 and of the floor, over the training frames.
  let referenceError: Double
  let floorError: Double?
  /// Whether other targets than forces are in the errors.
  var isCombined = false
  /// Of which forms are certified.
  var grammar = SearchOptions.Grammar()
  /// Expressions that earlier processes fitted, and their time.
  var evaluationsBefore = 0
  var elapsedBefore = 0.0
  var phase = Phase.searching
  var elapsed = 0.0
  var evaluations = 0
  /// Every form with at most this many nodes was fitted.
  var certifiedComplexity = 0
  var rows: [Row] = []

  mutating func update(_ event: SearchEvent) {
    evaluations = event.counts.evaluations
    certifiedComplexity = event.state.certifiedComplexity(of: grammar)
    rows = event.front.entries.map {
      Row(
        complexity: $0.complexity, forceError: $0.loss.squareRoot(),
        expression: $0.tree.description)
    }
  }

  /// Share of the budget that is spent: of the time, or of the evaluations where that is more.
  var share: Double {
    guard phase != .scoring else { return 1 }
    let ofEvaluations = maxEvaluations.map { Double(evaluations) / Double($0) } ?? 0
    return min(1, max(elapsed / timeLimit, ofEvaluations))
  }

  /// Expressions fitted per second.
  var rate: Double {
    let time = elapsed - elapsedBefore
    return time > 0 ? Double(evaluations - evaluationsBefore) / time : 0
  }

  /// Seconds until the budget is spent, as far as one can tell.
  var timeLeft: Double {
    let byTime = timeLimit - elapsed
    guard let maxEvaluations, rate > 0 else { return byTime }
    return min(byTime, Double(maxEvaluations - evaluations) / rate)
  }
}
