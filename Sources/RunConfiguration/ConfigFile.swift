import AtomicData

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
    let events = YAMLEvents(text, path: path)
    var entries: [Entry] = []
    var seen: Set<String> = []
    guard case .document = try events.next().kind else {
      self.entries = []
      return
    }
    let root = try events.next()
    guard case .mapping = root.kind else {
      throw InputError(
        file: path, line: root.line,
        "expected options such as cutoff: 8, found \(root.description)")
    }
    let reader = ConfigValueReader(path: path, events: events)
    while true {
      let name = try events.next()
      if case .end = name.kind { break }
      guard case .scalar(let scalar) = name.kind else {
        throw InputError(
          file: path, line: name.line,
          "expected the name of an option, found \(name.description)")
      }
      guard let key = schema.key(scalar.text, for: command) else {
        throw Self.unknown(scalar.text, path: path, line: name.line, schema: schema)
      }
      guard seen.insert(key.name).inserted else {
        throw InputError(
          file: path, line: name.line, "expected \(key.name) once, found it twice")
      }
      let values = try reader.values(for: key, line: name.line)
      if command[key.name] != nil {
        entries.append(Entry(key: key, values: values, line: name.line))
      }
    }
    self.entries = entries
    try Self.expectEnd(of: events, path: path)
  }

  private static func expectEnd(of events: YAMLEvents, path: String) throws {
    // The end of the document, then that of the text.
    _ = try events.next()
    let next = try events.next()
    guard case .endOfText = next.kind else {
      throw InputError(file: path, line: next.line, "expected one document, found another")
    }
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
}
