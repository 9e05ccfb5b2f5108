import AtomicData
import Foundation

/// Takes the values of one option from the events behind its name, as text.
struct ConfigValueReader {
  /// Of the file.
  let path: String
  let events: YAMLEvents

  /// - Parameter line: of the name.
  /// - Throws: `InputError` for another kind of value than the key has.
  func values(for key: ConfigSchema.Key, line: Int) throws -> [String] {
    let expected = Self.expected(key)
    let event = try events.next()
    let values: [String]
    switch (event.kind, key.kind) {
    case (.scalar, .flag):
      let text = try text(of: event, expected, line).lowercased()
      guard ["true", "false"].contains(text) else { throw mismatch(event, expected, line) }
      values = [text]
    case (.scalar, _):
      values = [try text(of: event, expected, line)]
    case (.list, .list), (.list, .repeated):
      let texts = try list(expected, line)
      values = key.kind == .list ? [texts.joined(separator: ",")] : texts
    default:
      throw mismatch(event, expected, line)
    }
    return key.isPath ? values.map { resolved($0, words: key.words) } : values
  }

  private func list(_ expected: String, _ line: Int) throws -> [String] {
    var texts: [String] = []
    while true {
      let event = try events.next()
      if case .end = event.kind { break }
      texts.append(try text(of: event, expected, event.line))
    }
    guard !texts.isEmpty else { throw mismatch(expected, line, found: "an empty list") }
    return texts
  }

  private func text(
    of event: YAMLEvents.Event, _ expected: String, _ line: Int
  ) throws -> String {
    guard case .scalar(let scalar) = event.kind else { throw mismatch(event, expected, line) }
    // `cutoff:`, `cutoff: ""` and `cutoff: null` say nothing; a quoted null is a word.
    let isNull = scalar.isPlain && ["~", "null", "Null", "NULL"].contains(scalar.text)
    guard !isNull, !scalar.text.isEmpty else {
      throw mismatch(expected, line, found: "nothing")
    }
    return scalar.text
  }

  /// A path of the file, which starts at the file's folder, as one from the working directory.
  private func resolved(_ value: String, words: [String]) -> String {
    guard !value.isEmpty, !value.hasPrefix("/"), !words.contains(value) else { return value }
    let folder = (path as NSString).deletingLastPathComponent
    // A name that starts with a dash would be taken for an option.
    guard !folder.isEmpty else { return value.hasPrefix("-") ? "./" + value : value }
    return folder.hasSuffix("/") ? folder + value : folder + "/" + value
  }

  private static func expected(_ key: ConfigSchema.Key) -> String {
    switch key.kind {
    case .flag: "\(key.name) to be true or false"
    case .single: "one value for \(key.name)"
    case .list, .repeated: "a value or a list of values for \(key.name)"
    }
  }

  private func mismatch(
    _ event: YAMLEvents.Event, _ expected: String, _ line: Int
  ) -> InputError {
    mismatch(expected, line, found: event.description)
  }

  private func mismatch(_ expected: String, _ line: Int, found: String) -> InputError {
    InputError(file: path, line: line, "expected \(expected), found \(found)")
  }
}
