import Foundation

/// A figure of gnuplot as a part of a page: small, in the colours of the page, with its text for those who do
/// not see it, and with links.
struct InlineSVG {
  let markup: String
  /// The shapes of the markers, the same for all figures: a page has them once.
  let definitions: String

  /// - Parameter id: of the figure, one of its kind in the page.
  init(_ data: Data, of plot: Plot, id: String) {
    var writer = Writer(links: plot.links)
    let text = String(decoding: data, as: UTF8.self)
    // What comes before the canvas is of the file, not of the figure.
    let start = text.range(of: "<g id=\"gnuplot_canvas\">")?.upperBound ?? text.endIndex
    writer.write(text[start...])
    definitions = writer.definitions
    let kind = plot.links.isEmpty ? "img" : "group"
    markup =
      "<svg class=\"plot\" viewBox=\"0 0 \(plot.width) \(plot.height)\" role=\"\(kind)\" "
      + "aria-labelledby=\"\(id)-t\" aria-describedby=\"\(id)-d\"><title id=\"\(id)-t\">"
      + HTMLText.escaped(plot.title) + "</title><desc id=\"\(id)-d\">"
      + HTMLText.escaped(plot.description) + "</desc><g class=\"g\">" + writer.result
      + "</g></svg>"
  }

  /// Copies the elements of a canvas, those left out that say nothing.
  private struct Writer {
    private(set) var result = ""
    private(set) var definitions = ""
    private var links: ArraySlice<Plot.Link>
    /// Open groups, the outermost first: written with the first thing in them, those of the page's style never.
    private var groups: [(start: String?, isWritten: Bool)] = []

    init(links: [Plot.Link]) { self.links = links[...] }

    mutating func write(_ text: Substring) {
      var rest = text
      while let start = rest.firstIndex(of: "<"), let end = rest[start...].firstIndex(of: ">") {
        let tag = rest[start...end]
        rest = rest[rest.index(after: end)...]
        if tag == "<defs>" {
          let close = rest.range(of: "</defs>")
          let inner = rest[..<(close?.lowerBound ?? rest.endIndex)]
          if definitions.isEmpty { definitions = inner.split(separator: "\t").joined() }
          rest = rest[(close?.upperBound ?? rest.endIndex)...]
        } else if tag == "<text>" || tag == "<title>" {
          let inner = rest.prefix { $0 != "<" }
          rest = rest[inner.endIndex...]
          if tag == "<text>", inner.contains(where: { $0 != " " }) {
            put("<text>\(inner.trimmingCharacters(in: .whitespaces))</text>")
          }
        } else {
          write(tag: tag)
        }
      }
    }

    private mutating func write(tag: Substring) {
      if tag.hasPrefix("<g") {
        groups.append((InlineSVG.group(tag), false))
      } else if tag == "</g>" {
        if let group = groups.popLast(), group.isWritten, group.start != nil { result += "</g>" }
      } else if tag.hasPrefix("<rect") || tag.hasPrefix("<use") && tag.contains("color='white'") {
        // The paper, and spots in its colour behind points with bars.
        return
      } else if tag.hasPrefix("<use"), let link = links.first,
        InlineSVG.components(in: tag) == Plot.targetComponents,
        let place = InlineSVG.place(in: tag)
      {
        put(InlineSVG.link(link, at: place))
        links.removeFirst()
      } else if tag.hasSuffix("/>") {
        put(tag.hasPrefix("<image") ? String(tag) : InlineSVG.compact(String(tag)))
      }
    }

    private mutating func put(_ markup: String) {
      for place in groups.indices where !groups[place].isWritten {
        result += groups[place].start ?? ""
        groups[place].isWritten = true
      }
      result += markup
    }
  }

  /// The start of a group; nil for one that adds nothing to the page's style.
  private static func group(_ tag: Substring) -> String? {
    var text = String(tag)
    for part in [
      " fill=\"none\" color=\"black\" stroke=\"currentColor\"", " stroke-width=\"1.00\"",
      " stroke-linecap=\"butt\" stroke-linejoin=\"miter\"", " font-family=\"sans\"",
      " font-size=\"13.00\"",
    ] { text = text.replacingOccurrences(of: part, with: "") }
    if let start = text.range(of: " id=\""), let end = text[start.upperBound...].range(of: "\"") {
      text.removeSubrange(start.lowerBound..<end.upperBound)
    }
    text = compact(text)
    let label = "stroke=\"none\" fill=\"\(Palette.ink.variable)\""
    text = text.replacingOccurrences(of: label, with: "class=\"t\"")
    return text == "<g>" || text == "<g >" ? nil : text
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

  private static func compact(_ tag: String) -> String {
    var text = numbersShortened(tag)
    for (long, short) in [("  ", " "), (" '/>", "'/>"), (" = ", "="), (" L", "L")] {
      text = text.replacingOccurrences(of: long, with: short)
    }
    return text
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
