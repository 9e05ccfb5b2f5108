import AtomicData
import ForceFitting
import ParetoFronts

/// A search between two barriers: all that decides how it goes on.
public struct SearchState: Sendable {
  public internal(set) var counts = SearchCounts()
  /// Why the search ended; nil while it goes on.
  public internal(set) var end: SearchEnd?
  /// Why the record could not be written, where that ended the search.
  public internal(set) var failure: (any Error)?
  var random: RandomStream
  var population = Population()
  /// The last number given to a candidate.
  var lastNumber = 0
  /// Numbers of those that had their last fit.
  var polished: Set<Int> = []
  /// Evaluations at which the front is polished next.
  var nextPolishing = SearchState.firstPolishing
  /// Wall time of the last fit of an entry, seconds; no result depends on it.
  var secondsPerPolishing: Double?

  /// Fits of the whole front come at this number of evaluations, and whenever it has doubled: often
  /// enough to know what they cost, too seldom to matter.
  static let firstPolishing = 1_024

  /// The beginning of a search.
  public init(seed: UInt64) { random = RandomStream(seed: seed, purpose: 1) }

  public var front: ParetoFront { population.front }

  /// Wall time that the last fits of the front would take now, in seconds; nil before it is known.
  public var secondsOfPolishing: Double? {
    (secondsPerPolishing ?? secondsPerFit.map { $0 * Self.fitsPerPolishing })
      .map { $0 * Double(unpolished.count) }
  }

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

  /// Wall time of a fit, seconds; no result depends on it.
  var secondsPerFit: Double?
  /// Work of a last fit, in fits, before it is known.
  private static let fitsPerPolishing = 60.0

  /// The same search with other limits or another grammar.
  ///
  /// - Parameter stage: how often it was extended: its random numbers are new ones.
  public func extended(seed: UInt64, stage: Int) -> SearchState {
    var state = self
    state.end = nil
    state.random = RandomStream(seed: seed, purpose: 1, UInt64(stage))
    return state
  }

  /// Numbers the candidates in their order and takes them in.
  mutating func take(_ fitted: [Candidate]) -> [Candidate] {
    fitted.map { candidate in
      var candidate = candidate
      lastNumber += 1
      candidate.number = lastNumber
      counts.lossEvaluations += candidate.fit.evaluations
      if candidate.origin.kind == .polishing {
        counts.polished += 1
        polished.insert(candidate.number)
        polished.formUnion(candidate.origin.parents)
      } else {
        counts.evaluations += 1
        if candidate.fit.status == .infeasible { counts.infeasible += 1 }
      }
      population.insert(candidate)
      return candidate
    }
  }
}

// MARK: Snapshots

extension SearchState {
  /// A state in numbers, the candidates by theirs.
  public struct Snapshot: Sendable, Hashable, Codable {
    public let counts: SearchCounts
    public let end: SearchEnd?
    let random: RandomStream
    let lastNumber: Int
    let front: [Int]
    let niches: [[Int]]
    let polished: [Int]
    let nextPolishing: Int

    /// Candidates that were recorded up to here.
    public var candidateCount: Int { lastNumber }

    /// Numbers of all candidates that the state needs.
    public var candidates: Set<Int> { Set(front).union(niches.joined()) }
  }

  public var snapshot: Snapshot {
    // A search that was stopped goes on where it stands.
    let isOver = end.map { !$0.isStop } ?? false
    let kept = Set(front.entries.map(\.number))
    return Snapshot(
      counts: counts, end: isOver ? end : nil, random: random, lastNumber: lastNumber,
      front: front.entries.map(\.number), niches: population.niches.map { $0.map(\.number) },
      polished: polished.intersection(kept).sorted(), nextPolishing: nextPolishing)
  }

  /// The state that a snapshot was made of.
  ///
  /// - Parameter candidates: those of `Snapshot.candidates`, by number.
  /// - Returns: nil where one is missing, or the numbers are none that a search has.
  public init?(_ snapshot: Snapshot, candidates: [Int: Candidate]) {
    let bound = 1 << 60
    let numbers = [
      snapshot.lastNumber, snapshot.counts.evaluations, snapshot.counts.proposals,
      snapshot.counts.lossEvaluations, snapshot.nextPolishing,
    ]
    guard snapshot.candidates.allSatisfy({ candidates[$0] != nil }),
      snapshot.front.isEmpty == snapshot.niches.allSatisfy(\.isEmpty), snapshot.nextPolishing > 0,
      numbers.allSatisfy({ (0...bound).contains($0) })
    else { return nil }
    counts = snapshot.counts
    end = snapshot.end
    random = snapshot.random
    lastNumber = snapshot.lastNumber
    polished = Set(snapshot.polished)
    nextPolishing = snapshot.nextPolishing
    population = Population(
      niches: snapshot.niches.map { $0.compactMap { candidates[$0] } },
      front: ParetoFront(snapshot.front.compactMap { candidates[$0] }))
  }
}
