import Foundation

/// Processor seconds that `body` takes, of all threads of the process: what it costs a core, whoever
/// else is at work on the machine.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  let begin = processorTime()
  try body()
  return processorTime() - begin
}

/// Processor seconds of this process so far.
func processorTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

extension [Double] {
  /// Not a number where there are none.
  var median: Double {
    guard !isEmpty else { return .nan }
    let sorted = sorted()
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
  }

  var mean: Double { reduce(0, +) / Double(count) }
}
