/// The last lines of a terminal, drawn again and again in place.
struct LiveRegion {
  private let stream: StandardStream
  /// Widths of the lines that stand there.
  private var drawn: [Int] = []

  init(on stream: StandardStream) { self.stream = stream }

  /// Replaces what stands there.
  ///
  /// - Parameter lines: at most as many as the terminal has rows, less one; not wider than it.
  mutating func draw(_ lines: [StyledLine], on terminal: Terminal) {
    // One write for all: nothing flickers.
    let text = lines.map { terminal.shown($0.text(hasColor: terminal.hasColor)) + "\u{1B}[K\n" }
      .joined()
    try? stream.write(moveUp(terminal) + text + "\u{1B}[J")
    drawn = lines.map(\.width)
  }

  /// Takes away what stands there.
  mutating func erase(on terminal: Terminal) {
    guard !drawn.isEmpty else { return }
    try? stream.write(moveUp(terminal) + "\u{1B}[J")
    drawn = []
  }

  /// A terminal made narrower has wrapped the lines.
  private func moveUp(_ terminal: Terminal) -> String {
    let rows = drawn.reduce(0) { $0 + max(1, ($1 + terminal.columns - 1) / terminal.columns) }
    return rows == 0 ? "" : "\r\u{1B}[\(min(rows, terminal.rows))A"
  }
}

/// A line of text in pieces of one style each.
struct StyledLine: Sendable, Equatable, ExpressibleByStringLiteral {
  enum Style: String, Sendable {
    case plain = ""
    case bold = "1"
    case faint = "2"
    case green = "32"
  }

  private(set) var pieces: [(text: String, style: Style)] = []

  init(_ text: String, _ style: Style = .plain) { append(text, style) }

  init(stringLiteral text: String) { self.init(text) }

  mutating func append(_ text: String, _ style: Style = .plain) {
    if !text.isEmpty { pieces.append((text, style)) }
  }

  /// The text alone.
  var plainText: String { pieces.map(\.text).joined() }

  var width: Int { pieces.reduce(0) { $0 + $1.text.count } }

  /// The line cut to a width, the last character then an ellipsis.
  func cut(to width: Int) -> StyledLine {
    guard self.width > width else { return self }
    var result = StyledLine("")
    for piece in pieces {
      let room = width - 1 - result.width
      result.append(String(piece.text.prefix(max(0, room))), piece.style)
    }
    result.append("…")
    return result
  }

  func text(hasColor: Bool) -> String {
    pieces.map { piece in
      hasColor && piece.style != .plain
        ? "\u{1B}[\(piece.style.rawValue)m\(piece.text)\u{1B}[0m" : piece.text
    }.joined()
  }

  static func == (a: StyledLine, b: StyledLine) -> Bool {
    a.pieces.elementsEqual(b.pieces) { $0.text == $1.text && $0.style == $1.style }
  }
}
