import AtomicData
import ExpressionTrees
import ForceFitting
import Foundation
import ParetoFronts
import Synchronization
import Testing

@testable import PopulationSearch

struct ResumptionTests {
  /// A record that keeps everything, and can stop taking it.
  final class KeepingRecord: SearchRecord {
    struct Full: Error {}

    private let candidates = Mutex<[Candidate]>([])
    private let snapshot = Mutex<SearchState.Snapshot?>(nil)
    let capacity = Mutex(Int.max)

    func areKnown(_ forms: [ExpressionTree]) -> [Bool] {
      candidates.withLock { known in
        let trees = Set(known.map(\.tree))
        return forms.map(trees.contains)
      }
    }

    func record(_ candidates: [Candidate], state: SearchState) throws {
      try self.candidates.withLock { all in
        guard all.count + candidates.count <= capacity.withLock({ $0 }) else { throw Full() }
        all += candidates
      }
      snapshot.withLock { $0 = state.snapshot }
    }

    /// The last state, by way of its text.
    func state() throws -> SearchState {
      let snapshot = try #require(snapshot.withLock { $0 })
      let text = try JSONEncoder().encode(snapshot)
      let all = candidates.withLock { $0 }
      return try #require(
        SearchState(
          try JSONDecoder().decode(SearchState.Snapshot.self, from: text),
          candidates: Dictionary(uniqueKeysWithValues: all.map { ($0.number, $0) })))
    }

    var all: [Candidate] { candidates.withLock { $0 } }

    /// All in words: numbers that are none are equal there.
    var text: [String] { all.map { "\($0)" } }
  }

  @Test(
    "a search that is stopped, kept as text and taken up again ends as one that was not",
    arguments: [1, 3, 7], SearchOptions.Strategy.allCases)
  func resumption(barriers: Int, strategy: SearchOptions.Strategy) async throws {
    let problem = try await PopulationSearchTests.problem()
    // Beyond the first last fits of the front.
    var options = PopulationSearchTests.options(evaluations: 3_000, strategy: strategy)
    // So few forms that islands take part.
    options.grammar.operators = [.add, .multiply, .divide, .exp]
    options.grammar.maxComplexity = 11
    let search = PopulationSearch(problem: problem, options: options)
    let whole = KeepingRecord()
    let uninterrupted = await search.polished(
      await search.search(from: SearchState(), record: whole), record: whole)

    let record = KeepingRecord()
    var state = SearchState()
    while state.end != .evaluationLimit {
      let passed = Mutex(0)
      state = await search.search(
        from: state, record: record,
        shouldEnd: { _ in
          passed.withLock { passed in
            passed += 1
            return passed == barriers ? .interrupted : nil
          }
        })
      state = try record.state()
    }
    let resumed = await search.polished(state, record: record)
    #expect(resumed.snapshot == uninterrupted.snapshot)
    #expect(record.text == whole.text)
    #expect(resumed.counts.polished > 0)
    #expect(resumed.front.entries == uninterrupted.front.entries)
  }

  @Test("a search whose task is cancelled stands at its last barrier")
  func cancellation() async throws {
    let problem = try await PopulationSearchTests.problem()
    let search = PopulationSearch(
      problem: problem, options: PopulationSearchTests.options(evaluations: 100_000))
    let record = KeepingRecord()
    let barriers = Mutex(0)
    let task = Task {
      await search.search(
        from: SearchState(), record: record,
        report: { _ in barriers.withLock { $0 += 1 } })
    }
    while barriers.withLock({ $0 }) < 3 { try await Task.sleep(for: .milliseconds(1)) }
    task.cancel()
    let state = await task.value
    #expect(state.end == .interrupted)
    let most = barriers.withLock { $0 } * PopulationSearchTests.batchSize
    #expect((most / 2...most).contains(state.counts.evaluations))
    #expect(state.snapshot == (try record.state().snapshot))
  }

  @Test("a record that takes no more ends the search with the reason, and it goes on later")
  func fullRecord() async throws {
    let problem = try await PopulationSearchTests.problem()
    let search = PopulationSearch(
      problem: problem, options: PopulationSearchTests.options(evaluations: 1_280))
    let record = KeepingRecord()
    record.capacity.withLock { $0 = 600 }
    let stopped = await search.search(from: SearchState(), record: record)
    #expect(stopped.end == .recordFailure)
    #expect(stopped.failure is KeepingRecord.Full)
    #expect((256...600).contains(stopped.counts.evaluations))
    record.capacity.withLock { $0 = .max }
    let resumed = await search.search(from: try record.state(), record: record)
    let whole = KeepingRecord()
    let uninterrupted = await search.search(from: SearchState(), record: whole)
    #expect(resumed.snapshot == uninterrupted.snapshot)
    #expect(record.text == whole.text)
  }

  @Test("an extension goes on with another grammar and fits no form again")
  func extending() async throws {
    let problem = try await PopulationSearchTests.problem()
    let record = KeepingRecord()
    var options = PopulationSearchTests.options(evaluations: 128)
    options.grammar.operators = [.add, .multiply, .divide]
    let first = await PopulationSearch(problem: problem, options: options)
      .search(from: SearchState(), record: record)
    options.grammar.operators = [.add, .multiply, .divide, .exp]
    options.maxEvaluations = 320
    let second = await PopulationSearch(problem: problem, options: options)
      .search(from: first.extended(stage: 1), record: record)
    #expect(second.counts.evaluations == 320)
    let trees = record.all.filter { $0.origin.kind != .polishing }.map(\.tree)
    #expect(Set(trees).count == trees.count)
    #expect(trees[..<128].allSatisfy { !$0.description.contains("exp") })
    #expect(trees.contains { $0.description.contains("exp") })
    #expect(record.all.enumerated().allSatisfy { $0.offset + 1 == $0.element.number })
  }
}
