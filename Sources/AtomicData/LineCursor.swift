import Glibc

/// The lines of a text, in order.
struct LineCursor {
  let text: Bytes
  var place: Int
  let end: Int

  /// The next line without its line feed; empty behind the last.
  @inline(__always)
  mutating func next() -> Bytes {
    guard place < end, let base = text.baseAddress else { return Bytes(start: nil, count: 0) }
    let start = place
    if let found = memchr(base + start, Int32(UInt8.lineFeed), end - start) {
      let lineEnd = UnsafeRawPointer(found) - UnsafeRawPointer(base)
      place = lineEnd + 1
      return text.part(start..<lineEnd)
    }
    place = end
    return text.part(start..<end)
  }
}
