/// Text as bytes, in memory that outlives the use.
typealias Bytes = UnsafeBufferPointer<UInt8>

extension UInt8 {
  /// Space, tab, or another control character that separates; line feeds end lines before this is
  /// asked, carriage returns count as trailing white space.
  @inline(__always)
  var isSpace: Bool { self == 32 || self &- 9 < 5 }

  @inline(__always)
  var isDigit: Bool { self &- 48 < 10 }

  static let lineFeed: UInt8 = 10
  static func of(_ character: Unicode.Scalar) -> UInt8 { UInt8(ascii: character) }
}

extension Bytes {
  /// A part of the text; the range must lie in it.
  @inline(__always)
  func part(_ range: Range<Int>) -> Bytes { Bytes(rebasing: self[range]) }

  /// Without white space at both ends.
  func trimmed() -> Bytes {
    var (first, last) = (0, count)
    while first < last, self[first].isSpace { first += 1 }
    while last > first, self[last - 1].isSpace { last -= 1 }
    return part(first..<last)
  }

  /// The same text, ASCII letters of either case being equal; `lowercase` has none of upper case.
  func equalsIgnoringCase(_ lowercase: StaticString) -> Bool {
    guard count == lowercase.utf8CodeUnitCount else { return false }
    for index in 0..<count {
      let byte = self[index]
      let lowered = byte &- 65 < 26 ? byte | 32 : byte
      if lowered != lowercase.utf8Start[index] { return false }
    }
    return true
  }

  var string: String { String(decoding: self, as: UTF8.self) }

  /// The text in quotes for a message, cut short.
  var quoted: String {
    // No more bytes than can be shown: a line may be long.
    "\"" + part(0..<Swift.min(count, 400)).string.shortened + "\""
  }
}
