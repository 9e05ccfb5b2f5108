import AtomicData

/// An expression that cannot be read, with the place where it went wrong.
public struct ExpressionError: Error, Equatable, CustomStringConvertible {
  public let expression: String
  /// Offset of the place in characters from the start of `expression`.
  public let offset: Int
  /// "expected …, found …", and how to mend it.
  public let message: String

  public init(expression: String, offset: Int, message: String) {
    self.expression = expression
    self.offset = offset
    self.message = message
  }

  /// The message, the expression, and a caret under the place: three lines, whatever the expression
  /// holds.
  public var description: String {
    let shown = shownPart
    let caret = String(repeating: " ", count: shown.offset)
    return "\(message.onOneLine)\n  \(shown.text)\n  \(caret)^"
  }

  /// Characters shown of a long expression, before the place and from it on.
  private static let reach = (before: 60, behind: 40)

  /// The expression around the place, one column for a character.
  private var shownPart: (text: String, offset: Int) {
    let start = max(0, offset - Self.reach.before)
    let end = offset + Self.reach.behind
    let tail = expression.dropFirst(start)
    let part = tail.prefix(end - start).map { character -> Character in
      character.isWhitespace
        ? " "
        : character.unicodeScalars.contains(where: \.breaksLine)
          || character.utf8.count > 32 ? "?" : character
    }
    let isCut = !tail.dropFirst(end - start).isEmpty
    return (
      (start > 0 ? "…" : "") + String(part) + (isCut ? "…" : ""),
      offset - start + (start > 0 ? 1 : 0)
    )
  }
}
