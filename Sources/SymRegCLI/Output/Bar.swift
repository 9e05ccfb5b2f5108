/// Horizontal bars of block characters, to an eighth of a character.
enum Bar {
  private static let eighths = Array("▏▎▍▌▋▊▉█")

  /// - Parameter share: of the full width, cut to 0…1; anything above 0 shows.
  static func text(share: Double, width: Int) -> String {
    guard share > 0, width > 0 else { return "" }
    let count = max(1, Int((min(share, 1) * Double(width * 8)).rounded()))
    let full = String(repeating: eighths[7], count: count / 8)
    return count % 8 == 0 ? full : full + String(eighths[count % 8 - 1])
  }
}
