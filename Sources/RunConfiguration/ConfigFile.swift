import AtomicData
import Yams

/// The file of `--config`: options by name, checked against the schema.
///
/// Values are kept as they are written; whether they are numbers in range is for the options to
/// say.
public struct ConfigFile {
  public struct Entry {
    public let key: ConfigSchema.Key
    /// Of a flag one, `true` or `false`; paths from the working directory.
    public let values: [String]
    /// From 1.
    public let line: Int
  }

  /// As the user gave it.
  public let path: String
  /// In the order of the file.
  public let entries: [Entry]

  /// - Parameters:
  ///   - command: the command that runs; keys of others are checked and left out.
  /// - Throws: `InputError` where the file cannot be read, is no mapping, or has a key or a kind of
  ///   value that the schema does not know.
  public init(path: String, schema: ConfigSchema, command: ConfigSchema.Command) throws {
    try self.init(
      text: try Self.text(of: path), path: path, schema: schema, command: command)
  }

  public init(
    text: String, path: String, schema: ConfigSchema, command: ConfigSchema.Command
  ) throws {
    self.path = path
    guard let root = try Self.root(of: text, path: path) else {
      entries = []
      return
    }
    guard case .mapping(let mapping) = root else {
      throw InputError(
        file: path, line: root.mark?.line,
        "expected options such as cutoff: 8, found "
          + Self.kind(of: root))
    }
    let reader = ConfigValueReader(path: path)
    var seen: Set<String> = []
    entries = try mapping.compactMap { name, value in
      let line = name.mark?.line ?? 1
      guard case .scalar(let scalar) = name else {
        throw InputError(
          file: path, line: line, "expected the name of an option, found \(Self.kind(of: name))")
      }
      guard let key = schema.key(scalar.string, for: command) else {
        throw Self.unknown(scalar.string, path: path, line: line, schema: schema)
      }
      guard seen.insert(key.name).inserted else {
        throw Self.repeated(key.name, path: path, line: line)
      }
      let values = try reader.values(of: value, for: key, line: line)
      return command[key.name] == nil ? nil : Entry(key: key, values: values, line: line)
    }
  }

  private static func repeated(_ name: String, path: String, line: Int) -> InputError {
    InputError(
      file: path, line: line, "expected \(name.shortened) once, found it twice")
  }

  private static func unknown(
    _ name: String, path: String, line: Int, schema: ConfigSchema
  ) -> InputError {
    InputError(
      file: path, line: line, "expected the name of an option, found \"\(name.shortened)\"",
      remedy: NameSuggestion.nearest(to: name, among: schema.names).map { "did you mean \($0)?" }
        ?? "`symreg help search` lists the names, to be written without dashes")
  }

  /// Thousands of data files have their place; what is longer holds something else.
  static let byteLimit = 1 << 20

  private static func text(of path: String) throws -> String {
    do {
      return try InputFile.text(of: path, byteLimit: byteLimit)
    } catch var error as InputError {
      error.remedy = "check --config"
      throw error
    }
  }

  /// Nil for an empty file.
  private static func root(of text: String, path: String) throws -> Node? {
    try refuseAnchors(in: text, path: path)
    do {
      // All scalars are texts: nothing is to be recognized, neither numbers nor merge keys.
      return try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
    } catch YamlError.duplicatedKeysInMapping(let names, let context) {
      throw repeated(names.first ?? "a key", path: path, line: context.mark.line)
    } catch YamlError.scanner(let context, let problem, let mark, _),
      YamlError.parser(let context, let problem, let mark, _),
      YamlError.composer(let context, let problem, let mark, _)
    {
      let whole = context.map { "\($0.text), " } ?? ""
      throw InputError(
        file: path, line: mark.line, "expected YAML, found an error: \(whole)\(problem)")
    } catch YamlError.reader(let problem, let offset, _, _) {
      let line = offset.map { 1 + text.utf8.prefix($0).count { $0 == UInt8(ascii: "\n") } }
      throw InputError(file: path, line: line, "expected YAML, found an error: \(problem)")
    }
  }

  /// Anchors have no use in options, and aliases expand without end: `[*a, *a]` named b, `[*b, *b]` …
  ///
  /// The parser expands them before it returns, so the bytes are searched: an anchor is `&` and a
  /// word, and begins nowhere behind what ends a word.
  private static func refuseAnchors(in text: String, path: String) throws {
    var line = 1
    var previous: UInt8 = 0
    for (byte, next) in zip(text.utf8, text.utf8.dropFirst()) {
      if byte == UInt8(ascii: "&"), isWord(next), !endsWord(previous) {
        throw InputError(
          file: path, line: line, "expected no anchors, found &\(UnicodeScalar(next))",
          remedy: "write the value again where it is needed; an & within a text is \"\\x26\"")
      }
      if byte == UInt8(ascii: "\n") { line += 1 }
      previous = byte
    }
  }

  private static func endsWord(_ byte: UInt8) -> Bool {
    isWord(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/")
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch UnicodeScalar(byte) {
    case "0"..."9", "A"..."Z", "a"..."z", "_", "-": true
    default: false
    }
  }

  static func kind(of node: Node) -> String {
    switch node {
    case .scalar(let scalar):
      scalar.string.isEmpty ? "nothing" : "\"\(scalar.string.shortened)\""
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .alias: "an alias"
    }
  }
}
