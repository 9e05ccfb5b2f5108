import Dispatch

/// Runs an asynchronous test to its end.
public func waiting(for test: @escaping @Sendable () async -> Void) {
  let isDone = DispatchSemaphore(value: 0)
  Task {
    await test()
    isDone.signal()
  }
  isDone.wait()
}
