import Foundation
import RunStorage

/// A search against time: errors, forms fitted, new forms and cores.
struct SearchFigures {
  let history: SearchHistory
  /// Threads of the last stage; nil where not known.
  var threads: Int?
  /// Whether other targets than forces are in the losses.
  var isCombined = false

  private static let size = (width: 360, height: 310)
  /// Sizes up to which the best errors are shown, at most so many.
  private static let ceilings = 4

  var plots: [Plot] {
    guard !history.isEmpty else { return [] }
    return [losses, strategies, newForms, cores].compactMap { $0 }
  }

  private var times: (first: Double, last: Double) {
    let times = history.moments.map(\.time).filter { $0 > 0 }
    return (times.first ?? 0.1, times.last ?? 1)
  }

  private var head: [String] {
    [
      "set logscale x",
      "set xrange [\(Plot.number(times.first)):\(Plot.number(times.last * 1.02))]",
      "set xlabel 'time, s' textcolor \(Palette.ink.plot)", "set key below horizontal Left reverse",
      FrontFigure.ticks(times.first, times.last * 1.02, of: "x"),
    ]
  }

  private func plot(
    _ name: String, _ title: String, _ description: String, _ commands: [String],
    _ curves: [String]
  ) -> Plot {
    Plot(
      name: name, title: title, description: description, width: Self.size.width,
      height: Self.size.height,
      commands: (head + commands + ["plot " + curves.joined(separator: ", \\\n  ")])
        .joined(separator: "\n"))
  }

  private static func line(_ number: Int, _ title: String, _ style: String = "lines") -> String {
    let series = Palette.series(number)
    return
      "$c\(number) using 1:2 with \(style) lw 2 dt \(series.dashes) lc \(series.color.plot) title "
      + Plot.quoted(title)
  }

  // MARK: Errors

  private var losses: Plot? {
    guard let last = history.moments.last?.sample, let largest = last.sizes.last else { return nil }
    let step = max(1, (largest + Self.ceilings - 1) / Self.ceilings)
    let sizes = Set(
      (1...Self.ceilings).map { min(largest, $0 * step) }.filter { $0 >= last.sizes[0] }
    ).sorted()
    let rows = sizes.map { size in
      history.moments.compactMap { moment -> [Double]? in
        best(moment.sample, upTo: size).map { [moment.time, 1000 * $0] }
      }
    }
    let values = rows.joined().map { $0[1] }
    guard let low = values.min(), let high = values.max(), low > 0 else { return nil }
    let pad = max(0.05, 0.08 * log(high / low))
    let range = (low * exp(-pad), high * exp(pad))
    return plot(
      "search-errors", "Lowest training error against time",
      "Lowest \(isCombined ? "combined " : "")training error of forms up to several sizes. After "
        + "\(ReportNumber.time(times.last)): "
        + zip(sizes, rows).compactMap { size, rows in
          rows.last.map { "\(ReportNumber.fixed($0[1], 2)) meV/Å up to \(size) nodes" }
        }.joined(separator: ", ") + ".",
      [
        "set logscale y", "set yrange [\(Plot.number(range.0)):\(Plot.number(range.1))]",
        FrontFigure.ticks(range.0, range.1),
        "set ylabel '\(isCombined ? "combined error" : "training RMSE"), meV/Å' textcolor "
          + Palette.ink.plot,
      ] + rows.enumerated().map { Plot.block("c\($0.offset)", $0.element) },
      sizes.indices.map { Self.line($0, "up to \(sizes[$0]) nodes", "steps") })
  }

  private func best(_ sample: ProgressSample, upTo size: Int) -> Double? {
    zip(sample.sizes, sample.losses).filter { $0.0 <= size }.map(\.1).min()?.squareRoot()
  }

  // MARK: Forms

  private var strategies: Plot? {
    let shown = SearchHistory.strategies.filter { strategy in
      history.fitted.contains { $0.name == strategy.name }
    }
    guard !shown.isEmpty else { return nil }
    let rows = shown.map { strategy in
      history.moments.map { moment -> [Double] in
        let count = SearchHistory.count(moment.sample, strategy.origins)
        return [moment.time, count > 0 ? Double(count) : .nan]
      }
    }
    return plot(
      "search-forms", "Forms fitted, by strategy",
      "Forms fitted up to each time: "
        + history.fitted.map { "\($0.name) \(ReportNumber.count($0.count))" }
        .joined(separator: ", ") + ".",
      [
        "set logscale y", "set format y '%g'", "set yrange [1:*]",
        "set ylabel 'forms fitted' textcolor \(Palette.ink.plot)",
      ] + rows.enumerated().map { Plot.block("c\($0.offset)", $0.element) },
      shown.indices.map { Self.line($0, shown[$0].name) })
  }

  private var newForms: Plot? {
    let rows = history.moments.compactMap { moment in
      moment.shareNew.map { [moment.time, 100 * $0] }
    }
    guard let last = history.moments.last?.sample, last.proposals > 0, rows.count > 1 else {
      return nil
    }
    let new = last.proposals - last.duplicates - last.rejected
    let share = 100 * Double(new) / Double(last.proposals)
    return plot(
      "search-new", "Share of new forms among the proposals",
      "Of \(ReportNumber.count(last.proposals)) expressions proposed beside the enumeration "
        + "\(ReportNumber.rough(share)) % were forms that had not been fitted before.",
      [
        "set yrange [0:105]", "set ylabel 'new forms, %' textcolor \(Palette.ink.plot)",
        Plot.block("c0", rows),
      ], [Self.line(0, "since the point before")])
  }

  // MARK: Cores

  private var cores: Plot? {
    let rows = history.moments.compactMap { moment in
      moment.coresBusy.map { [moment.time, $0] }
    }
    guard rows.count > 1 else { return nil }
    let mean = rows.reduce(0) { $0 + $1[1] } / Double(rows.count)
    let most = max(Double(threads ?? 1), rows.map { $0[1] }.max() ?? 1)
    var curves = [Self.line(0, "busy")]
    var commands = [
      "set yrange [0:\(Plot.number(1.1 * most))]",
      "set ylabel 'cores' textcolor \(Palette.ink.plot)", Plot.block("c0", rows),
    ]
    if let threads {
      commands.append(
        Plot.block("c1", [[times.first, Double(threads)], [times.last, Double(threads)]]))
      curves.append(Self.line(1, "threads"))
    }
    return plot(
      "search-cores", "Cores busy",
      "Cores at work, on average \(ReportNumber.fixed(mean, 1))"
        + (threads.map { " of \($0) threads" } ?? "") + ".", commands, curves)
  }
}
