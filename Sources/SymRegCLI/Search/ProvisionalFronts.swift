import PopulationSearch
import RunStorage
import SymReg
import Synchronization

/// Writes `front.json` now and then while a search goes on, scored as the last one will be.
final class ProvisionalFronts: Sendable {
  private struct State {
    var work: Task<Void, Never>?
    var next: ContinuousClock.Instant
    /// What the last front took.
    var duration: Duration
    var isWriting = false
    var hasEnded = false
  }

  private let folder: RunFolder
  private let discovery: Discovery
  private let marks: Marks
  private let deadline: ContinuousClock.Instant
  private let state: Mutex<State>

  /// Time between two fronts, in units of what the last one took.
  private static let spacing = 20
  private static let shortestSpacing = Duration.seconds(10)
  /// A first guess of what a front takes, in units of the scores of the baselines.
  private static let passes = 4

  /// - Parameter deadline: no front is begun that would not be there long before.
  init(
    folder: RunFolder, discovery: Discovery, marks: Marks, deadline: ContinuousClock.Instant
  ) {
    self.folder = folder
    self.deadline = deadline
    self.discovery = discovery
    self.marks = marks
    let duration = Duration.seconds(marks.scoringSeconds) * Self.passes
    let first = max(Self.shortestSpacing, duration * Self.spacing)
    state = Mutex(State(next: .now + first, duration: duration))
  }

  /// Begins a front where the last one is long enough ago; the search does not wait for it.
  func offer(_ event: SearchEvent) {
    state.withLock { state in
      guard !state.isWriting, !state.hasEnded, event.state.end == nil, .now >= state.next,
        .now + state.duration * Self.passes < deadline
      else { return }
      state.isWriting = true
      let searchState = event.state
      state.work = Task { await write(searchState) }
    }
  }

  private func write(_ searchState: SearchState) async {
    let start = ContinuousClock.now
    // What cannot be scored or written now is tried again at the end, and told then.
    if let outcome = try? await discovery.outcome(of: searchState, marks: marks),
      !Task.isCancelled
    {
      try? folder.write(outcome.document)
    }
    state.withLock { state in
      state.isWriting = false
      state.duration = .now - start
      state.next = .now + max(Self.shortestSpacing, state.duration * Self.spacing)
    }
  }

  /// Waits for a front in work; none is begun afterwards.
  func end() async {
    let work = state.withLock { state in
      state.hasEnded = true
      return state.work
    }
    work?.cancel()
    await work?.value
  }
}
