import PopulationSearch
import Synchronization

/// Stops a search from outside: at once, at the state of its last barrier.
public final class SearchControl: Sendable {
  private struct State {
    var reason: SearchEnd?
    var cancel: @Sendable () -> Void = {}
  }

  private let state = Mutex(State())
  /// How often the time is looked at.
  private static let pollInterval = Duration.milliseconds(20)

  public init() {}

  /// Why the search shall end; nil while it shall go on. The first reason holds.
  public var reason: SearchEnd? { state.withLock { $0.reason } }

  public func stop(_ reason: SearchEnd) {
    let cancel = state.withLock { state in
      state.reason = state.reason ?? reason
      return state.cancel
    }
    cancel()
  }

  /// Runs work in a task that is cancelled by a stop, and once its time is spent.
  func run<Value: Sendable>(
    until time: SearchTime, _ work: @escaping @Sendable () async -> Value
  ) async -> Value {
    let task = Task { await work() }
    let isStopped = state.withLock { state in
      state.cancel = { task.cancel() }
      return state.reason != nil
    }
    if isStopped { task.cancel() }
    let timer = Task {
      while !Task.isCancelled, !time.isSpent { try await Task.sleep(for: Self.pollInterval) }
      if time.isSpent { task.cancel() }
    }
    let value = await task.value
    timer.cancel()
    state.withLock { $0.cancel = {} }
    return value
  }
}

/// The time of a search, less what is needed after it.
final class SearchTime: Sendable {
  private let deadline: ContinuousClock.Instant?
  private let reserve: Mutex<Double?>

  /// - Parameter reserve: seconds needed afterwards; nil: the time is not spent before it is known.
  init(until deadline: ContinuousClock.Instant?, reserve: Double? = nil) {
    self.deadline = deadline
    self.reserve = Mutex(reserve)
  }

  func reserve(seconds: Double) { reserve.withLock { $0 = seconds } }

  var isSpent: Bool {
    guard let deadline, let reserve = reserve.withLock({ $0 }) else { return false }
    return .now + .seconds(reserve) >= deadline
  }
}
