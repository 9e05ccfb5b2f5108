import ExpressionTrees
import Foundation
import GRDB
import ParetoFronts
import PopulationSearch
import Synchronization

/// Records a search in a run database.
///
/// Candidates are held back and written together with the state after them, in one transaction: the
/// database always stands at a barrier. Transactions come as often as keeps their share of the time
/// small.
public final class RunRecorder: SearchRecord {
  private struct Pending {
    var candidates: [Candidate] = []
    var forms: Set<ExpressionTree> = []
    var events: [(time: Date, kind: String, detail: String)] = []
    var nextWriting: ContinuousClock.Instant
    var writtenSeconds = 0.0
  }

  private let store: RunStore
  private let stage: Int
  /// Seconds of the stage in earlier processes.
  public let secondsBefore: Double
  private let start: ContinuousClock.Instant
  private let pending: Mutex<Pending>

  /// Time between two transactions: at least this, and so many times the length of one.
  private static let shortestInterval = Duration.seconds(1)
  private static let intervalsPerWriting = 50

  /// - Parameter start: when the process began, for the time of the stage.
  /// - Throws: `RunStorageError`.
  public init(_ store: RunStore, start: ContinuousClock.Instant) throws {
    self.store = store
    self.start = start
    let checkpoint = try store.checkpoint()
    stage = try store.stages().last?.number ?? 0
    secondsBefore = checkpoint?.seconds ?? 0
    pending = Mutex(Pending(nextWriting: .now + Self.shortestInterval))
  }

  /// Seconds of the stage so far, over all its processes.
  public var seconds: Double { secondsBefore + (ContinuousClock.now - start) / .seconds(1) }

  /// Seconds this process spent on transactions.
  public var writingSeconds: Double { pending.withLock { $0.writtenSeconds } }

  public func areKnown(_ forms: [ExpressionTree]) throws -> [Bool] {
    try pending.withLock { pending in
      do {
        return try store.queue.read { db in
          let statement = try db.cachedStatement(
            sql: "SELECT expression FROM candidate WHERE form = ?")
          return try forms.map { form in
            if pending.forms.contains(form) { return true }
            let found = try String.fetchAll(statement, arguments: [CandidateRow.formKey(form)])
            return !found.isEmpty && found.contains(form.description)
          }
        }
      } catch {
        throw RunStorageError(file: store.path, error)
      }
    }
  }

  public func record(_ candidates: [Candidate], state: SearchState) throws {
    try pending.withLock { pending in
      pending.candidates += candidates
      pending.forms.formUnion(candidates.map(\.tree))
      guard state.end != nil || ContinuousClock.now >= pending.nextWriting else { return }
      try write(&pending, state)
    }
  }

  /// Takes in an event, to be written with the next candidates.
  ///
  /// - Parameter detail: a JSON object.
  public func note(_ kind: String, detail: String) {
    pending.withLock { $0.events.append((Date(), kind, detail)) }
  }

  /// Writes what is held back, with the state after it.
  public func flush(_ state: SearchState) throws {
    try pending.withLock { try write(&$0, state) }
  }

  private func write(_ pending: inout Pending, _ state: SearchState) throws {
    let begin = ContinuousClock.now
    let checkpoint = RunStore.Checkpoint(stage: stage, seconds: seconds, state: state.snapshot)
    do {
      try store.queue.write { db in
        let statement = try db.cachedStatement(sql: CandidateRow.insertion)
        for candidate in pending.candidates {
          try statement.execute(arguments: CandidateRow.values(candidate, stage: stage))
        }
        for event in pending.events {
          try RunStore.write(event: event.kind, detail: event.detail, at: event.time, db)
        }
        try RunStore.write(checkpoint, db)
      }
    } catch {
      throw RunStorageError(file: store.path, error)
    }
    let duration = ContinuousClock.now - begin
    pending.writtenSeconds += duration / .seconds(1)
    pending.nextWriting =
      .now + max(Self.shortestInterval, duration * Self.intervalsPerWriting)
    pending.candidates = []
    pending.forms = []
    pending.events = []
  }
}
