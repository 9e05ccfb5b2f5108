/// The colours of figures and pages by what they are for.
///
/// Lines are of the palette of Okabe and Ito, which people tell apart whatever their sight
/// (https://jfly.uni-koeln.de/color); no figure tells by colour alone. gnuplot draws the light ones; in an SVG
/// they become variables of the page, which has darker and lighter sets.
enum Palette: String, CaseIterable {
  case ink, muted, rule, shade, paper, bars
  case blue, vermilion, green, purple, orange, sky

  /// `#rrggbb`
  var light: String {
    switch self {
    case .ink: "#1c1c1c"
    case .muted: "#595959"
    case .rule: "#cfcfcf"
    case .shade: "#e8eef4"
    case .paper: "#ffffff"
    case .bars: "#c3cfda"
    case .blue: "#0072b2"
    case .vermilion: "#d55e00"
    case .green: "#009e73"
    case .purple: "#cc79a7"
    case .orange: "#e69f00"
    case .sky: "#56b4e9"
    }
  }

  var dark: String {
    switch self {
    case .ink: "#ececec"
    case .muted: "#b0b0b0"
    case .rule: "#4a4a4a"
    case .shade: "#25313d"
    case .paper: "#16181b"
    case .bars: "#3d4c5b"
    case .blue: "#5ab0e6"
    case .vermilion: "#ff8a3d"
    case .green: "#2ec79a"
    case .purple: "#e3a1c5"
    case .orange: "#f2b632"
    case .sky: "#8accf3"
    }
  }

  /// For a gnuplot command.
  var plot: String { "rgb '\(light)'" }

  /// Of a CSS rule and an SVG attribute.
  var variable: String { "var(--\(rawValue))" }

  /// Lines that are told apart: colour, dashes and marker.
  static let styles: [(color: Palette, dashes: Int, marker: Int)] = [
    (.blue, 1, 7), (.vermilion, 2, 9), (.green, 4, 5), (.purple, 5, 13), (.orange, 3, 11),
    (.sky, 2, 6),
  ]

  static func series(_ number: Int) -> (color: Palette, dashes: Int, marker: Int) {
    let style = styles[number % styles.count]
    // Beyond six the dashes go round once more.
    return (style.color, 1 + (style.dashes - 1 + number / styles.count) % 5, style.marker)
  }

  /// The components of `light`.
  var components: [Int] {
    stride(from: 1, to: 7, by: 2).map {
      let start = light.index(light.startIndex, offsetBy: $0)
      return Int(light[start..<light.index(start, offsetBy: 2)], radix: 16) ?? 0
    }
  }
}
