import AtomicData
import Foundation
import Yams

/// Takes the values of one option from a YAML node, as text.
struct ConfigValueReader {
  /// Of the file.
  let path: String

  /// - Parameter line: of the key.
  /// - Throws: `InputError` for another kind of value than the key has.
  func values(of node: Node, for key: ConfigSchema.Key, line: Int) throws -> [String] {
    let expected = Self.expected(key)
    try refuseTag(of: node, line)
    let values: [String]
    switch (node, key.kind) {
    case (.scalar, .flag):
      let text = try text(of: node, expected, line).lowercased()
      guard ["true", "false"].contains(text) else { throw mismatch(node, expected, line) }
      values = [text]
    case (.scalar, _):
      values = [try text(of: node, expected, line)]
    case (.sequence(let nodes), .list), (.sequence(let nodes), .repeated):
      guard !nodes.isEmpty else { throw mismatch(node, expected, line, found: "an empty list") }
      let texts = try nodes.map { try text(of: $0, expected, $0.mark?.line ?? line) }
      values = key.kind == .list ? [texts.joined(separator: ",")] : texts
    default:
      throw mismatch(node, expected, line)
    }
    return key.isPath ? values.map { resolved($0, words: key.words) } : values
  }

  private func text(of node: Node, _ expected: String, _ line: Int) throws -> String {
    guard case .scalar(let scalar) = node else { throw mismatch(node, expected, line) }
    try refuseTag(of: node, line)
    // `cutoff:`, `cutoff: ""` and `cutoff: null` say nothing; a quoted null is a word.
    let isNull = scalar.style == .plain && ["~", "null", "Null", "NULL"].contains(scalar.string)
    guard !isNull, !scalar.string.isEmpty else {
      throw mismatch(node, expected, line, found: "nothing")
    }
    return scalar.string
  }

  /// A tag asks for another meaning of a value than its text, which it does not get.
  private func refuseTag(of node: Node, _ line: Int) throws {
    let tag = node.tag.description
    guard !Self.meaninglessTags.contains(tag) else { return }
    throw InputError(
      file: path, line: line, "expected values without tags, found the tag \(tag.shortened)",
      remedy: "remove the tag: values are text")
  }

  /// None, the quotation mark's, and those of what the nodes are anyway.
  private static let meaninglessTags =
    ["", "!"]
    + ["str", "seq", "map"].map { "tag:yaml.org,2002:" + $0 }

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
    _ node: Node, _ expected: String, _ line: Int, found: String? = nil
  ) -> InputError {
    InputError(
      file: path, line: line,
      "expected \(expected), found \(found ?? ConfigFile.kind(of: node))")
  }
}
