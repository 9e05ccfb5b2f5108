import Foundation

/// A figure: gnuplot's commands for it, and what it shows in words.
struct Plot: Sendable {
  enum Format: String, CaseIterable {
    case svg, pdf, png
  }

  /// Of its file, without the extension.
  let name: String
  let title: String
  /// For those who do not see it.
  let description: String
  /// In pixels of the page.
  let width: Int
  let height: Int
  /// From `set` to `plot`.
  let commands: String
  /// Where the points of `Plot.target` lead, in their order.
  var links: [Link] = []

  struct Link: Sendable {
    let target: String
    let label: String
  }

  /// Colour of points that are not seen but lead somewhere: fully transparent.
  static let target = "rgb '#ff00fe01'"
  static let targetComponents = [0, 254, 1]

  private static let fontSize = 13
  /// Pixels of a PNG for one of the page: 300 for an inch where the page has 96.
  private static let resolution = 3

  /// The commands that write the figure to a file.
  func script(as format: Format, to file: String) -> String {
    let font = "font 'sans,\(Self.fontSize)'"
    let terminal =
      switch format {
      case .svg: "svg size \(width),\(height) dynamic noenhanced \(font)"
      case .pdf:
        // 72 points to an inch.
        "pdfcairo size \(Self.number(Double(width) / 96))in,\(Self.number(Double(height) / 96))in "
          + "noenhanced font 'sans,\(Self.number(Double(Self.fontSize) * 0.75))'"
      case .png:
        "pngcairo size \(Self.resolution * width),\(Self.resolution * height) noenhanced \(font) "
          + "fontscale \(Self.resolution) linewidth \(Self.resolution) pointscale \(Self.resolution)"
      }
    return """
      reset
      set encoding utf8
      set terminal \(terminal)
      set output \(Self.quoted(file))
      set datafile missing 'NaN'
      set pointintervalbox 0
      set border 3 lw 1 lc \(Palette.ink.plot)
      set tics nomirror textcolor \(Palette.ink.plot) scale 0.6
      set key textcolor \(Palette.ink.plot) noenhanced samplen 2.5 spacing 1.1
      \(commands)
      set output

      """
  }

  // MARK: Pieces of commands

  /// Between single quotes nothing has a meaning for gnuplot but these themselves.
  static func quoted(_ text: String) -> String {
    let line = text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }
    return "'" + String(String.UnicodeScalarView(line)).replacingOccurrences(of: "'", with: "''")
      + "'"
  }

  static func number(_ value: Double) -> String {
    value.isFinite ? String(format: "%.6g", value) : "NaN"
  }

  /// A named block of numbers, a row a line.
  static func block(_ name: String, _ rows: some Sequence<[Double]>) -> String {
    let lines = rows.map { $0.map(number).joined(separator: " ") }
    return "$\(name) << END\n" + lines.joined(separator: "\n") + "\nEND"
  }
}
