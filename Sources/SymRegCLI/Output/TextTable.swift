/// Rows in aligned columns; the last column is to the left and wraps.
struct TextTable {
  /// Whether each column is set to the right.
  let isRightAligned: [Bool]
  private(set) var rows: [[String]] = []

  /// Blanks between two columns.
  private static let gap = 2
  /// Where the last column has less room than this and needs more, it goes below its row.
  private static let narrowest = 28
  /// Indentation of a last column below its row.
  private static let step = "      "

  /// - Parameter header: one name per column; nil: no header.
  init(_ header: [String]? = nil, rightAligned: [Bool]) {
    isRightAligned = rightAligned
    rows = header.map { [$0] } ?? []
  }

  mutating func add(_ row: [String]) { rows.append(row) }

  /// - Parameter width: characters a line may have; nil: any number.
  func lines(width: Int?) -> [String] {
    let widths = isRightAligned.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let last = widths.count - 1
    let indent = widths[..<last].reduce(0) { $0 + $1 + Self.gap }
    let room = width.map { $0 - indent } ?? .max
    let isStacked = room < min(widths[last], Self.narrowest)
    return rows.flatMap { row -> [String] in
      let head = row[..<last].enumerated().map { column, text in
        let padding = String(repeating: " ", count: widths[column] - text.count)
        return isRightAligned[column] ? padding + text : text + padding
      }.map { $0 + String(repeating: " ", count: Self.gap) }.joined()
      let lines: [String]
      if isStacked {
        let below = Self.wrapped(row[last], width: width.map { $0 - Self.step.count })
        lines = [head] + below.map { Self.step + $0 }
      } else {
        let parts = Self.wrapped(row[last], width: room)
        let blanks = String(repeating: " ", count: indent)
        lines = parts.enumerated().map { ($0.offset == 0 ? head : blanks) + $0.element }
      }
      return lines.map(Self.withoutTrailingBlanks).filter { !isStacked || !$0.isEmpty }
    }
  }

  private static func withoutTrailingBlanks(_ line: String) -> String {
    String(line.reversed().drop { $0 == " " }.reversed())
  }

  /// The text in lines of at most `width` characters, broken at blanks where there are some.
  static func wrapped(_ text: String, width: Int?) -> [String] {
    guard let width, width > 0, text.count > width else { return [text] }
    var lines: [String] = []
    var rest = Substring(text)
    while rest.count > width {
      let head = rest.prefix(width + 1)
      let cut = head.dropFirst().lastIndex(of: " ") ?? rest.index(rest.startIndex, offsetBy: width)
      lines.append(String(rest[..<cut]))
      rest = rest[cut...].drop { $0 == " " }
    }
    return rest.isEmpty ? lines : lines + [String(rest)]
  }
}
