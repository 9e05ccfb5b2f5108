/// Draws the progress of a search: a function of progress and terminal, nothing else.
struct SearchView {
  let progress: SearchProgress

  /// Bars of the front, the widest, in characters.
  private static let widestBar = 20
  /// Terminals narrower than this get no bars in the front.
  private static let narrowest = 60

  // MARK: Terminal

  /// The picture on a terminal: at most as wide, and lower by a line.
  func lines(on terminal: Terminal) -> [StyledLine] {
    let width = max(20, terminal.columns - 1)
    var lines = head(width: width) + [budget(width: width)]
    // Head, budget, column names and the two marks stay; the smallest entries leave first.
    let marks = self.marks(width: width)
    let room = max(1, terminal.rows - 1 - lines.count - 1 - marks.count)
    if !progress.rows.isEmpty {
      lines.append(columnNames(width: width))
      lines += progress.rows.suffix(room).map { line(of: $0, width: width) }
    }
    return Array((lines + marks).map { $0.cut(to: width) }.prefix(max(1, terminal.rows - 1)))
  }

  /// One line where there is room, else two.
  private func head(width: Int) -> [StyledLine] {
    let state =
      switch progress.phase {
      case .searching: "\(NumberText.time(progress.timeLeft)) left"
      case .stopping: "stopping"
      case .scoring: "last fits and scores"
      }
    var line = StyledLine("searching ")
    let name = progress.name
    let room = max(12, width / 3)
    line.append(name.count > room ? name.prefix(room - 1) + "…" : name, .bold)
    let certified = progress.certifiedComplexity
    let counts =
      "\(NumberText.count(progress.evaluations)) fits · \(rate)"
      + (certified > 0 ? " · all to \(certified) nodes" : "")
    let isWide = line.width + counts.count + state.count + 6 <= width
    line.append(isWide ? " · \(counts) · \(state)" : " · \(state)")
    return isWide ? [line] : [line, StyledLine(counts)]
  }

  private var rate: String {
    let rate = progress.rate
    return (rate < 10 ? NumberText.fixed(rate, 1) : NumberText.count(Int(rate.rounded()))) + "/s"
  }

  private func budget(width: Int) -> StyledLine {
    let bar = min(width - 6, 60)
    let filled = Int((progress.share * Double(bar)).rounded(.down))
    var line = StyledLine(String(repeating: "━", count: filled), .green)
    // Thinner, not only fainter: some terminals have no colours.
    line.append(String(repeating: "─", count: bar - filled), .faint)
    line.append(Self.padded("\(Int(progress.share * 100)) %", 6))
    return line
  }

  private func columnNames(width: Int) -> StyledLine {
    let bar = barWidth(width)
    let middle = bar == 0 ? "  " : "  " + Self.filled("above the floor", bar) + "  "
    return StyledLine(
      Self.padded("size", 4) + Self.padded(progress.isCombined ? "combined" : "meV/Å", 10) + middle
        + "U(r)", .faint)
  }

  private func line(of row: SearchProgress.Row, width: Int) -> StyledLine {
    var line = StyledLine(
      Self.padded("\(row.complexity)", 4) + Self.padded(force(row.forceError), 10))
    let bar = barWidth(width)
    if bar > 0 {
      line.append("  ")
      line.append(Self.filled(self.bar(row.forceError, width: bar), bar), .green)
    }
    line.append("  " + row.expression)
    return line
  }

  private func marks(width: Int) -> [StyledLine] {
    let marks: [(String, Double?)] = [
      ("free-form floor", progress.floorError), ("U = 0", progress.referenceError),
    ]
    return marks.compactMap { name, value in
      value.map {
        let gap = barWidth(width)
        return StyledLine(
          "    " + Self.padded(force($0), 10) + "  "
            + (gap == 0 ? "" : String(repeating: " ", count: gap + 2)) + name, .faint)
      }
    }
  }

  private func force(_ value: Double) -> String {
    NumberText.force(value, decimals: decimals)
  }

  private var decimals: Int {
    NumberText.forceDecimals(
      progress.rows.map(\.forceError) + [progress.referenceError]
        + (progress.floorError.map { [$0] } ?? []))
  }

  private func barWidth(_ width: Int) -> Int {
    width < Self.narrowest ? 0 : min(Self.widestBar, width / 4)
  }

  /// How far an error is above the floor, in units of what U = 0 is.
  private func bar(_ value: Double, width: Int) -> String {
    let floor = progress.floorError ?? 0
    let share = (value - floor) / max(progress.referenceError - floor, .leastNormalMagnitude)
    return Bar.text(share: share, width: width)
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private static func filled(_ text: String, _ width: Int) -> String {
    String(text.prefix(width)) + String(repeating: " ", count: max(0, width - text.count))
  }

  // MARK: Plain lines

  /// `12 s: 4,160 fits (340/s)`.
  var summary: String {
    "\(NumberText.time(progress.elapsed)): \(NumberText.count(progress.evaluations, "fit")) (\(rate))"
  }

  private var measure: String { progress.isCombined ? "combined error " : "" }

  /// One line for logs: the summary, then `, 7 in the front, best 62.58 meV/Å (10 nodes): X/r + …`.
  var plainLine: String {
    guard let best = progress.rows.last else { return summary + ", nothing better than U = 0 yet" }
    return summary
      + (progress.certifiedComplexity > 0 ? ", all to \(progress.certifiedComplexity) nodes" : "")
      + ", \(progress.rows.count) in the front, best \(measure)on the training frames \(force(best.forceError)) meV/Å "
      + "(\(best.complexity) nodes): \(best.expression)"
  }
}
