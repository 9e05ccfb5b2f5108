@preconcurrency import Dispatch
import Glibc
import SymReg
import Synchronization

/// SIGINT, SIGTERM and, unless `nohup` had it ignored, SIGHUP: the first stops the search, the second ends
/// the process.
///
/// Before a search has begun there is nothing to keep, and the first ends the process too.
final class StopSignals: Sendable {
  private struct State {
    var isSearching = false
    var signal: Int32?
    var onStop: @Sendable () -> Void = {}
  }

  private let state = Mutex(State())
  private let sources: [any DispatchSourceSignal]
  private let control: SearchControl

  init(_ control: SearchControl) {
    self.control = control
    let numbers = [SIGINT, SIGTERM] + (Self.isIgnored(SIGHUP) ? [] : [SIGHUP])
    sources = numbers.map { number in
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: .global())
    }
    for (source, number) in zip(sources, numbers) {
      source.setEventHandler { [weak self] in self?.receive(number) }
      source.resume()
    }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    let handler = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
    return handler == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Whether there is something to keep.
  var isSearching: Bool { state.withLock { $0.isSearching } }

  /// - Parameter action: what to do before the process ends at a signal.
  func beforeEnding(_ action: @escaping @Sendable () -> Void) {
    state.withLock { $0.onStop = action }
  }

  /// From now on the first signal stops the search alone.
  func beginSearch(onStop: @escaping @Sendable () -> Void) {
    state.withLock {
      $0.isSearching = true
      $0.onStop = onStop
    }
  }

  private func receive(_ number: Int32) {
    let (endsNow, action) = state.withLock { state in
      let endsNow = !state.isSearching || state.signal != nil
      // A second signal ends at once.
      let action = state.signal == nil ? state.onStop : {}
      state.signal = number
      return (endsNow, action)
    }
    action()
    guard endsNow else { return control.stop(.interrupted) }
    // The shell shall see what ended the process.
    signal(number, SIG_DFL)
    kill(getpid(), number)
  }
}
