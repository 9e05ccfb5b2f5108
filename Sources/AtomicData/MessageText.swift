extension Unicode.Scalar {
  /// Whether it would break the line of a message, or hide in it: line and paragraph separators,
  /// control characters, and the invisible ones that change the direction of text.
  package var breaksLine: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}

extension StringProtocol {
  /// For a message of one line: `?` stands for what would break it.
  package var onOneLine: String {
    guard unicodeScalars.contains(where: \.breaksLine) else { return String(self) }
    var line = String.UnicodeScalarView()
    line.append(contentsOf: unicodeScalars.lazy.map { $0.breaksLine ? "?" : $0 })
    return String(line)
  }

  /// For a message: cut after 40 Unicode scalars.
  package var shortened: String {
    // Not by characters: one of them can be as long as the file.
    let end = unicodeScalars.index(startIndex, offsetBy: 40, limitedBy: endIndex) ?? endIndex
    return end == endIndex ? String(self) : String(self[..<end]) + "…"
  }
}

extension [String] {
  /// `a, b or c`; "none" for no element, and the number of those beyond ten.
  package func listed(with conjunction: String) -> String {
    guard count > 1 else { return first?.shortened ?? "none" }
    let isLong = count > 11
    let shown = prefix(isLong ? 10 : count - 1).map(\.shortened).joined(separator: ", ")
    return shown + " \(conjunction) " + (isLong ? "\(count - 10) more" : self[count - 1].shortened)
  }
}
