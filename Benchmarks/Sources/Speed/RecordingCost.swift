import Foundation
import SymReg

/// What the run database costs a search: the wall time in which the search waits for it.
struct RecordingCost: Codable, Sendable {
  let mode: String
  let seconds: Double
  let evaluations: Int
  /// Bytes of the database for each form.
  let bytesPerForm: Double
  /// Share of the time spent asking what is known, and writing.
  let share: Double
  /// Of it in transactions alone.
  let writingShare: Double
  let asked: Double

  /// A search of so many seconds on two threads, recorded in a folder of its own.
  static func measured(_ problem: FitProblem, seconds: Double) async throws -> RecordingCost {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/" + RunStore.fileName
    let store = try RunStore(
      creating: path,
      stage: RunStage(number: 0, version: "", commit: "", arguments: [], seed: 1))
    var options = SearchOptions()
    options.threads = 2
    let clock = ContinuousClock()
    let start = clock.now
    let recorder = try RunRecorder(store, start: start)
    let state = await PopulationSearch(problem: problem, options: options).search(
      from: SearchState(), record: recorder,
      shouldEnd: { _ in clock.now - start >= .seconds(seconds) ? .timeLimit : nil })
    let elapsed = (clock.now - start) / .seconds(1)
    let bytes = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    return RecordingCost(
      mode: problem.cutoffMode.rawValue, seconds: elapsed, evaluations: state.counts.evaluations,
      bytesPerForm: Double(bytes) / Double(state.counts.evaluations),
      share: recorder.recordingSeconds / elapsed, writingShare: recorder.writingSeconds / elapsed,
      asked: 0.03)
  }
}
