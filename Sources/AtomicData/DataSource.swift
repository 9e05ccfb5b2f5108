/// A file of labelled frames, and what is particular about it.
///
/// As an argument: `FILE` or `FILE:forces=EXPR:energy=EXPR:weight=W`.
public struct DataSource: Sendable, Hashable {
  /// Path as the user gave it.
  public var path: String
  /// Columns that make up the forces; nil: found.
  public var forces: ColumnExpression?
  /// Keys that make up the energy; nil: found where energies are matched.
  public var energy: ColumnExpression?
  /// Weight of each of the file's force components in the loss, finite and > 0.
  public var weight: Double

  public static let knownKeys = ["forces", "energy", "weight"]

  public init(
    path: String, forces: ColumnExpression? = nil, energy: ColumnExpression? = nil,
    weight: Double = 1
  ) {
    self.path = path
    self.forces = forces
    self.energy = energy
    self.weight = weight
  }

  /// Reads a data argument.
  ///
  /// The path ends where the first `:key=` with a known key begins; other colons belong to it.
  /// - Throws: `InputError` for an unknown or repeated key, and for a value that cannot be read.
  public init(parsing argument: String) throws {
    var segments = Self.segments(of: argument)
    // Before the first known key, `:word=` is part of a path if such a file is there.
    var path = segments.removeFirst().text
    while let next = segments.first, !Self.knownKeys.contains(next.key) {
      let longer = path + ":" + next.key + "=" + next.text
      guard InputFile.exists(longer) else { throw Self.unknownKey(next.key, in: argument) }
      path = longer
      segments.removeFirst()
    }
    guard !path.isEmpty else {
      throw InputError("expected FILE or FILE:forces=…, found \"\(argument)\"")
    }
    self.init(path: path)
    var seen: Set<String> = []
    for segment in segments {
      guard seen.insert(segment.key).inserted else {
        throw InputError("expected \(segment.key)= once, found it twice in \"\(argument)\"")
      }
      try set(segment.key, to: segment.text, in: argument)
    }
  }

  private mutating func set(_ key: String, to text: String, in argument: String) throws {
    switch key {
    case "forces": forces = try ColumnExpression(text)
    case "energy": energy = try ColumnExpression(text)
    case "weight":
      guard let value = DecimalNumber.whole(text), value > 0, value.isFinite else {
        throw Self.badWeight(text, path: path)
      }
      weight = value
    default: throw Self.unknownKey(key, in: argument)
    }
  }

  static func badWeight(_ text: String, path: String) -> InputError {
    InputError(
      file: path, "expected a weight above 0, found \"\(text)\"",
      remedy: "leave the file out to give it no weight")
  }

  private static func unknownKey(_ key: String, in argument: String) -> InputError {
    InputError(
      "expected \(knownKeys.map { $0 + "=" }.listed(with: "or")) in \"\(argument)\", "
        + "found \"\(key)=\"")
  }

  /// Cuts at every `:word=`; the first segment has no key.
  private static func segments(of argument: String) -> [(key: String, text: String)] {
    var result: [(key: String, text: String)] = []
    var key = ""
    var text = ""
    for piece in argument.split(separator: ":", omittingEmptySubsequences: false) {
      let word = piece.prefix { $0.isASCII && ($0.isLetter || $0 == "_") }
      let isFirst = piece.startIndex == argument.startIndex
      if !isFirst, !word.isEmpty, piece[word.endIndex...].first == "=" {
        result.append((key, text))
        (key, text) = (String(word), String(piece[word.endIndex...].dropFirst()))
      } else {
        text += isFirst ? String(piece) : ":" + piece
      }
    }
    return result + [(key, text)]
  }
}
