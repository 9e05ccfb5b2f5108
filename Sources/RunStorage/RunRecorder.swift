import ExpressionTrees
import Foundation
import GRDB
import ParetoFronts
import PopulationSearch
import Synchronization

/// Records a search in a run database.
///
/// A form is known by 64 bits of its hash: among 10⁷ forms the chance that any two share them is 3·10⁻⁶.
/// Candidates are held back and written together with the state after them, in one transaction: the
/// database always stands at a barrier. Transactions come as often as keeps their share of the time
/// small.
public final class RunRecorder: SearchRecord {
  private struct Pending {
    var candidates: [Candidate] = []
    var forms: Set<Int64> = []
    var recent = RecentKeys()
    /// Of all that was written.
    var filter: KeyFilter
    var events: [(time: Date, kind: String, detail: String)] = []
    /// Forms fitted in all stages by the way they were found, but for enumerated ones.
    var origins: [String: Int]
    var lastNumber: Int
    var nextSample = 0.0
    var nextWriting: ContinuousClock.Instant
    var writingSeconds = 0.0
    var askingSeconds = 0.0
  }

  private let store: RunStore
  private let stage: Int
  /// Seconds of the stage in earlier processes.
  public let secondsBefore: Double
  private let start: ContinuousClock.Instant
  private let pending: Mutex<Pending>

  /// Time between two transactions: so many times the length of one, within bounds. What is held back
  /// takes memory, and is lost with the process.
  private static let shortestInterval = Duration.seconds(2)
  private static let longestInterval = Duration.seconds(5)
  /// Candidates held back while another program has the database, before it is waited for.
  private static let mostHeldBack = 50_000
  private static let intervalsPerWriting = 50

  /// - Parameters:
  ///   - store: the database of the run.
  ///   - start: when the process began, for the time of the stage.
  /// - Throws: `RunStorageError`.
  public init(_ store: RunStore, start: ContinuousClock.Instant) throws {
    self.store = store
    self.start = start
    let checkpoint = try store.checkpoint()
    stage = try store.stages().last?.number ?? 0
    secondsBefore = checkpoint?.seconds ?? 0
    let (origins, lastNumber) = try store.originsOfFitted()
    pending = Mutex(
      Pending(
        filter: try store.keyFilter(), origins: origins, lastNumber: lastNumber,
        nextWriting: .now + Self.shortestInterval))
  }

  /// Seconds of the stage so far, over all its processes.
  public var seconds: Double { secondsBefore + (ContinuousClock.now - start) / .seconds(1) }

  /// Seconds this process spent on transactions that write.
  public var writingSeconds: Double { pending.withLock { $0.writingSeconds } }

  /// Seconds in which the search waited for the database.
  public var recordingSeconds: Double {
    pending.withLock { $0.writingSeconds + $0.askingSeconds }
  }

  public func areKnown(_ forms: [ExpressionTree]) throws -> [Bool] {
    try pending.withLock { pending in
      let begin = ContinuousClock.now
      defer { pending.askingSeconds += (ContinuousClock.now - begin) / .seconds(1) }
      let keys = forms.map(CandidateRow.formKey)
      var answers = keys.map { pending.forms.contains($0) || pending.recent.contains($0) }
      let open = answers.indices.filter {
        !answers[$0] && pending.filter.mayContain(keys[$0])
      }
      guard !open.isEmpty else { return answers }
      try store.reading { db in
        let statement = try db.cachedStatement(
          sql: "SELECT 1 FROM candidate WHERE form = ? LIMIT 1")
        for k in open {
          answers[k] = try Int.fetchOne(statement, arguments: [keys[k]]) != nil
        }
      }
      // Most duplicates are of few forms, and come again.
      for k in open where answers[k] { pending.recent.insert(keys[k]) }
      return answers
    }
  }

  public func record(_ candidates: [Candidate], state: SearchState) throws {
    try pending.withLock { pending in
      pending.candidates += candidates
      pending.forms.formUnion(candidates.map { CandidateRow.formKey($0.tree) })
      sample(&pending, candidates, state)
      guard state.end != nil || ContinuousClock.now >= pending.nextWriting else { return }
      try write(&pending, state, waits: state.end != nil)
    }
  }

  /// Seconds between two samples of the progress: at least these, and a share of the time so far, so that
  /// hours take as many as minutes.
  private static let sampleInterval = 0.25
  private static let sampleShare = 0.01

  private func sample(_ pending: inout Pending, _ candidates: [Candidate], _ state: SearchState) {
    for candidate in candidates where ProgressSample.isCounted(candidate.origin.kind) {
      pending.origins[candidate.origin.kind.rawValue, default: 0] += 1
    }
    pending.lastNumber = candidates.last?.number ?? pending.lastNumber
    let seconds = seconds
    guard state.end != nil || seconds >= pending.nextSample else { return }
    pending.nextSample = seconds + max(Self.sampleInterval, Self.sampleShare * seconds)
    let sample = ProgressSample(
      seconds: seconds, processSeconds: (ContinuousClock.now - start) / .seconds(1),
      state: state, origins: pending.origins, lastNumber: pending.lastNumber)
    guard let detail = try? RunStore.text(sample) else { return }
    pending.events.append((Date(), ProgressSample.eventKind, detail))
  }

  /// Takes in an event, to be written with the next candidates.
  ///
  /// - Parameters:
  ///   - kind: the name of the event.
  ///   - detail: a JSON object.
  public func note(_ kind: String, detail: String) {
    pending.withLock { $0.events.append((Date(), kind, detail)) }
  }

  /// Writes what is held back, with the state after it.
  public func flush(_ state: SearchState) throws {
    try pending.withLock { try write(&$0, state, waits: true) }
  }

  /// - Parameter waits: whether others that have the database are waited for; else a later call writes.
  private func write(_ pending: inout Pending, _ state: SearchState, waits: Bool) throws {
    let begin = ContinuousClock.now
    defer { pending.writingSeconds += (ContinuousClock.now - begin) / .seconds(1) }
    let checkpoint = RunStore.Checkpoint(stage: stage, seconds: seconds, state: state.snapshot)
    let (candidates, events) = (pending.candidates, pending.events)
    let transaction = { (db: Database) in
      let statement = try db.cachedStatement(sql: CandidateRow.insertion)
      for candidate in candidates {
        try statement.execute(arguments: CandidateRow.values(candidate, stage: self.stage))
      }
      for event in events {
        try RunStore.write(event: event.kind, detail: event.detail, at: event.time, db)
      }
      try RunStore.write(checkpoint, db)
    }
    do {
      try waits || candidates.count > Self.mostHeldBack
        ? store.writing(transaction) : store.queue.write(transaction)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
      pending.nextWriting = .now + Self.shortestInterval
      return
    } catch {
      throw RunStorageError(file: store.path, error)
    }
    pending.nextWriting =
      .now
      + min(
        Self.longestInterval,
        max(Self.shortestInterval, (.now - begin) * Self.intervalsPerWriting))
    for key in pending.forms {
      pending.recent.insert(key)
      pending.filter.insert(key)
    }
    (pending.candidates, pending.forms, pending.events) = ([], [], [])
  }
}
