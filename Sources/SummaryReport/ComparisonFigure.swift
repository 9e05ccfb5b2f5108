import Foundation
import RunStorage

/// The fronts of several runs in one figure.
struct ComparisonFigure {
  enum Measure: String, CaseIterable {
    case training, validation
  }

  let runs: [ComparedRun]
  let measure: Measure
  var isNarrow = false

  /// Nil where fewer than two runs have the errors.
  var plot: Plot? {
    let fronts = runs.map { run in
      run.document.front.compactMap { entry in
        error(entry).map { [Double(entry.complexity), 1000 * $0] }
      }
    }
    let values = fronts.joined().map { $0[1] }.filter { $0 > 0 }
    guard fronts.count(where: { !$0.isEmpty }) > 1, let low = values.min(),
      let high = values.max()
    else { return nil }
    let floors = Set(runs.compactMap { $0.document.floor.map { 1000 * $0.rmse } }).filter {
      $0 > 0.5 * low && $0 < high
    }.sorted()
    let span = max(log(high / min(low, floors.first ?? low)), 0.02)
    let range = (
      min(low, floors.first ?? low) * exp(-0.08 * span), high * exp(0.08 * span)
    )
    let sizes = fronts.joined().map { $0[0] }
    var commands = [
      "set key below vertical Left reverse maxcols \(isNarrow ? 1 : 2)", "set logscale y",
      "set xrange [\((sizes.min() ?? 1) - 1):\((sizes.max() ?? 1) + 1)]",
      "set yrange [\(Plot.number(range.0)):\(Plot.number(range.1))]",
      FrontFigure.ticks(range.0, range.1),
      "set xtics \(isNarrow || (sizes.max() ?? 1) > 24 ? 4 : 2)",
      "set xlabel 'complexity, nodes' textcolor \(Palette.ink.plot)",
      "set ylabel '\(measure.rawValue) RMSE, meV/Å' textcolor \(Palette.ink.plot)",
    ]
    for (number, floor) in floors.enumerated() {
      commands.append(
        "set arrow \(number + 1) from graph 0,first \(Plot.number(floor)) to graph 1,first "
          + "\(Plot.number(floor)) nohead dt 3 lw 1.2 lc \(Palette.muted.plot)")
    }
    if floors.count == 1 {
      commands.append(
        "set label 1 'free-form floor' at graph 0.01,first \(Plot.number(floors[0])) offset 0,0.5 "
          + "textcolor \(Palette.muted.plot)")
    }
    var curves: [String] = []
    for (number, rows) in fronts.enumerated() where !rows.isEmpty {
      commands.append(Plot.block("c\(number)", rows))
      let series = Palette.series(number)
      curves.append(
        "$c\(number) using 1:2 with linespoints lw 1.6 dt \(series.dashes) pt \(series.marker) ps 0.8 "
          + "lc \(series.color.plot) title \(Plot.quoted(Self.shortened(runs[number].name)))")
    }
    commands.append("plot " + curves.joined(separator: ", \\\n  "))
    let rows = (runs.count + (isNarrow ? 0 : 1)) / (isNarrow ? 1 : 2)
    return Plot(
      name: "fronts-\(measure.rawValue)",
      title: "Fronts of \(runs.count) runs, \(measure.rawValue)",
      description: description(fronts), width: isNarrow ? 360 : 760,
      height: (isNarrow ? 350 : 380) + 18 * rows, commands: commands.joined(separator: "\n"))
  }

  private func error(_ entry: FrontEntry) -> Double? {
    measure == .training ? entry.trainRMSE : entry.validationRMSE
  }

  /// The end of a path says more than its beginning.
  private static func shortened(_ name: String) -> String {
    name.count > 40 ? "…" + name.suffix(39) : name
  }

  private func description(_ fronts: [[[Double]]]) -> String {
    zip(runs, fronts).compactMap { run, rows in
      rows.last.map {
        "\(run.name): \(ReportNumber.fixed($0[1], 2)) meV/Å at \(Int($0[0])) nodes"
      }
    }.joined(separator: "; ") + ". The table below has the numbers."
  }
}
