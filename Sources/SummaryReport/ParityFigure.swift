import Foundation

/// Force components of the atoms of a type: those of a potential against the reference, as a density.
struct ParityFigure {
  /// Of its file.
  let name: String
  let type: String
  let parity: ForceComparison.Parity
  /// Of both axes, eV/Å.
  let range: Double

  /// A blue that stands out from light and dark pages.
  private static let color = "45 140 208"
  /// Opacity of a bin with one component, out of 255.
  private static let faintest = 50.0

  var plot: Plot {
    let count = ForceComparison.Parity.binCount
    let most = log(1 + Double(max(1, parity.counts.max() ?? 1)))
    let limit = 1000 * range
    let width = 2 * limit / Double(count)
    let rows = parity.counts.enumerated().map { number, pairs -> String in
      let (x, y) = (number % count, number / count)
      let share = log(1 + Double(pairs)) / most
      let opacity = pairs == 0 ? 0 : Self.faintest + (255 - Self.faintest) * share
      let place = [x, y].map { Plot.number(-limit + (Double($0) + 0.5) * width) }
      return "\(place[0]) \(place[1]) \(Self.color) \(Int(opacity))"
    }
    let end = Plot.number(limit)
    return Plot(
      name: name, title: "\(type): forces of the potential against the reference",
      description: description, width: 340, height: 330,
      commands: """
        unset key
        set size square
        set lmargin 8
        $density << END
        \(rows.joined(separator: "\n"))
        END
        set xrange [-\(end):\(end)]
        set yrange [-\(end):\(end)]
        set xtics \(Plot.number(Self.step(limit)))
        set ytics \(Plot.number(Self.step(limit)))
        set xlabel 'reference, meV/Å' textcolor \(Palette.ink.plot)
        set ylabel 'potential, meV/Å' offset 0.5 textcolor \(Palette.ink.plot)
        plot $density using 1:2:3:4:5:6 with rgbalpha, x with lines lw 1.2 dt 2 lc \(Palette.ink.plot)
        """)
  }

  /// A round number, about half the limit.
  private static func step(_ limit: Double) -> Double {
    let unit = pow(10, log10(limit / 2).rounded(.down))
    return ([5, 4, 2, 1].first { $0 * unit <= limit / 1.5 } ?? 1) * unit
  }

  private var description: String {
    let inside = parity.total - parity.outside
    let outside =
      parity.outside == 0
      ? "" : " \(ReportNumber.count(parity.outside)) more lie outside of the figure."
    return
      "Density of \(ReportNumber.count(inside)) force components; on the dashed line the potential "
      + "gives the reference.\(outside)"
  }
}
