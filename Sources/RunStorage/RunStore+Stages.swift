import Foundation
import GRDB
import PopulationSearch

/// What a run is: its data and its stages.
extension RunStore {
  static func insert(_ stage: RunStage, _ db: Database) throws {
    try db.execute(sql: "INSERT OR IGNORE INTO run (id) VALUES (1)")
    try db.execute(
      sql: """
        INSERT INTO stage (number, version, sourceCommit, startedAt, seed, evaluationsBefore, arguments)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        stage.number, stage.version, stage.commit, now, Int64(bitPattern: stage.seed),
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

  /// The resolved options of the last stage that has some, as JSON.
  public func options() throws -> String? {
    try reading {
      try String.fetchOne(
        $0, sql: "SELECT options FROM stage WHERE options NOT NULL ORDER BY number DESC")
    }
  }

  /// Nil while no data were read.
  public func data() throws -> RunData? {
    try reading { db in
      guard let row = try Row.fetchOne(db, sql: "SELECT * FROM run"),
        let name = row["dataName"] as String?, let sha256 = row["dataSHA256"] as String?,
        let problem = row["problem"] as String?
      else { return nil }
      return RunData(name: name, sha256: sha256, problem: problem)
    }
  }

  /// - Parameters:
  ///   - data: of the run.
  ///   - options: the resolved options of the last stage, as JSON.
  ///   - arguments: its arguments, where the data are now.
  public func write(_ data: RunData, options: String, arguments: [String]) throws {
    let arguments = try Self.text(arguments)
    try writing { db in
      try db.execute(
        sql: "UPDATE run SET dataName = ?, dataSHA256 = ?, problem = ?",
        arguments: [data.name, data.sha256, data.problem])
      try db.execute(
        sql: """
          UPDATE stage SET options = ?, arguments = ? WHERE number = (SELECT max(number) FROM stage)
          """,
        arguments: [options, arguments])
    }
  }

  /// Adds a stage; the search goes on from `state`.
  public func begin(_ stage: RunStage, from state: SearchState) throws {
    try writing { db in
      try Self.insert(stage, db)
      try Self.write(Checkpoint(stage: stage.number, seconds: 0, state: state.snapshot), db)
    }
  }
}
