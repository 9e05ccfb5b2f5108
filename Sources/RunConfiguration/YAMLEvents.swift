import AtomicData
// libyaml, which Yams brings along. Yams' own nodes are not used: they expand aliases, and compare in
// a time that doubles with each level of nesting.
import CYaml

/// The events of a YAML text, one after the other, without recursion and without expansion.
final class YAMLEvents {
  /// What begins or ends at a line, from 1.
  struct Event {
    enum Kind {
      case scalar(Scalar)
      case list, mapping, alias
      /// The end of a list, a mapping or a document.
      case end
      /// The beginning of a document.
      case document
      /// The end of the text.
      case endOfText
    }

    let kind: Kind
    let line: Int

    /// For "found …".
    var description: String {
      switch kind {
      case .scalar(let scalar): scalar.text.isEmpty ? "nothing" : "\"\(scalar.text.shortened)\""
      case .mapping: "a mapping"
      case .list: "a list"
      case .alias: "an alias"
      case .end, .document, .endOfText: "the end"
      }
    }
  }

  struct Scalar {
    let text: String
    /// Whether it stands without quotation marks.
    let isPlain: Bool
  }

  private let path: String
  private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
  private let bytes: UnsafeMutableBufferPointer<UInt8>

  /// - Parameter path: for errors.
  init(_ text: String, path: String) {
    self.path = path
    bytes = .allocate(capacity: text.utf8.count)
    _ = bytes.initialize(from: text.utf8)
    parser.initialize(to: yaml_parser_t())
    yaml_parser_initialize(parser)
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    bytes.deallocate()
  }

  /// - Throws: `InputError` for text that is no YAML, and for anchors and tags, which ask for another
  ///   meaning of values than their text.
  func next() throws -> Event {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw failure }
    defer { yaml_event_delete(&event) }
    let line = Int(event.start_mark.line) + 1
    let data = event.data
    switch event.type {
    case YAML_SCALAR_EVENT:
      try refuse(anchor: data.scalar.anchor, tag: data.scalar.tag, line)
      let text = UnsafeBufferPointer(start: data.scalar.value, count: data.scalar.length)
      let isPlain = data.scalar.style == YAML_PLAIN_SCALAR_STYLE
      return Event(
        kind: .scalar(Scalar(text: String(decoding: text, as: UTF8.self), isPlain: isPlain)),
        line: line)
    case YAML_SEQUENCE_START_EVENT:
      try refuse(anchor: data.sequence_start.anchor, tag: data.sequence_start.tag, line)
      return Event(kind: .list, line: line)
    case YAML_MAPPING_START_EVENT:
      try refuse(anchor: data.mapping_start.anchor, tag: data.mapping_start.tag, line)
      return Event(kind: .mapping, line: line)
    case YAML_ALIAS_EVENT: return Event(kind: .alias, line: line)
    case YAML_STREAM_START_EVENT: return try next()
    case YAML_DOCUMENT_START_EVENT: return Event(kind: .document, line: line)
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT, YAML_DOCUMENT_END_EVENT:
      return Event(kind: .end, line: line)
    default: return Event(kind: .endOfText, line: line)
    }
  }

  private func refuse(
    anchor: UnsafeMutablePointer<UInt8>?, tag: UnsafeMutablePointer<UInt8>?, _ line: Int
  ) throws {
    if let anchor {
      throw InputError(
        file: path, line: line,
        "expected no anchors, found &\(String(cString: anchor).shortened)",
        remedy: "write the value again where it is needed")
    }
    if let tag {
      throw InputError(
        file: path, line: line,
        "expected values without tags, found the tag \(String(cString: tag).shortened)",
        remedy: "remove the tag: values are text")
    }
  }

  private var failure: InputError {
    let problem = parser.pointee.problem.map { String(cString: $0) } ?? "out of memory"
    guard parser.pointee.error != YAML_READER_ERROR else {
      let before = bytes.prefix(Int(parser.pointee.problem_offset))
      return InputError(
        file: path, line: 1 + before.count { $0 == UInt8(ascii: "\n") },
        "expected YAML, found an error: \(problem)")
    }
    let context = parser.pointee.context.map { String(cString: $0) + ", " } ?? ""
    return InputError(
      file: path, line: Int(parser.pointee.problem_mark.line) + 1,
      "expected YAML, found an error: \(context)\(problem)")
  }
}
