import AtomicData
import ExpressionTrees
import Foundation
import GRDB
import ParetoFronts
import PopulationSearch

/// The database of a run: every candidate ever fitted, and where the search stands.
///
/// SQLite with a rollback journal, which network file systems bear, and `synchronous = FULL`: what a
/// call has written is there after a power cut. The tables are in docs/reference/run-database.md.
public final class RunStore: Sendable {
  public let path: String
  let queue: DatabaseQueue

  public static let fileName = "run.sqlite"

  /// What a database may be opened for.
  public enum Access: Sendable { case reading, writing }

  /// Makes the database of a new run.
  ///
  /// - Throws: `RunStorageError`.
  public init(creating path: String, stage: RunStage) throws {
    self.path = path
    do {
      queue = try DatabaseQueue(path: path, configuration: Self.configuration(.writing))
      try RunSchema.migrator.migrate(queue)
      try queue.write { try Self.insert(stage, $0) }
    } catch {
      throw RunStorageError(file: path, error)
    }
  }

  /// Opens the database of a run.
  ///
  /// - Throws: `InputError` for a file that is none of symreg's, or of a newer version.
  public init(opening path: String, for access: Access) throws {
    self.path = path
    guard FileManager.default.fileExists(atPath: path) else {
      throw InputError(
        file: path, "expected the database of a run, found no file",
        remedy: "name a folder that `symreg search` wrote")
    }
    do {
      queue = try DatabaseQueue(path: path, configuration: Self.configuration(access))
      let migrator = RunSchema.migrator
      let (isNewer, isEmpty) = try queue.read {
        (try migrator.hasBeenSuperseded($0), try migrator.appliedMigrations($0).isEmpty)
      }
      guard !isNewer, !isEmpty else {
        throw InputError(
          file: path,
          "expected a run database of this or an earlier version, found "
            + (isNewer ? "one of a newer version" : "other tables"),
          remedy: isNewer ? "use the newer symreg" : "name a folder that `symreg search` wrote")
      }
      if access == .writing { try migrator.migrate(queue) }
    } catch let error as DatabaseError
      where error.resultCode == .SQLITE_NOTADB
      || error.resultCode == .SQLITE_CORRUPT
    {
      throw InputError(
        file: path, "expected the database of a run, found: \(error.message ?? "a damaged file")",
        remedy: "restore it from a copy, or search anew")
    } catch let error as DatabaseError {
      throw RunStorageError(file: path, error)
    }
  }

  /// - Throws: `RunStorageError`.
  public func close() throws {
    do { try queue.close() } catch { throw RunStorageError(file: path, error) }
  }

  private static func configuration(_ access: Access) -> GRDB.Configuration {
    var configuration = GRDB.Configuration()
    configuration.readonly = access == .reading
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA synchronous = FULL")
      // Pages in memory: what the forms of hours need beyond it comes from the system's cache.
      try db.execute(sql: "PRAGMA cache_size = -8192")
    }
    return configuration
  }

  // MARK: What the run is

  private static func insert(_ stage: RunStage, _ db: Database) throws {
    try db.execute(sql: "INSERT OR IGNORE INTO run (id) VALUES (1)")
    try db.execute(
      sql: """
        INSERT INTO stage (number, version, sourceCommit, startedAt, seed, evaluationsBefore, arguments)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        stage.number, stage.version, stage.commit, Self.now, Int64(bitPattern: stage.seed),
        stage.evaluationsBefore, try text(stage.arguments),
      ])
  }

  /// All stages, the first one first.
  public func stages() throws -> [RunStage] {
    try reading { db in
      try Row.fetchAll(db, sql: "SELECT * FROM stage ORDER BY number").map { row in
        RunStage(
          number: row["number"], version: row["version"], commit: row["sourceCommit"],
          arguments: try Self.value([String].self, of: row["arguments"]),
          seed: UInt64(bitPattern: row["seed"]), evaluationsBefore: row["evaluationsBefore"])
      }
    }
  }

  /// Nil while no data were read.
  public func data() throws -> RunData? {
    try reading { db in
      guard let row = try Row.fetchOne(db, sql: "SELECT * FROM run"),
        let sha256 = row["dataSHA256"] as String?
      else { return nil }
      return RunData(name: row["dataName"], sha256: sha256, problem: row["problem"])
    }
  }

  /// - Parameter options: the resolved options of the last stage, as JSON.
  public func write(_ data: RunData, options: String) throws {
    try writing { db in
      try db.execute(
        sql: "UPDATE run SET dataName = ?, dataSHA256 = ?, problem = ?",
        arguments: [data.name, data.sha256, data.problem])
      try db.execute(
        sql: "UPDATE stage SET options = ? WHERE number = (SELECT max(number) FROM stage)",
        arguments: [options])
    }
  }

  /// Adds a stage; the search goes on from `state`.
  public func begin(_ stage: RunStage, from state: SearchState) throws {
    try writing { db in
      try Self.insert(stage, db)
      try Self.write(Checkpoint(stage: stage.number, seconds: 0, state: state.snapshot), db)
    }
  }

  // MARK: Where the search stands

  /// The state of a search after so many seconds.
  public struct Checkpoint: Sendable {
    public var stage: Int
    /// Of the stage so far, over all its processes.
    public var seconds: Double
    public var state: SearchState.Snapshot
  }

  static func write(_ checkpoint: Checkpoint, _ db: Database) throws {
    try db.execute(
      sql: """
        INSERT OR REPLACE INTO checkpoint (stage, writtenAt, seconds, state) VALUES (?, ?, ?, ?)
        """,
      arguments: [checkpoint.stage, now, checkpoint.seconds, try text(checkpoint.state)])
  }

  /// Where the last stage stands; nil before its first checkpoint.
  public func checkpoint() throws -> Checkpoint? {
    try reading { db in
      let sql = "SELECT * FROM checkpoint WHERE stage = (SELECT max(number) FROM stage)"
      guard let row = try Row.fetchOne(db, sql: sql) else { return nil }
      return Checkpoint(
        stage: row["stage"], seconds: row["seconds"],
        state: try Self.value(SearchState.Snapshot.self, of: row["state"]))
    }
  }

  /// The state to go on from; nil before the first checkpoint.
  ///
  /// - Throws: `InputError` where candidates of it are missing.
  public func state() throws -> SearchState? {
    guard let snapshot = try checkpoint()?.state else { return nil }
    guard let state = SearchState(snapshot, candidates: try candidates(snapshot.candidates)) else {
      throw InputError(
        file: path, "expected the candidates of the last checkpoint, found some missing",
        remedy: "restore the file from a copy, or search anew")
    }
    return state
  }

  public func candidates(_ numbers: some Sequence<Int>) throws -> [Int: Candidate] {
    try reading { db in
      let statement = try db.makeStatement(sql: "SELECT * FROM candidate WHERE number = ?")
      var found: [Int: Candidate] = [:]
      for number in numbers {
        guard let row = try Row.fetchOne(statement, arguments: [number]) else { continue }
        found[number] = try CandidateRow.candidate(row)
      }
      return found
    }
  }

  public func candidateCount() throws -> Int {
    try reading { try Int.fetchOne($0, sql: "SELECT count(*) FROM candidate") ?? 0 }
  }

  /// Every so many candidates one, in their order.
  public func sample(_ count: Int) throws -> [Candidate] {
    try reading { db in
      let last = try Int.fetchOne(db, sql: "SELECT max(number) FROM candidate") ?? 0
      let step = max(1, last / max(1, count))
      return try Row.fetchAll(
        db, sql: "SELECT * FROM candidate WHERE number % ? = 0 ORDER BY number", arguments: [step]
      ).map(CandidateRow.candidate)
    }
  }

  // MARK: Front and events

  /// Replaces the front: entries with the numbers of their candidates.
  public func write(front: [(candidate: Int, entry: FrontEntry)]) throws {
    try writing { db in
      try db.execute(sql: "DELETE FROM front")
      for (candidate, entry) in front {
        try db.execute(
          sql: "INSERT INTO front VALUES (?, ?, ?, ?, ?, ?, ?)",
          arguments: [
            entry.complexity, candidate, entry.trainRMSE, entry.validationRMSE,
            entry.compressedRMSE, entry.directRMSE, entry.maxConstraintViolation,
          ])
      }
    }
  }

  /// The front as it was scored last, by complexity: number of the candidate and direct RMSE.
  public func front() throws -> [(candidate: Int, directRMSE: Double)] {
    try reading { db in
      try Row.fetchAll(db, sql: "SELECT * FROM front ORDER BY complexity").map {
        ($0["candidate"], $0["directRMSE"])
      }
    }
  }

  static func write(event kind: String, detail: String, at time: Date, _ db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO event (stage, time, kind, detail)
        VALUES ((SELECT max(number) FROM stage), ?, ?, ?)
        """, arguments: [time.formatted(.iso8601), kind, detail])
  }

  /// What `PRAGMA integrity_check` finds; empty for a sound file.
  public func faults() throws -> [String] {
    try reading { try String.fetchAll($0, sql: "PRAGMA integrity_check") }.filter { $0 != "ok" }
  }

  // MARK: Access

  private func reading<Value>(_ body: (Database) throws -> Value) throws -> Value {
    do {
      return try queue.read(body)
    } catch let error as DatabaseError {
      throw RunStorageError(file: path, error)
    }
  }

  private func writing(_ body: (Database) throws -> Void) throws {
    do {
      try queue.write(body)
    } catch let error as DatabaseError {
      throw RunStorageError(file: path, error)
    }
  }

  private static var now: String { Date().formatted(.iso8601) }

  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  private static func value<Value: Decodable>(_ type: Value.Type, of text: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(text.utf8))
  }
}
