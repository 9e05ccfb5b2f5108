import Foundation

/// Where a command writes: results for people or one JSON object to standard output, all else to
/// standard error.
struct Console: Sendable {
  /// Whether standard output takes JSON, and people's text goes to standard error.
  let isJSON: Bool

  /// What people read first: the result.
  func print(_ lines: [String]) throws {
    try (isJSON ? StandardStream.error : .output).write(Self.text(lines))
  }

  /// What accompanies the result; lost without harm where nobody listens.
  func note(_ lines: [String]) {
    try? StandardStream.error.write(Self.text(lines))
  }

  /// The one object of `--json`, or nothing without it.
  func printJSON(_ object: some Encodable) throws {
    guard isJSON else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(object), as: UTF8.self)
    try StandardStream.output.write(text + "\n")
  }

  /// Characters a result may be wide; nil where nothing limits it.
  var width: Int? { terminal?.columns }

  /// The terminal that shows the result; nil where there is none.
  var terminal: Terminal? { (isJSON ? StandardStream.error : .output).terminal }

  private static func text(_ lines: [String]) -> String {
    lines.map { $0 + "\n" }.joined()
  }
}
