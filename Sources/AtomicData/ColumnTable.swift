/// The columns of a frame's atom lines, as its `Properties` name them.
struct ColumnTable: Sendable {
  let columns: [Column]
  /// Number of entries in an atom line.
  let width: Int

  struct Column: Sendable, Hashable {
    let name: String
    let kind: Kind
    /// Number of entries.
    let count: Int
    /// Place of the first entry in the line, from 0.
    let start: Int
  }

  enum Kind: Character, Sendable {
    case text = "S"
    case real = "R"
    case integer = "I"
    case logical = "L"
  }

  static let widest = 100_000

  /// Reads `species:S:1:pos:R:3:…`.
  /// - Throws: the message and remedy of an `InputError`.
  init(properties: String) throws(InputError) {
    let words = properties.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard words.count % 3 == 0 else {
      throw InputError(
        "expected Properties of name:type:count triples, found \(words.count) fields",
        remedy: "write Properties=species:S:1:pos:R:3:forces:R:3")
    }
    var columns: [Column] = []
    var names: Set<String> = []
    var width = 0
    for first in stride(from: 0, to: words.count, by: 3) {
      let triple = words[first...first + 2].joined(separator: ":")
      guard !words[first].isEmpty, words[first + 1].count == 1,
        let letter = words[first + 1].first, let kind = Kind(rawValue: letter)
      else {
        throw InputError(
          "expected name:type:count with type S, R, I or L in Properties, found \"\(triple.shortened)\"",
          remedy: "write Properties=species:S:1:pos:R:3:forces:R:3")
      }
      guard let count = Int(words[first + 2]), count > 0, count <= Self.widest - width else {
        throw InputError(
          "expected a column count from 1 to \(Self.widest) in Properties, found \"\(triple.shortened)\"",
          remedy: "mend the count")
      }
      guard names.insert(words[first]).inserted else {
        throw InputError(
          "expected each column once in Properties, found \"\(words[first].shortened)\" twice",
          remedy: "rename one of them")
      }
      columns.append(Column(name: words[first], kind: kind, count: count, start: width))
      width += count
    }
    self.columns = columns
    self.width = width
  }

  subscript(name: String) -> Column? { columns.first { $0.name == name } }

  /// Columns of three numbers.
  var vectors: [Column] {
    columns.filter { $0.count == 3 && ($0.kind == .real || $0.kind == .integer) }
  }

  /// Columns of one text or whole number: what can name types and molecules.
  var labels: [Column] {
    columns.filter { $0.count == 1 && ($0.kind == .text || $0.kind == .integer) }
  }
}
