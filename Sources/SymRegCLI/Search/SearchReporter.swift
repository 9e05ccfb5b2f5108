@preconcurrency import Dispatch
import PopulationSearch
import RunStorage
import Synchronization

/// Shows a running search on standard error: a picture redrawn in place on a terminal, plain lines
/// elsewhere.
final class SearchReporter: Sendable {
  private struct State {
    var progress: SearchProgress
    var region = LiveRegion(on: .error)
    var isFinished = false
    var lastLine = -Double.infinity
    var lastRows: [SearchProgress.Row] = []
  }

  private let state: Mutex<State>
  private let recorder: RunRecorder
  private let timer: (any DispatchSourceTimer)?

  /// Seconds between two pictures, and at least between two plain lines.
  private static let pictureInterval = 0.25
  private static let lineInterval = 3.0

  /// - Parameter recorder: knows the time of the search.
  init(_ progress: SearchProgress, recorder: RunRecorder) {
    self.recorder = recorder
    state = Mutex(State(progress: progress))
    guard StandardStream.error.terminal != nil else {
      timer = nil
      return
    }
    let timer = DispatchSource.makeTimerSource(queue: .global())
    self.timer = timer
    timer.schedule(deadline: .now(), repeating: Self.pictureInterval)
    timer.setEventHandler { [weak self] in self?.draw() }
    timer.resume()
  }

  /// Seconds after which a line says that nothing has changed.
  private static let longestSilence = 60.0

  private var elapsed: Double { recorder.seconds }

  func update(_ event: SearchEvent) {
    let elapsed = elapsed
    state.withLock { state in
      state.progress.elapsed = elapsed
      state.progress.update(event)
      let silence = elapsed - state.lastLine
      let isNew = state.progress.rows != state.lastRows && silence >= Self.lineInterval
      guard timer == nil, isNew || silence >= Self.longestSilence else { return }
      Self.printLine(&state)
    }
  }

  func enter(_ phase: SearchProgress.Phase) {
    state.withLock { $0.progress.phase = phase }
  }

  /// Takes the picture away; a last line in its place.
  func finish() {
    timer?.cancel()
    state.withLock { state in
      state.isFinished = true
      if let terminal = StandardStream.error.terminal, timer != nil {
        state.region.erase(on: terminal)
        // The front follows in full.
        try? StandardStream.error.write(SearchView(progress: state.progress).summary + "\n")
      } else {
        Self.printLine(&state)
      }
    }
  }

  private func draw() {
    guard let terminal = StandardStream.error.terminal else { return }
    let elapsed = elapsed
    state.withLock { state in
      guard !state.isFinished else { return }
      if state.progress.phase != .scoring { state.progress.elapsed = elapsed }
      state.region.draw(SearchView(progress: state.progress).lines(on: terminal), on: terminal)
    }
  }

  private static func printLine(_ state: inout State) {
    state.lastLine = state.progress.elapsed
    state.lastRows = state.progress.rows
    try? StandardStream.error.write(SearchView(progress: state.progress).plainLine + "\n")
  }
}
