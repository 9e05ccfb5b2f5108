@preconcurrency import Dispatch
import Glibc

/// Looks at the memory of the process many times a second, and says when a limit is near.
final class MemoryWatch: Sendable {
  private let timer: any DispatchSourceTimer

  private static let interval = 0.01
  /// Shares of the limit at which it is near, since what stops takes a little memory too, and at which
  /// nothing else helps.
  private static let near = 0.95
  private static let exceeded = 1.02

  /// - Parameters:
  ///   - limit: resident memory, bytes.
  ///   - action: called whenever the limit is near, also after it was called before; told whether it is
  ///     exceeded.
  init(limit: Int, action: @escaping @Sendable (_ isExceeded: Bool) -> Void) {
    timer = DispatchSource.makeTimerSource(queue: .global(qos: .userInteractive))
    timer.schedule(deadline: .now(), repeating: Self.interval)
    timer.setEventHandler {
      let share = Double(Self.residentBytes) / Double(limit)
      if share > Self.near { action(share > Self.exceeded) }
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
