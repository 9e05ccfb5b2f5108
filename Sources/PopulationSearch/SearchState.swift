import AtomicData
import ExpressionTrees
import ForceFitting
import ParetoFronts

/// A search between two barriers: all that decides how it goes on.
public struct SearchState: Sendable {
  public internal(set) var counts = SearchCounts()
  /// Why the search ended; nil while it goes on.
  public internal(set) var end: SearchEnd?
  /// Why the record could not be written, where that ended the search.
  public internal(set) var failure: (any Error)?
  /// The best of every size, whichever way they were found.
  var population = Population()
  /// The best sums of terms of every size: what other terms are added to.
  var sums = Population()
  var islands: [Island] = []
  var enumeration = FormEnumeration.Progress()
  var treeSearch = TreeSearch.Statistics()
  /// Batches so far.
  var turn = 0
  /// How often the search was extended.
  var stage = 0
  /// Up to these numbers candidates were put together, by the sum of their ranks.
  var composed = SearchState.nothingComposed
  /// Whether the seed potentials were fitted.
  var hasSeeds = false
  /// The last number given to a candidate.
  var lastNumber = 0
  /// Numbers of those that had their last fit.
  var polished: Set<Int> = []
  /// Evaluations at which the front is polished next.
  var nextPolishing = SearchState.firstPolishing
  /// Wall time of last fits by the work in them, seconds; no result depends on it.
  var secondsPerPolishingWork: Double?
  /// Wall time of a whole fit, seconds; no result depends on it.
  var secondsPerFit: Double?

  static let nothingComposed = Array(repeating: 0, count: Composition.rankCount)

  /// Fits of the whole front come at this number of evaluations, and whenever it has doubled: often
  /// enough to know what they cost, too seldom to matter.
  static let firstPolishing = 1_024
  /// Work of a last fit, in fits, before it is known.
  private static let fitsPerPolishing = 60.0

  /// The beginning of a search.
  public init() {}

  public var front: ParetoFront { population.front }

  /// Every canonical form of the grammar with at most this many nodes was fitted, or given up after a
  /// rough fit (docs/theory/enumeration.md).
  public func certifiedComplexity(of grammar: SearchOptions.Grammar) -> Int {
    enumeration.certifiedSize(of: grammar)
  }

  /// Wall time that the last fits of the front would take now, in seconds; nil before it is known.
  public var secondsOfPolishing: Double? {
    let entries = unpolished
    if let secondsPerPolishingWork {
      return Self.polishingMargin * secondsPerPolishingWork * Self.polishingWork(entries)
    }
    return secondsPerFit.map { $0 * Self.fitsPerPolishing * Double(entries.count) }
  }

  /// What the time of last fits goes with, roughly: nodes times parameters, and minima that have to agree.
  static func polishingWork(_ entries: [Candidate]) -> Double {
    entries.reduce(0) { sum, entry in
      let work = Double(entry.complexity * max(1, entry.fit.theta.count))
      let isSmall = entry.complexity <= PopulationSearch.smallSize
      return sum + (isSmall ? PopulationSearch.smallWork : 1) * work
    }
  }

  /// Forms to come may be harder than those before; the longest fit is waited for alone.
  private static let polishingMargin = 1.5

  /// Whether the front has had its last fits.
  public var isPolished: Bool { unpolished.isEmpty }

  /// Entries of the front whose last fit is still to come.
  var unpolished: [Candidate] { front.entries.filter { !polished.contains($0.number) } }

  /// The same, stopped since it could not be recorded any further.
  public func stopped(by failure: any Error) -> SearchState {
    var state = self
    (state.end, state.failure) = (.recordFailure, failure)
    return state
  }

  public var result: SearchResult {
    SearchResult(
      front: front, runnersUp: population.candidates, counts: counts, end: end ?? .exhausted)
  }

  /// The same search with other limits or another grammar.
  ///
  /// - Parameter stage: how often it was extended: its random numbers are new ones.
  public func extended(stage: Int) -> SearchState {
    var state = self
    state.end = nil
    state.stage = stage
    state.islands = []
    state.treeSearch = TreeSearch.Statistics()
    state.composed = Self.nothingComposed
    state.hasSeeds = false
    return state
  }

  /// Takes in what was fitted, in the order it was proposed.
  ///
  /// - Returns: what is to be recorded, numbered: all but listed forms that were given up, which the
  ///   list itself knows.
  mutating func take(_ fitted: [FittedProposal]) -> [Candidate] {
    var byIsland: [Int: [Candidate]] = [:]
    let recorded = fitted.compactMap { fitted -> Candidate? in
      var candidate = fitted.candidate
      if let path = fitted.path { treeSearch.learn(path, candidate) }
      let kind = candidate.origin.kind
      let isDropped = candidate.fit.status == .dropped
      counts.lossEvaluations += candidate.fit.evaluations
      if kind == .rounding {
        counts.polished += 1
      } else if kind != .polishing {
        counts.evaluations += 1
        if isDropped { counts.dropped += 1 }
        if candidate.fit.status == .infeasible { counts.infeasible += 1 }
      }
      guard !isDropped || kind != .enumeration else { return nil }
      lastNumber += 1
      candidate.number = lastNumber
      if kind == .polishing {
        counts.polished += 1
        polished.insert(candidate.number)
        polished.formUnion(candidate.origin.parents)
      } else if kind == .rounding {
        polished.insert(candidate.number)
      }
      population.insert(candidate)
      if candidate.tree.isSumOfTerms { sums.insert(candidate) }
      if let island = fitted.island { byIsland[island, default: []].append(candidate) }
      return candidate
    }
    if !byIsland.isEmpty {
      for number in islands.indices { islands[number].take(byIsland[number] ?? []) }
    }
    return recorded
  }
}

extension SearchState {
  /// Loss up to which a form is of use: it enters its niche, and is near the best of its size.
  func largestUsefulLoss(of proposal: Proposal) -> Double {
    let size = proposal.tree.nodeCount
    if let island = proposal.island { return islands[island].population.entranceLoss(size) }
    guard proposal.origin.kind != .seed else { return .infinity }
    let best = front.best(upTo: size)?.loss ?? .infinity
    let limit = min(population.entranceLoss(size), Self.usefulShare * best)
    guard proposal.origin.kind == .composition, proposal.tree.isSumOfTerms else { return limit }
    // What is far from the best alone may be half of what is.
    return max(limit, min(sums.entranceLoss(size), Self.usefulShareOfSums * best))
  }

  /// Losses up to this many times the best of a size may be of use.
  private static let usefulShare = 2.0
  private static let usefulShareOfSums = 4.0
}

/// A candidate, and where it came from.
struct FittedProposal: Sendable {
  var candidate: Candidate
  var island: Int?
  var path: [UInt8]?
}
