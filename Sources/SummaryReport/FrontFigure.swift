import Foundation
import ParetoFronts
import RunStorage

/// The front: force errors by complexity, with the floor, the baselines and the certified sizes.
struct FrontFigure {
  let document: FrontDocument
  /// For narrow screens.
  var isNarrow = false
  /// Where the points lead, by complexity.
  var links: @Sendable (FrontEntry) -> String = { "#entry-\($0.complexity)" }

  /// Errors above so many times that of U = 0 are not drawn.
  private static let highestShare = 1.3
  /// Labels of lines are at least this share of the height apart.
  private static let labelSpacing = 0.055

  var plot: Plot? {
    let entries = document.front
    let values = entries.flatMap { [$0.trainRMSE, $0.validationRMSE ?? $0.trainRMSE] }
    guard !entries.isEmpty, let lowest = (values + marks.map(\.error)).filter({ $0 > 0 }).min()
    else { return nil }
    let highest = max(
      values.max() ?? lowest, marks.map(\.error).filter { $0 <= limit }.max() ?? lowest)
    let span = max(log(highest / lowest), 0.02)
    let range = (
      low: 1000 * lowest * exp(-0.1 * span), high: 1000 * highest * exp(0.08 * span)
    )
    let sizes = entries.map { Double($0.complexity) }
    let ends = (low: (sizes.first ?? 1) - 1, high: (sizes.last ?? 1) + 1)
    var commands = [
      isNarrow
        ? "set key below horizontal Left reverse maxrows 3"
        : "set key below horizontal Left reverse",
      "set logscale y", "set xrange [\(ends.low):\(ends.high)]",
      "set yrange [\(Plot.number(range.low)):\(Plot.number(range.high))]",
      "set xlabel 'complexity, nodes' textcolor \(Palette.ink.plot)",
      "set ylabel 'RMSE, meV/Å' textcolor \(Palette.ink.plot)",
      Self.ticks(range.low, range.high),
      "set xtics \(isNarrow || sizes.count > 24 ? 4 : 2)",
    ]
    commands += certified(ends.low) + lines(range)
    commands.append(Plot.block("all", entries.map { [Double($0.complexity), meV($0.trainRMSE)] }))
    var curves = [
      "$all using 1:2 with lines lw 1.2 lc \(Palette.muted.plot) notitle"
    ]
    func points(_ name: String, _ rows: [[Double]], _ style: String, _ title: String) {
      guard !rows.isEmpty else { return }
      commands.append(Plot.block(name, rows))
      let errors = (rows.first?.count ?? 0) > 2
      curves.append(
        "$\(name) using \(errors ? "1:2:3 with yerrorbars" : "1:2 with points") \(style) title "
          + Plot.quoted(title))
    }
    let barred = { EmptinessFlag.areBarring(($0 as FrontEntry).flags) }
    let point = { (entry: FrontEntry) in [Double(entry.complexity), meV(entry.trainRMSE)] }
    points(
      "validation",
      entries.compactMap { entry in
        entry.validationRMSE.map {
          [Double(entry.complexity) + 0.18, meV($0), meV(entry.validationRMSEError ?? 0)]
        }
      }, "pt 9 ps 0.9 lw 1.2 lc \(Palette.vermilion.plot)", "validation")
    points(
      "folds",
      entries.compactMap { entry in
        entry.crossValidation.map {
          [Double(entry.complexity) - 0.18, meV($0.rmse), meV($0.rmseError ?? 0)]
        }
      }, "pt 5 ps 0.7 lw 1.2 lc \(Palette.green.plot)", "cross-validation")
    points(
      "sound", entries.filter { !barred($0) }.map(point), "pt 7 ps 0.8 lc \(Palette.blue.plot)",
      "training")
    points(
      "barred", entries.filter(barred).map(point), "pt 6 ps 0.8 lw 1.5 lc \(Palette.blue.plot)",
      "training, barred by a flag")
    points(
      "best", entries.filter(\.recommended).map(point),
      "pt 6 ps 2.1 lw 2 lc \(Palette.purple.plot)", "recommended")
    curves.append("$all using 1:2 with points pt 7 ps 1 lc \(Plot.target) notitle")
    commands.append("plot " + curves.joined(separator: ", \\\n  "))
    return Plot(
      name: "front", title: "Front of \(document.dataset.name)", description: description,
      width: isNarrow ? 360 : 760, height: isNarrow ? 430 : 440,
      commands: commands.joined(separator: "\n"),
      links: entries.map {
        Plot.Link(
          target: links($0),
          label: "\($0.complexity) nodes, \(ReportNumber.force($0.trainRMSE, decimals: 2)) meV/Å")
      })
  }

  /// Baselines that are too high to be drawn beside the front.
  var omitted: [(name: String, error: Double)] { marks.filter { $0.error > limit } }

  private var limit: Double {
    Self.highestShare * max(document.dataset.rmsForce, document.front.map(\.trainRMSE).max() ?? 0)
  }

  private var marks: [(name: String, error: Double)] {
    document.baselines.map { ($0.name, $0.directRMSE) }
      + (document.floor.map { [("free-form floor", $0.rmse)] } ?? [])
  }

  private func certified(_ low: Double) -> [String] {
    let size = Double(document.certifiedComplexity)
    guard size > low else { return [] }
    return [
      "set object 1 rectangle from \(low),graph 0 to \(size + 0.5),graph 1 fc \(Palette.shade.plot) "
        + "fs solid noborder behind",
      "set label 1 'certified' at \(low + 0.15),graph 0.035 textcolor \(Palette.muted.plot)",
    ]
  }

  /// Dashed lines with their names, apart from each other.
  private func lines(_ range: (low: Double, high: Double)) -> [String] {
    let shown = marks.filter { $0.error <= limit && $0.error > 0 }.sorted { $0.error > $1.error }
    let height = log(range.high / range.low)
    var place = 2.0
    return shown.enumerated().flatMap { number, mark in
      let y = log(1000 * mark.error / range.low) / height
      // The front comes down to the lowest line from above: its name stands below it.
      place = number == shown.count - 1 ? y - 0.035 : min(y + 0.03, place - Self.labelSpacing)
      let name = isNarrow ? Self.short(mark.name) : mark.name
      let value = Plot.number(1000 * mark.error)
      return [
        "set arrow \(number + 1) from graph 0,first \(value) to graph 1,first \(value) nohead "
          + "dt \(2 + number % 3) lw 1.2 lc \(Palette.muted.plot)",
        "set label \(number + 2) \(Plot.quoted(name)) at graph 0.99,graph \(Plot.number(place)) right "
          + "textcolor \(Palette.muted.plot)",
      ]
    }
  }

  private static func short(_ name: String) -> String {
    name.replacingOccurrences(of: "Coulomb+Lennard-Jones", with: "C+LJ").count > 30
      ? String(name.prefix(29)) + "…"
      : name.replacingOccurrences(of: "Coulomb+Lennard-Jones", with: "C+LJ")
  }

  /// Ticks at 1, 2, 5 of each decade, more of them where the axis is short.
  static func ticks(_ low: Double, _ high: Double, of axis: String = "y") -> String {
    guard low > 0, high > low else { return "" }
    let fine: [Double] = [1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9]
    var steps: [Double] = high / low > (axis == "y" ? 20 : 4) ? [1, 2, 5] : fine
    if high / low < 1.6 { steps = stride(from: 1.0, to: 10, by: 0.25).map { $0 } }
    var ticks: [String] = []
    for decade in Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up)) {
      for step in steps {
        let value = step * pow(10, Double(decade))
        if value >= low, value <= high {
          ticks.append("'\(ReportNumber.significant(value))' \(Plot.number(value))")
        }
      }
    }
    return "set \(axis)tics (\(ticks.joined(separator: ", ")))"
  }

  private var description: String {
    guard let first = document.front.first, let last = document.front.last else { return "" }
    let best = document.front.first(where: \.recommended).map {
      " Recommended: \($0.complexity) nodes, \(text($0.trainRMSE))."
    }
    let lines = marks.map { "\($0.name) \(text($0.error))" }.joined(separator: ", ")
    let held =
      document.front.contains { $0.validationRMSE != nil } ? ", validation errors beside" : ""
    return "Training errors fall from \(text(first.trainRMSE)) at \(first.complexity) nodes to "
      + "\(text(last.trainRMSE)) at \(last.complexity) nodes\(held).\(best ?? "") Lines: \(lines). "
      + "The table below has the numbers."
  }

  private func text(_ error: Double) -> String {
    "\(ReportNumber.force(error, decimals: 2)) meV/Å"
  }

  private func meV(_ error: Double) -> Double { 1000 * error }
}
