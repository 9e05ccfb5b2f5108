@preconcurrency import Dispatch
import Glibc

/// Looks at the memory of the process many times a second, and says when a limit is near.
final class MemoryWatch: Sendable {
  private let timer: any DispatchSourceTimer

  private static let interval = 0.01
  /// Share of the limit at which to act: what stops takes a little memory too.
  private static let share = 0.97

  /// - Parameters:
  ///   - limit: resident memory, bytes.
  ///   - action: called whenever the limit is near, also after it was called before.
  init(limit: Int, action: @escaping @Sendable () -> Void) {
    timer = DispatchSource.makeTimerSource(queue: .global(qos: .userInteractive))
    let bound = Int(Double(limit) * Self.share)
    timer.schedule(deadline: .now(), repeating: Self.interval)
    timer.setEventHandler {
      if Self.residentBytes > bound { action() }
    }
    timer.resume()
  }

  deinit { timer.cancel() }

  /// Resident memory of the process; 0 where the system does not tell.
  static var residentBytes: Int {
    var text = [CChar](repeating: 0, count: 128)
    let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return 0 }
    defer { close(descriptor) }
    guard read(descriptor, &text, text.count - 1) > 0 else { return 0 }
    let words = String(
      decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self
    )
    .split(separator: " ")
    return words.count > 1 ? (Int(words[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE)) : 0
  }
}
