import AtomicData
import Foundation
import Yams

/// The file of `--config`: options by name, checked against the schema.
///
/// Values are kept as they are written; whether they are numbers in range is for the options to
/// say.
struct ConfigFile {
  struct Entry {
    let key: ConfigSchema.Key
    /// Of a flag one, `true` or `false`; paths from the working directory.
    let values: [String]
    /// From 1.
    let line: Int
  }

  /// As the user gave it.
  let path: String
  /// In the order of the file.
  let entries: [Entry]

  /// - Parameters:
  ///   - command: the command that runs; keys of others are checked and left out.
  /// - Throws: `InputError` where the file cannot be read, is no mapping, or has a key or a kind of
  ///   value that the schema does not know.
  init(path: String, schema: ConfigSchema, command: ConfigSchema.Command) throws {
    try self.init(
      text: try Self.text(of: path), path: path, schema: schema, command: command)
  }

  init(
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
    entries = try mapping.compactMap { name, value in
      let line = name.mark?.line ?? 1
      guard case .scalar(let scalar) = name else {
        throw InputError(
          file: path, line: line, "expected the name of an option, found \(Self.kind(of: name))")
      }
      guard let key = schema.key(scalar.string, for: command) else {
        throw Self.unknown(scalar.string, path: path, line: line, schema: schema)
      }
      let values = try reader.values(of: value, for: key, line: line)
      return command[key.name] == nil ? nil : Entry(key: key, values: values, line: line)
    }
  }

  private static func unknown(
    _ name: String, path: String, line: Int, schema: ConfigSchema
  ) -> InputError {
    InputError(
      file: path, line: line, "expected the name of an option, found \"\(name)\"",
      remedy: NameSuggestion.nearest(to: name, among: schema.names).map { "did you mean \($0)?" }
        ?? "`symreg help search` lists the names, to be written without dashes")
  }

  private static func text(of path: String) throws -> String {
    let bytes: Data
    do {
      bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch CocoaError.fileReadNoSuchFile, CocoaError.fileNoSuchFile {
      throw InputError(file: path, "expected a file, found none", remedy: "check --config")
    } catch {
      throw InputError(
        file: path, "expected a file that can be read, found: \(reason(error))",
        remedy: "check --config")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw InputError(file: path, "expected text in UTF-8, found other bytes")
    }
    return text
  }

  private static func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error
    return (underlying ?? error).localizedDescription
  }

  /// Nil for an empty file.
  private static func root(of text: String, path: String) throws -> Node? {
    do {
      return try Parser(yaml: text, encoding: .utf8).singleRoot()
    } catch YamlError.duplicatedKeysInMapping(let names, let context) {
      throw InputError(
        file: path, line: context.mark.line,
        "expected \(names.first ?? "a key") once, found it twice")
    } catch YamlError.scanner(let context, let problem, let mark, _),
      YamlError.parser(let context, let problem, let mark, _),
      YamlError.composer(let context, let problem, let mark, _)
    {
      let whole = context.map { "\($0.text), " } ?? ""
      throw InputError(
        file: path, line: mark.line, "expected YAML, found an error: \(whole)\(problem)")
    } catch YamlError.reader(let problem, _, _, _) {
      throw InputError(file: path, "expected YAML, found an error: \(problem)")
    }
  }

  static func kind(of node: Node) -> String {
    switch node {
    case .scalar(let scalar): scalar.string.isEmpty ? "nothing" : "\"\(scalar.string)\""
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .alias: "an alias"
    }
  }
}
