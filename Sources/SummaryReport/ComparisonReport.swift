import Foundation
import Mustache
import RunStorage

/// A run as a comparison takes it.
public struct ComparedRun: Sendable {
  /// Folder, as the user names it.
  public let name: String
  public let document: FrontDocument

  public init(name: String, document: FrontDocument) {
    self.name = name
    self.document = document
  }
}

/// The fronts of several runs beside each other: a page, and its figures for papers.
public struct ComparisonReport: Sendable {
  public let runs: [ComparedRun]

  /// - Parameter runs: at least two.
  public init(_ runs: [ComparedRun]) { self.runs = runs }

  /// Why the errors of the runs do not mean the same, a sentence each; empty where they do.
  public var warnings: [String] {
    func differ(_ value: (FrontDocument) -> String, _ what: String) -> String? {
      Set(runs.map { value($0.document) }).count > 1 ? what : nil
    }
    let differences = [
      differ({ $0.dataset.sha256 }, "data"), differ({ $0.dataset.weights ?? "" }, "weights"),
      differ({ "\($0.cutoff)" }, "cutoffs"),
      differ({ $0.background?.title ?? "" }, "backgrounds"),
      differ({ "\($0.division?.heldOut ?? []) \($0.dataset.rmsForce)" }, "reference forces"),
    ].compactMap { $0 }
    guard !differences.isEmpty else { return [] }
    return [
      "The runs have different \(differences.joined(separator: ", ")): an error of one is not that of another."
    ]
  }

  private var plots: [Plot] {
    ComparisonFigure.Measure.allCases.flatMap { measure in
      [false, true].compactMap { isNarrow in
        ComparisonFigure(runs: runs, measure: measure, isNarrow: isNarrow).plot
      }
    }
  }

  private var paperPlots: [Plot] {
    ComparisonFigure.Measure.allCases.compactMap {
      ComparisonFigure(runs: runs, measure: $0).plot
    }
  }

  /// - Throws: `PlottingError` where gnuplot does not draw.
  public func html(by gnuplot: Gnuplot, processes: Int) throws -> String {
    let plots = plots
    let files = try gnuplot.draw(plots, as: .svg, processes: processes)
    let figures = zip(plots, files).enumerated().map { number, figure in
      InlineSVG(figure.1, of: figure.0, id: "f\(number)")
    }
    let pairs = stride(from: 0, to: figures.count, by: 2).map { number in
      ComparisonPage.Figure(
        wide: figures[number].markup, narrow: figures[number + 1].markup,
        caption: plots[number].title)
    }
    let page = ComparisonPage(
      self, figures: pairs, definitions: figures.first?.definitions ?? "")
    return try MustacheTemplate(string: ComparisonTemplate.text).render(page)
  }

  /// Names of the files that `figures` gives.
  public var figureNames: [String] {
    paperPlots.flatMap { plot in ["pdf", "png"].map { "\(plot.name).\($0)" } }
  }

  /// - Throws: `PlottingError` where gnuplot does not draw.
  public func figures(
    by gnuplot: Gnuplot, processes: Int
  ) throws -> [(name: String, bytes: Data)] {
    let plots = paperPlots
    return try [Plot.Format.pdf, .png].flatMap { format in
      zip(plots, try gnuplot.draw(plots, as: format, processes: processes)).map {
        ("\($0.name).\(format.rawValue)", $1)
      }
    }
  }
}

/// What the template of a comparison is filled with.
struct ComparisonPage {
  struct Figure {
    let wide: String
    let narrow: String
    let caption: String
  }

  struct Run {
    let name: String
    let data: String
    let cutoff: String
    let seed: String
    let forms: String
    let certified: Int
    let best: String
    let recommended: String
  }

  struct Row {
    let size: Int
    let cells: [Cell]
  }

  struct Cell {
    /// Empty where the run has no entry of the size.
    let text: String
    let isRecommended: Bool
  }

  let style = PageStyle.text
  let title: String
  let definitions: String
  let warnings: [String]
  let figures: [Figure]
  let runs: [Run]
  let rows: [Row]

  init(_ report: ComparisonReport, figures: [Figure], definitions: String) {
    self.figures = figures
    self.definitions = definitions
    title = "Fronts of \(report.runs.count) runs"
    warnings = report.warnings
    let documents = report.runs.map(\.document)
    let decimals = ReportNumber.forceDecimals(documents.flatMap { $0.front.map(\.directRMSE) })
    let force = { (value: Double) in ReportNumber.force(value, decimals: decimals) }
    runs = report.runs.map { run in
      let document = run.document
      return Run(
        name: run.name,
        data: "\(document.dataset.name), \(ReportNumber.count(document.dataset.frames, "frame"))",
        cutoff: "\(ReportNumber.significant(document.cutoff)) Å, \(document.cutoffMode)",
        seed: document.seed.map { "\($0)" } ?? "several",
        forms: ReportNumber.count(document.evaluations), certified: document.certifiedComplexity,
        best: document.front.map(\.directRMSE).min().map(force) ?? "–",
        recommended: document.front.first(where: \.recommended).map {
          "\($0.expression) (\($0.complexity) nodes, \(force($0.directRMSE)))"
        } ?? "none")
    }
    rows = Set(documents.flatMap { $0.front.map(\.complexity) }).sorted().map { size in
      Row(
        size: size,
        cells: documents.map { document in
          let entry = document.front.first { $0.complexity == size }
          return Cell(
            text: entry.map { force($0.directRMSE) } ?? "",
            isRecommended: entry?.recommended ?? false)
        })
    }
  }
}
