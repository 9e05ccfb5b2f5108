/// Rows in aligned columns; the last column is to the left and wraps.
struct TextTable {
  /// Whether each column is set to the right.
  let isRightAligned: [Bool]
  private(set) var rows: [[String]] = []

  /// Blanks between two columns.
  private static let gap = 2
  /// A last column narrower than this is not worth wrapping to.
  private static let narrowest = 16

  /// - Parameter header: one name per column.
  init(_ header: [String], rightAligned: [Bool]) {
    isRightAligned = rightAligned
    rows = [header]
  }

  mutating func add(_ row: [String]) { rows.append(row) }

  /// - Parameter width: characters a line may have; nil: any number.
  func lines(width: Int?) -> [String] {
    let widths = isRightAligned.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let last = widths.count - 1
    let indent = widths[..<last].reduce(0) { $0 + $1 + Self.gap }
    return rows.flatMap { row -> [String] in
      let head = row[..<last].enumerated().map { column, text in
        let padding = String(repeating: " ", count: widths[column] - text.count)
        return isRightAligned[column] ? padding + text : text + padding
      }.map { $0 + String(repeating: " ", count: Self.gap) }.joined()
      let room = width.map { max($0 - indent, Self.narrowest) }
      let parts = Self.wrapped(row[last], width: room)
      return parts.enumerated().map { number, part in
        let line = (number == 0 ? head : String(repeating: " ", count: indent)) + part
        return String(line.reversed().drop { $0 == " " }.reversed())
      }
    }
  }

  /// The text in lines of at most `width` characters, broken at blanks where there are some.
  static func wrapped(_ text: String, width: Int?) -> [String] {
    guard let width, text.count > width else { return [text] }
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
