import ParetoFronts
import PopulationSearch
import Testing

@testable import RunStorage

@Suite("Progress of a search in its database")
struct ProgressSampleTests {
  @Test("samples tell what the search did, and a second process goes on counting")
  func samples() async throws {
    let place = try RunStoreTests.Place()
    let store = try RunStore(creating: place.file, stage: RunFolderTests.stage)
    var search = try await RunStoreTests.search(evaluations: 200)
    let state = await search.search(
      from: SearchState(), record: try RunRecorder(store, start: .now))
    let first = try #require(try store.progress().last)
    #expect(first.stage == 0)
    #expect(first.sample.evaluations == state.counts.evaluations)
    #expect(first.sample.fitted.values.reduce(0, +) == state.counts.evaluations)
    // Islands alone.
    #expect(first.sample.fitted["enumeration"] == nil)
    #expect(first.sample.sizes == state.front.entries.map(\.complexity))
    #expect(first.sample.losses == state.front.entries.map(\.loss))
    #expect(first.sample.processorSeconds > 0)

    search = try await RunStoreTests.search(evaluations: 400)
    let next = await search.search(
      from: state.extended(stage: 1), record: try RunRecorder(store, start: .now))
    let last = try #require(try store.progress().last).sample
    #expect(last.evaluations == next.counts.evaluations)
    #expect(last.fitted.values.reduce(0, +) == next.counts.evaluations)
    #expect(last.fitted["enumeration"] == nil)
  }

  @Test("what was recorded after the last sample is counted where a process goes on")
  func withoutSamples() async throws {
    let place = try RunStoreTests.Place()
    let store = try RunStore(creating: place.file, stage: RunFolderTests.stage)
    let search = try await RunStoreTests.search(evaluations: 100)
    let state = await search.search(
      from: SearchState(), record: try RunRecorder(store, start: .now))
    let counts = try store.originsOfFitted().counts
    try store.writing { try $0.execute(sql: "DELETE FROM event") }
    #expect(try store.progress().isEmpty)
    #expect(try store.originsOfFitted().counts == counts)
    #expect(counts.values.reduce(0, +) == state.counts.evaluations)
  }
}
