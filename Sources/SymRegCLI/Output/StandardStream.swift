import Foundation
import Glibc

/// Standard output or standard error, written without a buffer.
enum StandardStream: Int32, Sendable {
  case output = 1
  case error = 2

  /// The reader has gone.
  struct Closed: Error {}

  /// Writes all of the text.
  ///
  /// - Throws: `Closed`; `CommandFailure` where the stream takes no more.
  func write(_ text: String) throws {
    var text = text
    try text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = Glibc.write(rawValue, rest.baseAddress, rest.count)
        if count >= 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        } else if errno == EPIPE {
          throw Closed()
        } else if errno == EAGAIN {
          var descriptor = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
          poll(&descriptor, 1, -1)
        } else if errno != EINTR {
          throw CommandFailure(
            description: "expected \(self == .output ? "standard output" : "standard error") to "
              + "take the result, found: \(String(cString: strerror(errno)))")
        }
      }
    }
  }

  /// The terminal behind the stream; nil where there is none that can redraw.
  var terminal: Terminal? {
    guard isatty(rawValue) == 1 else { return nil }
    let kind = getenv("TERM").map { String(cString: $0) } ?? "dumb"
    guard kind != "dumb", !kind.isEmpty else { return nil }
    // https://no-color.org: any value but the empty one asks for none.
    let forbidsColor = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
    let isUnicode = Terminal.isUnicode(kind: kind, environment: ProcessInfo.processInfo.environment)
    var size = winsize()
    guard ioctl(rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
      return Terminal(columns: 80, rows: 24, hasColor: !forbidsColor, isUnicode: isUnicode)
    }
    return Terminal(
      columns: Int(size.ws_col), rows: Int(size.ws_row), hasColor: !forbidsColor,
      isUnicode: isUnicode)
  }
}

/// What a terminal can show.
struct Terminal: Sendable, Equatable {
  var columns: Int
  var rows: Int
  var hasColor: Bool
  /// Whether it has the characters of charts and bars; else ASCII stands for them.
  var isUnicode = true

  /// By the locale, and for terminals whose fonts are of ASCII and little more.
  static func isUnicode(kind: String, environment: [String: String]) -> Bool {
    guard kind != "linux", !kind.hasPrefix("vt") else { return false }
    let names = ["LC_ALL", "LC_CTYPE", "LANG"]
    let locale = names.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    return locale.lowercased().replacing("-", with: "").hasSuffix("utf8")
  }

  /// The text with ASCII in place of other characters of charts, where the terminal has not got them.
  func shown(_ text: String) -> String {
    isUnicode ? text : String(text.map { Self.substitutes[$0] ?? $0 })
  }

  private static let substitutes: [Character: Character] = [
    "━": "=", "─": "-", "│": "|", "┤": "+", "└": "+", "┄": ".", "●": "o", "★": "*", "…": "~",
    "·": "-", "▏": "#", "▎": "#", "▍": "#", "▌": "#", "▋": "#", "▊": "#", "▉": "#", "█": "#",
    "Å": "A",
  ]
}
