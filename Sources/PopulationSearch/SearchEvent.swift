import ParetoFronts

/// A search at a barrier.
public struct SearchEvent: Sendable {
  public var state: SearchState
  /// Fitted since the last barrier, in the order they were proposed.
  public var fitted: [Candidate]

  public init(state: SearchState, fitted: [Candidate]) {
    self.state = state
    self.fitted = fitted
  }

  public var counts: SearchCounts { state.counts }
  public var front: ParetoFront { state.front }
}

/// What a search has done so far.
public struct SearchCounts: Sendable, Hashable, Codable {
  /// Forms fitted.
  public var evaluations = 0
  /// Last fits: of entries of the front, and of these with whole exponents.
  public var polished = 0
  /// Expressions proposed.
  public var proposals = 0
  /// Proposals whose canonical form had been fitted before.
  public var duplicates = 0
  /// Proposals without a canonical form within the grammar.
  public var rejected = 0
  /// Forms given up after a rough fit: far above what there is of their size.
  public var dropped = 0
  /// Candidates whose constraints could not be met.
  public var infeasible = 0
  /// Evaluations of the loss in all fits.
  public var lossEvaluations = 0

  public init() {}

  /// The first version dropped no forms.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    evaluations = try values.decode(Int.self, forKey: .evaluations)
    polished = try values.decode(Int.self, forKey: .polished)
    proposals = try values.decode(Int.self, forKey: .proposals)
    duplicates = try values.decode(Int.self, forKey: .duplicates)
    rejected = try values.decode(Int.self, forKey: .rejected)
    dropped = try values.decodeIfPresent(Int.self, forKey: .dropped) ?? 0
    infeasible = try values.decode(Int.self, forKey: .infeasible)
    lossEvaluations = try values.decode(Int.self, forKey: .lossEvaluations)
  }

  mutating func add(_ other: SearchCounts) {
    evaluations += other.evaluations
    polished += other.polished
    proposals += other.proposals
    duplicates += other.duplicates
    rejected += other.rejected
    dropped += other.dropped
    infeasible += other.infeasible
    lossEvaluations += other.lossEvaluations
  }
}

/// Why a search ended.
public enum SearchEnd: String, Sendable, Hashable, Codable {
  case timeLimit
  case evaluationLimit
  /// Proposals no longer bring new forms.
  case exhausted
  /// By a signal.
  case interrupted
  case memoryLimit
  /// What was found could not be recorded.
  case recordFailure

  /// Whether the search was stopped before its end, and can go on from there.
  public var isStop: Bool {
    switch self {
    case .timeLimit, .evaluationLimit, .exhausted: false
    case .interrupted, .memoryLimit, .recordFailure: true
    }
  }
}

/// What a search found.
public struct SearchResult: Sendable {
  /// Fitted thoroughly, unless the search was stopped.
  public var front: ParetoFront
  /// The best of every complexity as the search fitted them.
  public var runnersUp: [Candidate]
  public var counts: SearchCounts
  public var end: SearchEnd
}
