import Foundation
import GRDB
import ParetoFronts
import PopulationSearch

/// How far a search was at a moment: an event `progress` of the run database.
public struct ProgressSample: Sendable, Codable, Equatable {
  /// Wall time of the stage so far, over all its processes.
  public var seconds: Double
  /// Wall time of the process so far, and the time its threads were at work, together.
  public var processSeconds: Double
  public var processorSeconds: Double
  /// Expressions proposed in all stages, those of them whose form had been fitted before, and those
  /// outside of the grammar.
  public var proposals: Int
  public var duplicates: Int
  public var rejected: Int
  /// Forms fitted in all stages, and those of them that were given up after a rough fit.
  public var evaluations: Int
  public var dropped: Int
  /// Forms fitted by the way they were found, names of `CandidateOrigin.Kind`; last fits apart.
  public var fitted: [String: Int]
  /// Number of the last candidate.
  public var lastNumber: Int
  /// The front: nodes of its entries, and their training losses.
  public var sizes: [Int]
  public var losses: [Double]

  static let eventKind = "progress"

  public init(
    seconds: Double, processSeconds: Double, processorSeconds: Double, proposals: Int,
    duplicates: Int, rejected: Int, evaluations: Int, dropped: Int, fitted: [String: Int],
    lastNumber: Int, sizes: [Int], losses: [Double]
  ) {
    self.seconds = seconds
    self.processSeconds = processSeconds
    self.processorSeconds = processorSeconds
    self.proposals = proposals
    self.duplicates = duplicates
    self.rejected = rejected
    self.evaluations = evaluations
    self.dropped = dropped
    self.fitted = fitted
    self.lastNumber = lastNumber
    self.sizes = sizes
    self.losses = losses
  }

  /// - Parameter origins: forms fitted by origin, but for enumerated ones, which are the rest.
  init(
    seconds: Double, processSeconds: Double, state: SearchState, origins: [String: Int],
    lastNumber: Int
  ) {
    let counts = state.counts
    var fitted = origins
    let rest = counts.evaluations - origins.values.reduce(0, +)
    if rest > 0 { fitted[CandidateOrigin.Kind.enumeration.rawValue] = rest }
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    self.init(
      seconds: Self.rounded(seconds), processSeconds: Self.rounded(processSeconds),
      processorSeconds: Self.rounded(Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)),
      proposals: counts.proposals, duplicates: counts.duplicates, rejected: counts.rejected,
      evaluations: counts.evaluations, dropped: counts.dropped, fitted: fitted,
      lastNumber: lastNumber, sizes: state.front.entries.map(\.complexity),
      losses: state.front.entries.map(\.loss))
  }

  /// Whether forms of an origin are counted one by one: the list does not hand out those it gives up, so
  /// that its forms are what the others leave.
  static func isCounted(_ kind: CandidateOrigin.Kind) -> Bool {
    ![.enumeration, .polishing, .rounding].contains(kind)
  }

  /// To a millisecond.
  private static func rounded(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }
}

extension RunStore {
  /// The progress of the search, each sample with the number of its stage, in the order of time; empty for
  /// runs of versions that kept none.
  public func progress() throws -> [(stage: Int, sample: ProgressSample)] {
    try reading { db in
      try Row.fetchAll(
        db, sql: "SELECT stage, detail FROM event WHERE kind = ? ORDER BY number",
        arguments: [ProgressSample.eventKind]
      ).map { ($0["stage"], try Self.value(ProgressSample.self, of: $0["detail"])) }
    }
  }

  /// Forms fitted so far by origin, but for enumerated ones, and the number of the last candidate: those of
  /// the last sample, and what was recorded after it.
  func originsOfFitted() throws -> (counts: [String: Int], lastNumber: Int) {
    try reading { db in
      let sql = "SELECT detail FROM event WHERE kind = ? ORDER BY number DESC LIMIT 1"
      let text = try String.fetchOne(db, sql: sql, arguments: [ProgressSample.eventKind])
      // What another program wrote there is no reason not to go on.
      let sample = text.flatMap { try? Self.value(ProgressSample.self, of: $0) }
      var counts = sample?.fitted ?? [:]
      let rows = try Row.fetchAll(
        db, sql: "SELECT origin, count(*) AS n FROM candidate WHERE number > ? GROUP BY origin",
        arguments: [sample?.lastNumber ?? 0])
      for row in rows { counts[row["origin"], default: 0] += row["n"] as Int }
      let counted = counts.filter { name, _ in
        CandidateOrigin.Kind(rawValue: name).map(ProgressSample.isCounted) ?? false
      }
      let last = try Int.fetchOne(db, sql: "SELECT max(number) FROM candidate") ?? 0
      return (counted, last)
    }
  }

  /// When each stage was begun, ISO 8601.
  public func startTimes() throws -> [String] {
    try reading { try String.fetchAll($0, sql: "SELECT startedAt FROM stage ORDER BY number") }
  }
}
