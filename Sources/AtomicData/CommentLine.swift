/// The key-value pairs of a frame's second line.
///
/// The language is that of the extended XYZ specification (libAtoms/extxyz), and more: commas after
/// a value, single quotes around any text, bare values that hold commas or brackets, and bare keys,
/// which mean true. Keys and values are places in the text, decoded when asked for: the hot path
/// makes no String.
struct CommentLine {
  struct Entry {
    var key: Range<Int>
    var value: Range<Int>
    var form: Form
  }

  /// What encloses a value; the enclosing marks are not part of it.
  enum Form: UInt8 {
    case bare, quoted, braces, brackets, absent
  }

  private(set) var entries: [Entry] = []

  /// What is wrong with a line, and where in it.
  struct Malformed: Error {
    var expected: String
    var place: Int
  }

  /// Reads a line, dropping what was read before.
  mutating func read(_ line: Bytes) throws(Malformed) {
    entries.removeAll(keepingCapacity: true)
    var place = 0
    while true {
      while place < line.count, line[place].isSpace || line[place] == .of(",") { place += 1 }
      if place == line.count { return }
      let key = try Self.takeKey(line, &place)
      entries.append(try Self.takeValue(line, &place, key: key))
    }
  }

  /// The last entry with this key, ASCII letters of either case being equal.
  func entry(_ lowercase: StaticString, in line: Bytes) -> Entry? {
    entries.last { line.part($0.key).equalsIgnoringCase(lowercase) }
  }

  /// The last entry with exactly this key.
  func entry(named name: String, in line: Bytes) -> Entry? {
    entries.last { line.part($0.key).elementsEqual(name.utf8) }
  }

  /// The value as text, escapes resolved; `T` for a bare key.
  static func text(of entry: Entry, in line: Bytes) -> [UInt8] {
    if entry.form == .absent { return [.of("T")] }
    let text = line.part(entry.value)
    guard entry.form == .quoted, text.contains(.of("\\")) else { return Array(text) }
    var result: [UInt8] = []
    var isEscaped = false
    for byte in text {
      if !isEscaped, byte == .of("\\") {
        isEscaped = true
      } else {
        result.append(isEscaped && byte == .of("n") ? .lineFeed : byte)
        isEscaped = false
      }
    }
    return result
  }

  /// The value as a single number; nil where it is none.
  static func number(of entry: Entry, in line: Bytes) -> Double? {
    switch entry.form {
    case .bare, .quoted, .braces: DecimalNumber.whole(line.part(entry.value))
    case .brackets, .absent: nil
    }
  }

  private static func takeKey(_ line: Bytes, _ place: inout Int) throws(Malformed) -> Range<Int> {
    if line[place] == .of("\"") || line[place] == .of("'") {
      return try takeQuoted(line, &place)
    }
    let start = place
    while place < line.count, !line[place].isSpace, line[place] != .of("="),
      line[place] != .of(",")
    {
      place += 1
    }
    guard place > start else { throw Malformed(expected: "a key", place: place) }
    return start..<place
  }

  private static func takeValue(
    _ line: Bytes, _ place: inout Int, key: Range<Int>
  ) throws(Malformed) -> Entry {
    var next = place
    while next < line.count, line[next].isSpace { next += 1 }
    guard next < line.count, line[next] == .of("=") else {
      return Entry(key: key, value: place..<place, form: .absent)
    }
    place = next + 1
    while place < line.count, line[place].isSpace { place += 1 }
    let isApart = place > next + 1
    guard place < line.count else { return Entry(key: key, value: place..<place, form: .bare) }
    switch line[place] {
    case .of("\""), .of("'"):
      return Entry(key: key, value: try takeQuoted(line, &place), form: .quoted)
    case .of("{"):
      return Entry(key: key, value: try takeNested(line, &place), form: .braces)
    case .of("["):
      return Entry(key: key, value: try takeNested(line, &place), form: .brackets)
    default:
      let value = takeBare(line, &place)
      // `a= b=1`: a has an empty value, since `b=1` is a pair of its own.
      if isApart, line.part(value).contains(.of("=")) {
        place = value.lowerBound
        return Entry(key: key, value: place..<place, form: .bare)
      }
      return Entry(key: key, value: value, form: .bare)
    }
  }

  private static func takeBare(_ line: Bytes, _ place: inout Int) -> Range<Int> {
    let start = place
    while place < line.count, !line[place].isSpace { place += 1 }
    var end = place
    while end > start, line[end - 1] == .of(",") { end -= 1 }
    return start..<end
  }

  private static func takeQuoted(_ line: Bytes, _ place: inout Int) throws(Malformed) -> Range<Int>
  {
    let opening = place
    let mark = line[opening]
    place += 1
    while place < line.count, line[place] != mark {
      place += line[place] == .of("\\") ? 2 : 1
    }
    guard place < line.count else {
      throw Malformed(expected: "a closing quotation mark", place: opening)
    }
    place += 1
    return opening + 1..<place - 1
  }

  /// Brackets and braces nest; quotation marks within them hide both.
  private static func takeNested(_ line: Bytes, _ place: inout Int) throws(Malformed) -> Range<Int>
  {
    let opening = place
    var depth = 0
    while place < line.count {
      switch line[place] {
      case .of("["), .of("{"): depth += 1
      case .of("]"), .of("}"): depth -= 1
      case .of("\""), .of("'"):
        _ = try takeQuoted(line, &place)
        continue
      case .of("\\"): place += 1
      default: break
      }
      place += 1
      if depth == 0 { return opening + 1..<place - 1 }
    }
    throw Malformed(expected: "a closing bracket", place: opening)
  }
}

extension CommentLine {
  /// Keys in the order of the line.
  func keys(in line: Bytes) -> [String] { entries.map { line.part($0.key).string } }

  /// Keys whose value is a single number.
  func numericKeys(in line: Bytes) -> [String] {
    entries.filter { Self.number(of: $0, in: line) != nil }.map { line.part($0.key).string }
  }
}
