import AtomicData
import Foundation
import GRDB
import ParetoFronts
import PopulationSearch

/// Where a search stands, and what it has found.
extension RunStore {
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
  ///
  /// - Throws: `InputError` for one that symreg did not write.
  public func checkpoint() throws -> Checkpoint? {
    try reading { db in
      let sql = "SELECT * FROM checkpoint WHERE stage = (SELECT max(number) FROM stage)"
      guard let row = try Row.fetchOne(db, sql: sql) else { return nil }
      let seconds: Double = row["seconds"]
      return Checkpoint(
        stage: row["stage"], seconds: (0...Self.longest).contains(seconds) ? seconds : 0,
        state: try Self.value(SearchState.Snapshot.self, of: row["state"]))
    }
  }

  /// A century, in seconds: longer times overflow clocks.
  private static let longest = 3.2e9

  /// The state to go on from; nil before the first checkpoint.
  ///
  /// - Parameter typeCount: of the data.
  /// - Throws: `InputError` where candidates of it are missing or do not fit the data.
  public func state(typeCount: Int) throws -> SearchState? {
    guard let snapshot = try checkpoint()?.state else { return nil }
    let candidates = try candidates(snapshot.candidates, typeCount: typeCount)
    guard let state = SearchState(snapshot, candidates: candidates) else {
      throw InputError(
        file: path,
        "expected a checkpoint with its candidates, found one that does not hold together",
        remedy: "restore the file from a copy, or search anew")
    }
    return state
  }

  /// Candidates by their numbers; those that are not there are left out.
  public func candidates(
    _ numbers: some Sequence<Int>, typeCount: Int
  ) throws -> [Int: Candidate] {
    try reading { db in
      let statement = try db.makeStatement(sql: "SELECT * FROM candidate WHERE number = ?")
      var found: [Int: Candidate] = [:]
      for number in numbers {
        guard let row = try Row.fetchOne(statement, arguments: [number]) else { continue }
        found[number] = try CandidateRow.candidate(row, typeCount: typeCount)
      }
      return found
    }
  }

  /// Candidates recorded, last fits among them.
  public func candidateCount() throws -> Int {
    try reading { try Int.fetchOne($0, sql: "SELECT count(*) FROM candidate") ?? 0 }
  }

  /// The forms recorded, as far as a filter knows them.
  func keyFilter() throws -> KeyFilter {
    try reading { db in
      var filter = KeyFilter()
      let keys = try Int64.fetchCursor(db, sql: "SELECT form FROM candidate")
      while let key = try keys.next() { filter.insert(key) }
      return filter
    }
  }

  /// Every so many candidates one, in their order.
  public func sample(_ count: Int, typeCount: Int) throws -> [Candidate] {
    try reading { db in
      let last = try Int.fetchOne(db, sql: "SELECT max(number) FROM candidate") ?? 0
      let step = max(1, last / max(1, count))
      return try Row.fetchAll(
        db, sql: "SELECT * FROM candidate WHERE number % ? = 0 ORDER BY number", arguments: [step]
      ).map { try CandidateRow.candidate($0, typeCount: typeCount) }
    }
  }

  /// An entry of a front as the database has it.
  public struct FrontRow: Sendable {
    public let candidate: Int
    public let expression: String
    public let trainLoss: Double
    public let directRMSE: Double
  }

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

  /// The front as it was scored last, by complexity.
  public func front() throws -> [FrontRow] {
    try reading { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT candidate, expression, trainLoss, directRMSE
          FROM front JOIN candidate ON candidate = number ORDER BY front.complexity
          """
      ).map {
        FrontRow(
          candidate: $0["candidate"], expression: $0["expression"],
          trainLoss: $0["trainLoss"] ?? .nan, directRMSE: $0["directRMSE"])
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
}
