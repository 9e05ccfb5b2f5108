import SymReg
import Synchronization

/// Which candidates came to stand in the front of a search, and when.
final class FrontHistory: Sendable {
  struct Appearance: Sendable {
    let candidate: Candidate
    /// Since the search began.
    let seconds: Double
    /// Fits of candidates and last fits until then.
    let fits: Int
  }

  private struct State {
    var numbers: Set<Int> = []
    var appearances: [Appearance] = []
  }

  private let start = ContinuousClock.now
  private let state = Mutex(State())

  /// Keeps what is new in the front.
  func take(_ event: SearchEvent) {
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let fits = event.counts.evaluations + event.counts.polished
    state.withLock { state in
      for candidate in event.front.entries where state.numbers.insert(candidate.number).inserted {
        state.appearances.append(
          Appearance(candidate: candidate, seconds: seconds, fits: fits))
      }
    }
  }

  /// In the order of time.
  var appearances: [Appearance] { state.withLock { $0.appearances } }
}
