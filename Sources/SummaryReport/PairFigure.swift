import AtomicData
import CompressedForces
import ExpressionTrees
import Foundation

/// U, F and the residual of a pair of types by distance, over the histogram of the sampled distances.
struct PairFigure {
  /// Of its file.
  let name: String
  let pair: String
  /// One, or those with the smallest and the largest known property.
  let curves: [Curve]
  let cutoff: Double
  /// Nil where the data are not known.
  var sample: DistanceSurvey.Sample?
  /// By distance in steps of `residualWidth`; empty where not known.
  var residuals: [ForceComparison.Residual] = []
  var residualWidth = 0.2
  /// Forces of the free-form floor, by distance; empty where there are none to show.
  var floor: [(distance: Double, force: Double)] = []

  struct Curve {
    /// Empty where there is but one.
    let label: String
    let value: @Sendable (Double) -> PotentialValue
  }

  private static let pointCount = 140
  /// Distances in bins with fewer pairs than this share of the fullest do not set the scale.
  private static let visibleShare = 0.02

  var plot: Plot {
    let ends = (low: lowest, high: 1.02 * cutoff)
    let hasResiduals = residuals.contains { $0.count > 1 }
    let panels = hasResiduals ? 3 : 2
    var commands = ["set multiplot", "unset key"]
    commands.append(histogram)
    for (number, curve) in curves.enumerated() { commands.append(table(curve, number, ends.low)) }
    commands.append(Plot.block("floor", floor.map { [$0.distance, 1000 * $0.force] }))
    commands += [
      "set lmargin at screen 0.2", "set rmargin at screen 0.975",
      "set xrange [\(Plot.number(ends.low)):\(Plot.number(ends.high))]", "set y2range [0:2]",
      "set arrow 1 from \(cutoff),graph 0 to \(cutoff),graph 1 nohead dt 3 lw 1.5 lc "
        + Palette.ink.plot,
    ]
    let places = curves.count
    let lines = { (column: Int) in
      (0..<places).map { number in
        "$c\(number) using 1:\(column) with lines lw 2 dt \(number + 1) lc \(Palette.blue.plot)"
      }
    }
    commands += panel(
      0, of: panels, label: "U, eV", range: range { $0.energy }, isLast: false, lines(2))
    let floorLine =
      floor.isEmpty
      ? [] : ["$floor using 1:2 with lines lw 1.5 dt 2 lc \(Palette.vermilion.plot)"]
    commands += panel(
      1, of: panels, label: "F, meV/Å", range: forceRange, isLast: !hasResiduals,
      floorLine + lines(3))
    if hasResiduals {
      commands.append(Plot.block("residual", residualRows))
      commands += panel(
        2, of: panels, label: "residual, meV/Å", range: residualRange, isLast: true,
        [
          "$residual using 1:3:4 with filledcurves lc \(Palette.green.plot) fs transparent solid 0.3 "
            + "noborder",
          "$residual using 1:2 with linespoints lw 1.5 pt 7 ps 0.3 lc \(Palette.green.plot)",
        ])
    }
    commands.append("unset multiplot")
    return Plot(
      name: name, title: title(hasResiduals),
      description: description, width: 360, height: hasResiduals ? 500 : 380,
      commands: commands.joined(separator: "\n"))
  }

  private func title(_ hasResiduals: Bool) -> String {
    let labels = zip(["solid", "dashed"], curves.map(\.label)).filter { !$1.isEmpty }
      .map { "\($0) \($1)" }.joined(separator: ", ")
    return pair + (labels.isEmpty ? "" : " (\(labels))")
      + ": U, F\(hasResiduals ? " and residual" : "")"
      + " by distance"
  }

  // MARK: Pieces

  private func panel(
    _ number: Int, of count: Int, label: String, range: ClosedRange<Double>, isLast: Bool,
    _ curves: [String]
  ) -> [String] {
    let (top, bottom) = (0.98, count == 3 ? 0.1 : 0.13)
    let height = (top - bottom) / Double(count)
    let upper = top - Double(number) * height
    let lower = upper - height + (isLast ? 0 : 0.03)
    let bars =
      sample == nil
      ? [] : ["$bars using 1:2 axes x1y2 with filledcurves y2=0 lc \(Palette.bars.plot) fs solid"]
    let zero = "0 with lines lw 0.8 lc \(Palette.rule.plot)"
    return [
      "set tmargin at screen \(Plot.number(upper))", "set bmargin at screen \(Plot.number(lower))",
      "set label 1 '\(label)' at screen 0.035,screen \(Plot.number((upper + lower) / 2)) center rotate "
        + "textcolor \(Palette.ink.plot)",
      isLast
        ? "set xlabel 'r, Å' offset 0,0.4 textcolor \(Palette.ink.plot)\nset format x '%g'"
        : "unset xlabel\nset format x ''",
      "set yrange [\(Plot.number(range.lowerBound)):\(Plot.number(range.upperBound))]",
      "set ytics" + Self.steps(range),
      dimmed, "plot " + (bars + [zero] + curves).joined(separator: ", \\\n  "),
    ]
  }

  /// About four round steps.
  private static func steps(_ range: ClosedRange<Double>) -> String {
    let raw = (range.upperBound - range.lowerBound) / 4
    guard raw > 0, raw.isFinite else { return "" }
    let unit = pow(10, log10(raw).rounded(.down))
    let step = [1, 2, 2.5, 5, 10].first { $0 * unit >= raw * 0.99 } ?? 10
    return " \(Plot.number(step * unit))"
  }

  private var lowest: Double {
    0.8 * (sample?.smallest ?? 0.2 * cutoff)
  }

  /// What lies under a veil: distances of which the data say nothing.
  private var dimmed: String {
    guard let smallest = sample?.smallest, let largest = sample?.largest else { return "" }
    let veil = "front fc \(Palette.paper.plot) fs transparent solid 0.6 noborder"
    return
      "set object 1 rectangle from graph 0,graph 0 to \(Plot.number(smallest)),graph 1 \(veil)\n"
      + "set object 2 rectangle from \(Plot.number(min(largest, cutoff))),graph 0 to graph 1,graph 1 "
      + veil
  }

  private var histogram: String {
    guard let sample, sample.pairCount > 0 else {
      return Plot.block("bars", [[0, 0]])
    }
    let merged = Self.mergedBins(sample.histogram)
    let most = Double(merged.max() ?? 1)
    let width = Double(Self.binsMerged) * DistanceSurvey.binWidth
    let rows = merged.enumerated().flatMap { bin, count -> [[Double]] in
      let ends = [Double(bin) * width, min(Double(bin + 1) * width, cutoff)]
      return ends[1] > lowest ? ends.map { [max(lowest, $0), Double(count) / most] } : []
    }
    return Plot.block("bars", rows)
  }

  /// Bins of the survey that are one bar.
  private static let binsMerged = 2

  private static func mergedBins(_ histogram: [Int]) -> [Int] {
    stride(from: 0, to: histogram.count, by: binsMerged).map {
      histogram[$0..<min($0 + binsMerged, histogram.count)].reduce(0, +)
    }
  }

  private func table(_ curve: Curve, _ number: Int, _ low: Double) -> String {
    let rows = (0...Self.pointCount).map { k -> [Double] in
      let distance = low + (cutoff - low) * Double(k) / Double(Self.pointCount)
      let value = curve.value(distance)
      return [distance, Self.bounded(value.energy), Self.bounded(-1000 * value.derivative)]
    }
    return Plot.block("c\(number)", rows)
  }

  /// gnuplot's clipping does not bear numbers of any size.
  private static func bounded(_ value: Double) -> Double {
    value.isNaN ? .nan : min(max(value, -1e8), 1e8)
  }

  // MARK: Scales

  /// Where pairs are, Å.
  private var visibleDistances: [Double] {
    guard let sample, let most = sample.histogram.max(), most > 0 else {
      return stride(from: 0.3, through: 1, by: 0.02).map { $0 * cutoff }
    }
    let visible = sample.histogram.indices.filter {
      Double(sample.histogram[$0]) >= Self.visibleShare * Double(most)
    }
    return visible.flatMap { bin in
      [0.25, 0.75].map { (Double(bin) + $0) * DistanceSurvey.binWidth }
    }.filter { $0 <= cutoff }
  }

  private func range(_ value: (PotentialValue) -> Double) -> ClosedRange<Double> {
    Self.padded(curves.flatMap { curve in visibleDistances.map { value(curve.value($0)) } })
  }

  private var forceRange: ClosedRange<Double> { range { -1000 * $0.derivative } }

  private static func padded(_ values: [Double]) -> ClosedRange<Double> {
    let values = values.filter(\.isFinite) + [0]
    guard let low = values.min(), let high = values.max(), high > low else { return -1...1 }
    let pad = 0.08 * (high - low)
    return (low - pad)...(high + pad)
  }

  private var residualRows: [[Double]] {
    residuals.enumerated().filter { $0.element.count > 1 }.map { bin, residual -> [Double] in
      let (mean, deviation) = (1000 * residual.mean, 1000 * residual.standardDeviation)
      return [(Double(bin) + 0.5) * residualWidth, mean, mean - deviation, mean + deviation]
    }
  }

  private var residualRange: ClosedRange<Double> {
    let most = residuals.map(\.count).max() ?? 0
    let visible = residuals.filter {
      $0.count > 1 && Double($0.count) >= Self.visibleShare * Double(most)
    }
    return Self.padded(
      visible.flatMap {
        [$0.mean - $0.standardDeviation, $0.mean + $0.standardDeviation].map { 1000 * $0 }
      })
  }

  private var description: String {
    let sampled = sample.flatMap { sample in
      sample.smallest.flatMap { smallest in
        sample.largest.map {
          "Pairs were sampled from \(ReportNumber.fixed(smallest, 2)) to \(ReportNumber.fixed($0, 2)) Å. "
        }
      }
    }
    guard let curve = curves.first else { return sampled ?? "" }
    let values = visibleDistances.map { (distance: $0, energy: curve.value($0).energy) }
      .filter { $0.energy.isFinite }
    let lowest = values.min { $0.energy < $1.energy }.map {
      "Where pairs are, U is lowest at \(ReportNumber.fixed($0.distance, 2)) Å with "
        + "\(ReportNumber.significant($0.energy)) eV. "
    }
    return (sampled ?? "") + (lowest ?? "") + "Cutoff: \(ReportNumber.significant(cutoff)) Å."
  }
}
