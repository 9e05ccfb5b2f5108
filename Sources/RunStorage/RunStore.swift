import AtomicData
import ExpressionTrees
import Foundation
import GRDB
import ParetoFronts
import PopulationSearch

/// The database of a run: every candidate ever fitted, and where the search stands.
///
/// SQLite with a rollback journal, which network file systems bear, and `synchronous = FULL`: what a
/// call has written is there after a power cut. The tables are in docs/reference/runs.md.
public final class RunStore: Sendable {
  public let path: String
  let queue: DatabaseQueue

  public static let fileName = "run.sqlite"

  /// What a database may be opened for.
  public enum Access: Sendable { case reading, writing }

  /// How long other programs that read or write the database are waited for.
  private static let patience = Duration.seconds(30)

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
      queue = try Self.opened(path, for: access)
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
    } catch {
      throw Self.readable(error, path)
    }
  }

  private static func opened(_ path: String, for access: Access) throws -> DatabaseQueue {
    func touched(_ access: Access) throws -> DatabaseQueue {
      let queue = try DatabaseQueue(path: path, configuration: configuration(access))
      try queue.read { _ = try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_master") }
      return queue
    }
    do {
      return try touched(access)
    } catch let error as DatabaseError
      where access == .reading && [.SQLITE_READONLY, .SQLITE_CANTOPEN].contains(error.resultCode)
    {
      // A process died while it wrote: who may write takes back what it had begun.
      try touched(.writing).close()
      return try touched(.reading)
    }
  }

  /// - Throws: `RunStorageError`.
  public func close() throws {
    do { try queue.close() } catch { throw RunStorageError(file: path, error) }
  }

  private static func configuration(_ access: Access) -> GRDB.Configuration {
    var configuration = GRDB.Configuration()
    configuration.readonly = access == .reading
    configuration.busyMode = .timeout(0.1)
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA synchronous = FULL")
      // Pages in memory: what the forms of hours need beyond it comes from the system's cache.
      try db.execute(sql: "PRAGMA cache_size = -8192")
    }
    return configuration
  }

  // MARK: Access

  func reading<Value>(_ body: (Database) throws -> Value) throws -> Value {
    do {
      return try Self.waiting { try queue.read(body) }
    } catch {
      throw Self.readable(error, path)
    }
  }

  func writing(_ body: (Database) throws -> Void) throws {
    do {
      try Self.waiting { try queue.write(body) }
    } catch {
      throw RunStorageError(file: path, error)
    }
  }

  /// Tries again while others have the database, for a while.
  private static func waiting<Value>(_ body: () throws -> Value) throws -> Value {
    let end = ContinuousClock.now + patience
    while true {
      do {
        return try body()
      } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && .now < end {
        usleep(20_000)
      }
    }
  }

  /// What cannot be read is bad input; what the system does not do is its failure.
  private static func readable(_ error: any Error, _ path: String) -> any Error {
    let found: String
    switch error {
    case let error as DatabaseError
    where [.SQLITE_NOTADB, .SQLITE_CORRUPT, .SQLITE_ERROR].contains(error.resultCode):
      found = error.message ?? "a damaged file"
    case let error as DatabaseError: return RunStorageError(file: path, error)
    case let error as CandidateRow.Damaged: found = error.description
    case is DecodingError, is ExpressionError: found = "text of another form"
    default: return error
    }
    return InputError(
      file: path, "expected the database of a run, found: \(found)",
      remedy: "restore it from a copy, or search anew")
  }

  /// What `PRAGMA integrity_check` finds; empty for a sound file.
  public func faults() throws -> [String] {
    try reading { try String.fetchAll($0, sql: "PRAGMA integrity_check") }.filter { $0 != "ok" }
  }

  static var now: String { Date().formatted(.iso8601) }

  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  static func value<Value: Decodable>(_ type: Value.Type, of text: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(text.utf8))
  }
}
