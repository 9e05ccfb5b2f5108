import AtomicData
import ExpressionTrees
import ForceFitting
import Foundation
import GRDB
import ParetoFronts
import PopulationSearch
import TestSupport
import Testing

@testable import RunStorage

struct RunStoreTests {
  static func problem() async throws -> FitProblem {
    try await SyntheticData.problem(
      "X/r + Y*exp(b*r)", theta: [0.8, -1.7, 9, 14, -2.6], mode: .shiftedForce)
  }

  static func search(evaluations: Int) async throws -> PopulationSearch {
    var options = SearchOptions()
    options.strategy = .islands
    options.islandCount = 1
    options.maxEvaluations = evaluations
    options.threads = 2
    return PopulationSearch(problem: try await problem(), options: options)
  }

  /// A folder that is there while the test runs.
  final class Place: Sendable {
    let path: String
    init() throws {
      path =
        FileManager.default.temporaryDirectory
        .appendingPathComponent("symreg-\(UUID().uuidString)").path
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
    var file: String { path + "/run.sqlite" }
  }

  @Test("candidates come back to the bit, whatever numbers they hold")
  func candidates() async throws {
    let place = try Place()
    let store = try RunStore(creating: place.file, stage: RunFolderTests.stage)
    let search = try await Self.search(evaluations: 200)
    let recorder = try RunRecorder(store, start: .now)
    let state = await search.search(from: SearchState(), record: recorder)
    let tree = try ExpressionTree(parsing: "X/r^2 + a")
    let odd: [[Double]] = [
      [.nan, .infinity, -0.0], [.leastNonzeroMagnitude, -.greatestFiniteMagnitude, 0.1],
    ]
    let strange = odd.enumerated().map { place, theta in
      Candidate(
        number: 10_000 + place, origin: CandidateOrigin(.crossover, parents: [3, 5]), tree: tree,
        fit: FitOutcome(
          theta: theta, meanSquaredForceError: theta[0], r2: theta[1],
          maxConstraintViolation: .infinity, undeterminedDirections: place == 0 ? nil : 2,
          status: .failed, evaluations: 7, starts: 2, stopReason: .roundoff),
        validationLoss: 0.3)
    }
    try recorder.record(strange, state: state)
    try recorder.flush(state)
    let found = try store.candidates([10_000, 10_001], typeCount: 2)
    for candidate in strange {
      let copy = try #require(found[candidate.number])
      #expect(copy.fit.theta.map(\.bitPattern) == candidate.fit.theta.map(\.bitPattern))
      #expect(copy.fit.meanSquaredForceError.isNaN == candidate.fit.meanSquaredForceError.isNaN)
      #expect(copy.origin == candidate.origin && copy.tree == candidate.tree)
      #expect(copy.fit.undeterminedDirections == candidate.fit.undeterminedDirections)
      #expect(copy.fit.maxConstraintViolation == .infinity)
    }
    let numbers = state.snapshot.candidates
    let stored = try store.candidates(numbers, typeCount: 2)
    #expect(numbers.count > 20)
    for entry in state.front.entries { #expect(stored[entry.number] == entry) }
    #expect(try store.state(typeCount: 2)?.snapshot == state.snapshot)
    #expect(try store.faults().isEmpty)
  }

  @Test("the record knows what was written and what is still held back, and nothing else")
  func knownForms() async throws {
    let place = try Place()
    let store = try RunStore(creating: place.file, stage: RunFolderTests.stage)
    let search = try await Self.search(evaluations: 128)
    let recorder = try RunRecorder(store, start: .now)
    let state = await search.search(from: SearchState(), record: recorder)
    let forms = try store.sample(1_000, typeCount: 2).map(\.tree)
    #expect(forms.count == 128)
    #expect(try recorder.areKnown(forms).allSatisfy { $0 })
    let new = try ["X/r^13 + Y/r^11", "exp(a*r^7)"].map { try ExpressionTree(parsing: $0) }
    #expect(try recorder.areKnown(new) == [false, false])
    let fit = ParameterFit(problem: search.problem, options: .quick, seed: 1)
    try recorder.record([Candidate(number: 129, tree: new[0], fit: fit.fit(new[0]))], state: state)
    #expect(try recorder.areKnown(new) == [true, false])
    let other = try RunRecorder(store, start: .now)
    #expect(try other.areKnown(forms).allSatisfy { $0 })
  }

  @Test("a database without room ends the search with a reason, stays sound, and goes on later")
  func fullDatabase() async throws {
    let place = try Place()
    let store = try RunStore(creating: place.file, stage: RunFolderTests.stage)
    let pages = try await store.queue.write { try Int.fetchOne($0, sql: "PRAGMA page_count") ?? 0 }
    try await store.queue.write { try $0.execute(sql: "PRAGMA max_page_count = \(pages + 20)") }
    let search = try await Self.search(evaluations: 1_024)
    let recorder = try RunRecorder(store, start: .now)
    let stopped = await search.search(from: SearchState(), record: recorder)
    #expect(stopped.end == .recordFailure)
    let failure = try #require(stopped.failure as? RunStorageError)
    #expect(failure.isFull && "\(failure)".contains("run.sqlite: expected room on the disk"))
    #expect(try store.faults().isEmpty)
    try await store.queue.write { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
    let again = try RunRecorder(store, start: .now)
    let resumed = await search.search(
      from: try store.state(typeCount: 2) ?? SearchState(), record: again)
    let other = try Place()
    let whole = try RunRecorder(
      try RunStore(creating: other.file, stage: RunFolderTests.stage), start: .now)
    let uninterrupted = await search.search(from: SearchState(), record: whole)
    #expect(resumed.snapshot == uninterrupted.snapshot)
  }

  @Test("stages, data and options are kept; an extension begins where the run stands")
  func stages() async throws {
    let place = try Place()
    let first = RunFolderTests.stage
    let store = try RunStore(creating: place.file, stage: first)
    #expect(try store.data() == nil)
    #expect(try store.state(typeCount: 2) == nil)
    let data = RunData(name: "water", sha256: "00", problem: "11")
    try store.write(data, options: "{}", arguments: first.arguments)
    #expect(try store.data() == data)
    let second = RunStage(
      number: 1, version: "2", commit: "def+", arguments: [], seed: .max, evaluationsBefore: 64)
    let search = try await Self.search(evaluations: 64)
    let state = await search.search(
      from: SearchState(), record: try RunRecorder(store, start: .now - .seconds(100)))
    #expect(try #require(try store.checkpoint()).seconds >= 100)
    try store.begin(second, from: state.extended(stage: 1))
    #expect(try store.stages() == [first, second])
    let checkpoint = try #require(try store.checkpoint())
    #expect(checkpoint.seconds == 0 && checkpoint.stage == 1)
    #expect(checkpoint.state.end == nil && checkpoint.state.counts.evaluations == 64)
  }

  // MARK: Trouble

  /// Candidates enough that SQLite writes pages before the transaction ends.
  static func fill(_ db: Database) throws {
    try db.execute(sql: "PRAGMA cache_size = 5")
    for number in 1...3_000 {
      try db.execute(
        sql: """
          INSERT INTO candidate (number, stage, form, expression, complexity, origin, status, theta,
            stopReason, evaluations, starts)
          VALUES (?, 0, ?, 'X/r', 3, 'fresh', 'fitted', zeroblob(16), 'converged', 1, 1)
          """, arguments: [number, number * 7_919])
    }
  }

  @Test("what a process had begun to write when it died is taken back, also by who only reads")
  func hotJournal() async throws {
    let (place, other) = (try Place(), try Place())
    let store = try RunStore(creating: place.file, stage: RunFolderTests.stage)
    try await store.queue.writeWithoutTransaction { db in
      try db.execute(sql: "BEGIN")
      try Self.fill(db)
      // What a killed process leaves: the file half written, and the journal.
      for suffix in ["", "-journal"] {
        try FileManager.default.copyItem(
          atPath: place.file + suffix, toPath: other.file + suffix)
      }
      try db.execute(sql: "ROLLBACK")
    }
    let reader = try RunStore(opening: other.file, for: .reading)
    #expect(try reader.stages() == [RunFolderTests.stage])
    #expect(try reader.sample(10, typeCount: 2).isEmpty)
    #expect(try reader.faults().isEmpty)
    #expect(!FileManager.default.fileExists(atPath: other.file + "-journal"))
  }

  @Test("a program that reads the database holds the record back, not the search")
  func reader() async throws {
    let place = try Place()
    let store = try RunStore(creating: place.file, stage: RunFolderTests.stage)
    let search = try await Self.search(evaluations: 192)
    let recorder = try RunRecorder(store, start: .now)
    // A cursor left open has the database for itself as far as writers go.
    let other = try DatabaseQueue(path: place.file)
    let state = try await other.writeWithoutTransaction { db in
      try db.execute(sql: "BEGIN")
      _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM candidate")
      defer { try? db.execute(sql: "COMMIT") }
      var state = SearchState()
      let tree = try ExpressionTree(parsing: "X/r")
      let fit = ParameterFit(problem: search.problem, options: .quick, seed: 1).fit(tree)
      usleep(2_200_000)
      // Due by now, and put off.
      try recorder.record([Candidate(number: 1, tree: tree, fit: fit)], state: state)
      #expect(try recorder.areKnown([tree]) == [true])
      state = SearchState().extended(stage: 1)
      return state
    }
    #expect(try store.sample(10, typeCount: 2).isEmpty)
    try recorder.flush(state)
    #expect(try store.sample(10, typeCount: 2).map(\.number) == [1])
  }

  @Test(
    "a database that was changed by hand is named with what is wrong",
    arguments: [
      "UPDATE candidate SET theta = x''", "UPDATE candidate SET origin = 'luck'",
      "UPDATE candidate SET expression = 'X/'", "UPDATE checkpoint SET state = '{'",
      "DELETE FROM candidate",
      "UPDATE checkpoint SET state = replace(state, '\"nextPolishing\":1024', '\"nextPolishing\":-1')",
      "UPDATE checkpoint SET state = replace(state, '\"lastNumber\":64', '\"lastNumber\":9223372036854775807')",
    ])
  func changed(sql: String) async throws {
    let place = try Place()
    let store = try RunStore(creating: place.file, stage: RunFolderTests.stage)
    let search = try await Self.search(evaluations: 64)
    _ = await search.search(
      from: SearchState(), record: try RunRecorder(store, start: .now))
    _ = try #require(try store.state(typeCount: 2))
    try await store.queue.write { try $0.execute(sql: sql) }
    let error = #expect(throws: InputError.self) { try store.state(typeCount: 2) }
    #expect(error?.file == place.file)
  }

  // MARK: Files

  @Test("files that are no run database are named, and left as they are")
  func otherFiles() throws {
    let place = try Place()
    #expect(throws: InputError.self) { try RunStore(opening: place.file, for: .writing) }
    #expect(!FileManager.default.fileExists(atPath: place.file))
    try Data("no database at all, but long enough to have a header".utf8)
      .write(to: URL(fileURLWithPath: place.file))
    for access in [RunStore.Access.reading, .writing] {
      let error = #expect(throws: InputError.self) {
        try RunStore(opening: place.file, for: access)
      }
      #expect(error?.description.contains("run.sqlite: expected the database of a run") == true)
    }
    let other = place.path + "/other.sqlite"
    try DatabaseQueue(path: other).write { try $0.execute(sql: "CREATE TABLE t (x)") }
    #expect(throws: InputError.self) { try RunStore(opening: other, for: .writing) }
  }

  @Test("a database of a later version is refused")
  func laterVersion() throws {
    let place = try Place()
    let store = try RunStore(creating: place.file, stage: RunFolderTests.stage)
    try store.queue.write {
      try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('1000')")
    }
    try store.close()
    let error = #expect(throws: InputError.self) {
      try RunStore(opening: place.file, for: .reading)
    }
    #expect(error?.description.contains("newer") == true)
  }

  /// `version-1.sql` is the dump of a run that the first version wrote: whatever the tables become, it
  /// is read and goes on.
  @Test("a run of the first version is brought up to date and read")
  func migration() async throws {
    let place = try Place()
    let dump = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "version-1.sql")
    let sql = try String(contentsOf: dump, encoding: .utf8)
    try await DatabaseQueue(path: place.file).writeWithoutTransaction { try $0.execute(sql: sql) }
    let store = try RunStore(opening: place.file, for: .writing)
    #expect(try store.faults().isEmpty)
    let stage = try #require(try store.stages().first)
    #expect(stage.seed == 1 && stage.arguments.contains("--max-evaluations=96"))
    let state = try #require(try store.state(typeCount: 2))
    #expect(state.counts.evaluations == 96)
    #expect(state.front.entries.count == (try store.front().count))
    #expect(state.front.entries.contains { $0.tree.description == "X/r" })
    let fresh = try Place()
    let new = try RunStore(creating: fresh.file, stage: stage)
    let schema = "SELECT sql FROM sqlite_master WHERE sql NOT NULL ORDER BY name"
    let old = try await store.queue.read { try String.fetchAll($0, sql: schema) }
    #expect(try await new.queue.read { try String.fetchAll($0, sql: schema) } == old)
  }
}
