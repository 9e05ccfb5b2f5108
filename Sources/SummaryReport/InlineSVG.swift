import Foundation

/// A figure of gnuplot as a part of a page: small, in the colours of the page, with its text for those who do
/// not see it, and with links.
struct InlineSVG {
  let markup: String
  /// The shapes of the markers, the same for all figures: a page has them once.
  let definitions: String

  /// The parts of all groups that gnuplot writes, in the page's style sheet.
  private static let groupStyle =
    "<g fill=\"none\" color=\"black\" stroke=\"currentColor\" stroke-width=\"1.00\" "
    + "stroke-linecap=\"butt\" stroke-linejoin=\"miter\">"
  private static let otherStyle = "stroke-linecap=\"butt\" stroke-linejoin=\"miter\""

  /// - Parameter id: of the figure, one of its kind in the page.
  init(_ data: Data, of plot: Plot, id: String) {
    var definitions: [Substring] = []
    var lines: [String] = []
    var isDefining = false
    var isInHead = true
    var links = plot.links[...]
    for line in String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline) {
      let text = line.drop { $0 == " " || $0 == "\t" }
      if text == "<defs>" { isDefining = true }
      if isInHead || isDefining {
        isInHead = isInHead && !text.hasPrefix("<g id=")
        if isDefining { definitions.append(text) }
        if text == "</defs>" { isDefining = false }
        continue
      }
      guard !text.isEmpty, text != "</svg>", !text.hasPrefix("<title>") else { continue }
      // Points with bars come with a spot in the colour of paper behind them.
      if text.hasPrefix("<use"), text.contains("color='white'") { continue }
      if text == "</g>", lines.last?.hasPrefix("<g") == true {
        lines.removeLast()
      } else if text.hasPrefix("<use"), let link = links.first,
        Self.components(in: text) == Plot.targetComponents, let place = Self.place(in: text)
      {
        lines.append(Self.link(link, at: place))
        links.removeFirst()
      } else {
        lines.append(Self.compact(String(text)))
      }
    }
    self.definitions = definitions.dropFirst().dropLast().joined(separator: "\n")
    let kind = plot.links.isEmpty ? "img" : "group"
    markup =
      "<svg class=\"plot\" viewBox=\"0 0 \(plot.width) \(plot.height)\" role=\"\(kind)\" "
      + "aria-labelledby=\"\(id)-t\" aria-describedby=\"\(id)-d\"><title id=\"\(id)-t\">"
      + HTMLText.escaped(plot.title) + "</title><desc id=\"\(id)-d\">"
      + HTMLText.escaped(plot.description) + "</desc><g>" + lines.joined(separator: "\n") + "</svg>"
  }

  private static func link(_ link: Plot.Link, at place: (x: Substring, y: Substring)) -> String {
    "<a href=\"\(HTMLText.escaped(link.target))\" aria-label=\"\(HTMLText.escaped(link.label))\">"
      + "<title>\(HTMLText.escaped(link.label))</title>"
      + "<circle class=\"target\" cx=\"\(place.x)\" cy=\"\(place.y)\" r=\"11\"/></a>"
  }

  /// The place of a marker.
  private static func place(in text: Substring) -> (x: Substring, y: Substring)? {
    guard let start = text.range(of: "translate(") else { return nil }
    let parts = text[start.upperBound...].prefix { $0 != ")" }.split(separator: ",")
    return parts.count == 2 ? (parts[0], parts[1]) : nil
  }

  private static func components(in text: Substring) -> [Int] {
    guard let start = text.range(of: "rgb(") else { return [] }
    return text[start.upperBound...].prefix { $0 != ")" }.split(separator: ",")
      .compactMap { Int($0.filter { $0 != " " }) }
  }

  // MARK: Compact text

  private static let variables: [[Int]: String] = Dictionary(
    uniqueKeysWithValues: Palette.allCases.map { ($0.components, $0.variable) })

  private static func compact(_ line: String) -> String {
    if line == groupStyle { return "<g class=\"g\">" }
    if line.hasPrefix("<image") { return line }
    var text = line
    let painted = "<g fill=\"none\" color=\"black\" stroke=\"currentColor\""
    if text.hasPrefix(painted) {
      text =
        "<g"
        + text.dropFirst(painted.count)
        .replacingOccurrences(of: otherStyle, with: "class=\"g\"")
    }
    for name in ["font-family=\"sans\"", "font-size=\"13.00\"", "xml:space=\"preserve\""] {
      text = text.replacingOccurrences(of: " " + name, with: "")
    }
    if let start = text.range(of: "<g id=\""),
      let end = text[start.upperBound...].range(of: "\"")
    {
      text.replaceSubrange(start.lowerBound..<end.upperBound, with: "<g")
    }
    // What is read stays as it is.
    return text.hasPrefix("<text") ? text : numbersShortened(text)
  }

  /// Numbers to a tenth of a pixel, colours as variables.
  private static func numbersShortened(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var k = 0
    func isDigit(_ k: Int) -> Bool { k < bytes.count && (48...57).contains(bytes[k]) }
    let function = Array("rgb(".utf8)
    while k < bytes.count {
      if bytes[k...].starts(with: function), let end = bytes[k...].firstIndex(of: 41) {
        let inner = String(decoding: bytes[(k + 4)..<end], as: UTF8.self)
        let numbers = inner.split(separator: ",").compactMap { Int($0.filter { $0 != " " }) }
        let color = numbers == [0, 0, 0] ? Palette.ink.variable : variables[numbers]
        result += Array((color ?? "rgb(\(inner.filter { $0 != " " }))").utf8)
        k = end + 1
      } else if bytes[k] == 46, isDigit(k + 1), k > 0, isDigit(k - 1) {
        var end = k + 1
        while isDigit(end) { end += 1 }
        if bytes[k + 1] != 48 { result += bytes[k...(k + 1)] }
        k = end
      } else {
        result.append(bytes[k])
        k += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
