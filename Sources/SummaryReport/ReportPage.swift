import AtomicData
import ExpressionTrees
import ForceFitting
import Foundation
import Mustache
import ParetoFronts
import RunStorage

/// What the template of a report is filled with.
struct ReportPage {
  struct Fact {
    let name: String
    let value: String
    var link: String? = nil
  }

  struct Figure {
    let svg: String
    let caption: String
  }

  struct FrontRow {
    let size: Int
    let isRecommended: Bool
    let expression: String
    let error: String
    let training: String
    let validation: String?
    let folds: String?
    let r2: String
    let flags: Int
  }

  struct MarkRow {
    let name: String
    let error: String
    let validation: String?
    let folds: String?
    let r2: String
  }

  let style = PageStyle.text
  let title: String
  let run: String
  let lead: String
  let summary: [Fact]
  let definitions: String
  let frontWide: Figure?
  let frontNarrow: Figure?
  let hasValidation: Bool
  let hasFolds: Bool
  let rows: [FrontRow]
  let marks: [MarkRow]
  let notes: [String]
  let entries: [EntryView]
  let entryRemarks: [String]
  let search: [Figure]
  let searchRows: [Fact]
  let searchMissing: String?
  let provenance: [Fact]
  let options: [Fact]
  let commands: String?
  let commandRemark: String?

  init(report: RunReport, entries: [RunReport.EntryFigures], figures: [InlineSVG]) {
    let document = report.document
    var figures = figures[...]
    func next(_ caption: String) -> Figure? {
      figures.popFirst().map { Figure(svg: $0.markup, caption: caption) }
    }
    definitions = figures.first?.definitions ?? ""
    title = "\(document.dataset.name): front of \(document.front.count) potentials"
    run = report.run
    lead = Self.lead(document)
    let decimals = ReportNumber.forceDecimals(
      document.front.map(\.directRMSE) + (document.floor.map { [$0.rmse] } ?? []))
    summary = Self.summary(document, decimals)
    let caption = Self.frontCaption(document)
    frontWide = document.front.isEmpty ? nil : next(caption)
    frontNarrow = document.front.isEmpty ? nil : next(caption)
    hasValidation = document.front.contains { $0.validationRMSE != nil }
    hasFolds = document.front.contains { $0.crossValidation != nil }
    rows = document.front.map { Self.row($0, decimals) }
    marks = Self.marks(document, decimals)
    notes = report.notes
    search = report.searchPlots.compactMap { next($0.title) }
    searchRows = Self.searchRows(report)
    searchMissing =
      search.isEmpty
      ? report.history == nil
        ? "The run has no database, so nothing is known of its search."
        : "The database has no samples of the time: the run was made by an earlier version of symreg, or was over at once."
      : nil
    var views: [EntryView] = []
    for (entry, own) in zip(document.front, entries) {
      let pairs = own.pairs.compactMap { next($0.title) }
      let parity = own.parity.compactMap { next($0.title) }
      views.append(EntryView(entry, report: report, pairs: pairs, parity: parity, decimals))
    }
    self.entries = views
    entryRemarks = Self.entryRemarks(report)
    provenance = report.provenance.facts.map { Fact(name: $0.name, value: $0.value) }
    options = report.provenance.options.map { Fact(name: $0.name, value: $0.value) }
    let lines = report.provenance.commands
    commands = lines.isEmpty ? nil : lines.joined(separator: "\n")
    commandRemark = report.provenance.remark
  }

  /// - Throws: where the template is none, which its tests rule out.
  func html() throws -> String {
    try MustacheTemplate(string: ReportTemplate.text).render(self)
  }

  // MARK: Head

  private static func lead(_ document: FrontDocument) -> String {
    let dataset = document.dataset
    return "Pair potentials U(r) for \(ReportNumber.count(dataset.frames, "frame")) of "
      + "\(dataset.name), from \(ReportNumber.count(document.evaluations)) forms fitted; cutoff "
      + "\(ReportNumber.significant(document.cutoff)) Å (\(document.cutoffMode)). Errors are root mean "
      + "squares over all force components."
  }

  private static func summary(_ document: FrontDocument, _ decimals: Int) -> [Fact] {
    var facts: [Fact] = []
    func error(_ value: Double) -> String {
      "\(ReportNumber.force(value, decimals: decimals)) meV/Å"
    }
    if let entry = document.front.first(where: \.recommended) {
      facts.append(
        Fact(
          name: "Recommended",
          value: "\(entry.expression), \(ReportNumber.count(entry.complexity, "node"))",
          link: "#entry-\(entry.complexity)"))
      var text = error(entry.directRMSE)
      if let validation = entry.validationRMSE {
        text +=
          "; validation "
          + ReportNumber.force(validation, entry.validationRMSEError, decimals: decimals)
          + " meV/Å"
      }
      facts.append(Fact(name: "Its error", value: text))
    } else {
      facts.append(Fact(name: "Recommended", value: document.recommendation ?? "none"))
    }
    if let floor = document.floor {
      facts.append(Fact(name: "Free-form floor", value: error(floor.rmse)))
    }
    facts.append(Fact(name: "Reference forces", value: "\(error(document.dataset.rmsForce)) (rms)"))
    facts.append(
      Fact(
        name: "Certified",
        value: document.certifiedComplexity > 0
          ? "every form up to \(ReportNumber.count(document.certifiedComplexity, "node")) was tried"
          : "no size"))
    return facts
  }

  private static func frontCaption(_ document: FrontDocument) -> String {
    var text =
      "Force error by complexity. Each point leads to its entry. Dashed lines: baselines and the "
      + "free-form floor, over all frames."
    if document.certifiedComplexity > 0 { text += " Shaded: sizes of which every form was tried." }
    if document.front.contains(where: {
      $0.validationRMSEError != nil || $0.crossValidation?.rmseError != nil
    }) {
      text += " Bars: standard errors."
    }
    let omitted = FrontFigure(document: document).omitted.map {
      "\($0.name) (\(ReportNumber.force($0.error, decimals: 1)) meV/Å)"
    }
    if !omitted.isEmpty { text += " Above the figure: \(omitted.joined(separator: ", "))." }
    return text
  }

  // MARK: Tables

  private static func row(_ entry: FrontEntry, _ decimals: Int) -> FrontRow {
    FrontRow(
      size: entry.complexity, isRecommended: entry.recommended, expression: entry.expression,
      error: ReportNumber.force(entry.directRMSE, decimals: decimals),
      training: ReportNumber.force(entry.trainRMSE, decimals: decimals),
      validation: entry.validationRMSE.map {
        ReportNumber.force($0, entry.validationRMSEError, decimals: decimals)
      },
      folds: entry.crossValidation.map {
        ReportNumber.force($0.rmse, $0.rmseError, decimals: decimals)
      },
      r2: ReportNumber.fixed(entry.r2, 4), flags: entry.flags.count)
  }

  private static func marks(_ document: FrontDocument, _ decimals: Int) -> [MarkRow] {
    let meanSquare = document.dataset.rmsForce * document.dataset.rmsForce
    let force = { (value: Double) in ReportNumber.force(value, decimals: decimals) }
    let floor = document.floor.map { floor in
      MarkRow(
        name: "free-form floor", error: force(floor.rmse),
        validation: floor.validationRMSE.map(force), folds: force(floor.crossValidatedRMSE),
        r2: ReportNumber.fixed(
          meanSquare > 0 ? 1 - floor.rmse * floor.rmse / meanSquare : 0, 4))
    }
    return (floor.map { [$0] } ?? [])
      + document.baselines.map {
        MarkRow(
          name: $0.name, error: force($0.directRMSE), validation: $0.validationRMSE.map(force),
          folds: nil, r2: ReportNumber.fixed($0.r2, 4))
      }
  }

  private static func searchRows(_ report: RunReport) -> [Fact] {
    guard let history = report.history, let last = history.moments.last else { return [] }
    let sample = last.sample
    var rows = [
      Fact(name: "Time of the search", value: ReportNumber.time(last.time)),
      Fact(
        name: "Forms fitted",
        value:
          "\(ReportNumber.count(sample.evaluations)), \(ReportNumber.count(sample.dropped)) of them "
          + "given up after a rough fit"),
    ]
    rows += history.fitted.map {
      Fact(name: "By \($0.name)", value: ReportNumber.count($0.count))
    }
    rows.append(
      Fact(
        name: "Proposed beside the enumeration",
        value:
          "\(ReportNumber.count(sample.proposals)) expressions, \(ReportNumber.count(sample.duplicates)) "
          + "of a form known already, \(ReportNumber.count(sample.rejected)) outside of the grammar"
      ))
    return rows
  }

  private static func entryRemarks(_ report: RunReport) -> [String] {
    var remarks: [String] = []
    if let reason = report.missingData {
      remarks.append(
        "The data could not be read (\(reason)), so there are no histograms of distances, parity plots and "
          + "residuals.")
    }
    if report.omittedPairCount > 0 {
      remarks.append(
        "\(report.omittedPairCount) pairs of types with fewer samples have no figure.")
    }
    if let stride = report.data?.comparison.stride, stride > 1 {
      remarks.append("Parity and residuals are of every \(stride)th frame.")
    }
    return remarks
  }
}
