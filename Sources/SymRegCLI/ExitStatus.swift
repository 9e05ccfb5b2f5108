/// How the process ends. Thrown, it ends a command whose messages are written already.
enum ExitStatus: Int32, Error {
  case done = 0
  case failed = 1
  /// Bad input or usage.
  case badInput = 2
  /// Stopped by a signal, a full disk or the memory limit, with a usable result.
  case stopped = 3
}

/// What went wrong though the input is good.
struct CommandFailure: Error, CustomStringConvertible {
  /// "expected …, found …", and what to do about it.
  let description: String
  var status = ExitStatus.failed
}
