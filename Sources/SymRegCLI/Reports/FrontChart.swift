import Foundation
import RunStorage

/// A small chart of a front for a terminal: force error by complexity, with the floor.
struct FrontChart {
  let document: FrontDocument

  private static let rows = 9
  /// Columns of a node, at most.
  private static let widest = 3
  /// Fewer columns show nothing.
  private static let narrowest = 24

  /// As wide as the terminal at most; nothing where that, or the front, is too small. Begins with an empty
  /// line.
  func lines(on terminal: Terminal) -> [StyledLine] {
    let entries = document.front
    let floor = document.floor?.rmse
    let errors = (entries.map(\.directRMSE) + [floor ?? 0]).filter { $0 > 0 && $0.isFinite }
    guard entries.count > 1, let low = errors.min(), let high = errors.max(), high > low,
      let largest = entries.last?.complexity, terminal.columns >= Self.narrowest,
      terminal.rows > Self.rows + 4
    else { return [] }
    let decimals = NumberText.forceDecimals([low])
    let labels = (0..<Self.rows).map { row in
      NumberText.force(
        high * exp(-log(high / low) * Double(row) / Double(Self.rows - 1)), decimals: decimals)
    }
    let margin = (labels.map(\.count).max() ?? 0) + 2
    let room = terminal.columns - 1 - margin
    let step = min(Self.widest, room / (largest + 1))
    guard step > 0 else { return [] }
    let width = (largest + 1) * step
    func row(_ error: Double) -> Int {
      let share = log(high / error) / log(high / low)
      return Int((share * Double(Self.rows - 1)).rounded())
    }
    var lines = [StyledLine("meV/Å by nodes")]
    for number in 0..<Self.rows {
      let isLabeled = number % 4 == 0
      var line = StyledLine(Self.right(isLabeled ? labels[number] : "", margin - 2))
      line.append(isLabeled ? " ┤" : " │")
      let isFloor = floor.map { $0 > 0 && row($0) == number } ?? false
      let marks = Dictionary(
        entries.filter { $0.directRMSE > 0 && row($0.directRMSE) == number }
          .map { ($0.complexity * step, $0.recommended) }
      ) { $0 || $1 }
      for column in 0..<width {
        switch marks[column] {
        case true?: line.append("★", .green)
        case false?: line.append("●", .bold)
        case nil: line.append(isFloor ? "┄" : " ", isFloor ? .faint : .plain)
        }
      }
      lines.append(line)
    }
    return [""]
      + (lines + axis(margin: margin, step: step, largest: largest) + legend(floor))
      .map { $0.cut(to: terminal.columns - 1) }
  }

  /// The certified sizes are the thick part.
  private func axis(margin: Int, step: Int, largest: Int) -> [StyledLine] {
    let certified = min(document.certifiedComplexity, largest)
    let thick = certified > 0 ? certified * step + 1 : 0
    var line = StyledLine(Self.right("", margin - 1) + "└")
    line.append(String(repeating: "━", count: thick), .green)
    line.append(String(repeating: "─", count: (largest + 1) * step - thick))
    var numbers = Self.right("", margin)
    let spacing = step * 5 >= 4 ? 5 : 10
    for size in stride(from: spacing, through: largest, by: spacing) {
      let text = "\(size)"
      // The last digit stands below its point.
      numbers += Self.right(text, margin + size * step + 1 - numbers.count)
    }
    return [line, StyledLine(numbers)]
  }

  private func legend(_ floor: Double?) -> [StyledLine] {
    var parts: [String] = []
    if document.front.contains(where: \.recommended) { parts.append("★ recommended") }
    if floor != nil { parts.append("┄ floor") }
    if document.certifiedComplexity > 0 {
      parts.append("━ certified to \(document.certifiedComplexity)")
    }
    return parts.isEmpty ? [] : [StyledLine(parts.joined(separator: "  "), .faint)]
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
