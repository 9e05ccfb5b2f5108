import ArgumentParser
import AtomicData
import Foundation
import RunStorage
import SummaryReport
import SymReg

/// `symreg report`: a page of a run.
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Make a page of a run, and its figures for a paper.",
    discussion: """
      One HTML file that needs nothing else: the front, each entry with its formula, parameters, U(r), \
      F(r), parity of forces and residuals, the search, and where all comes from. Figures are drawn by \
      gnuplot (Debian package gnuplot-nox).

        symreg report runs/water-dimer-001
        symreg report runs/water-dimer-001 --out water.html --figures figures

      The data are read where the run had them; where they have moved, name them. Without them the page \
      lacks histograms, parity and residuals, and says so.
      """)

  @OptionGroup var input: RunAndData
  @OptionGroup(title: "Files") var files: ReportFileOptions
  @OptionGroup(title: "Process") var threads: ThreadOption
  @OptionGroup(title: "Process") var statistics: StatisticsCacheOption
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    let console = output.console
    let threads = try threads.count()
    let folder = try RunFolder(existing: input.run)
    let document = try folder.front()
    let target = try files.target(standard: "\(folder.path)/report.html")
    let gnuplot = try Gnuplot()
    var report = RunReport(run: input.run, document: document)
    report.notes = FrontReport(document: document).sentences
    if folder.hasDatabase {
      let store = try folder.store(for: .reading)
      report.history = try SearchHistory(store)
      report.provenance = try RunProvenance(
        folder: folder, document: document, store: store
      ).provenance
      report.threads = RunProvenance.number("threads", of: store).map { Int($0) }
      report.switchWidth = RunProvenance.number("switchWidth", of: store)
      do {
        report.data = try await measuredData(document, folder, store, threads: threads)
      } catch let error as InputError {
        // A run is more than its data: what there is can be shown without them, unless they were named.
        guard input.data.isEmpty else { throw error }
        report.missingData = error.description
      }
    } else {
      report.provenance = RunProvenance.facts(of: document)
      report.missingData = "\(folder.path) has no database that tells where they are"
    }
    if let reason = report.missingData {
      console.note(["warning: the data could not be read: \(reason)"])
    }
    let names = files.figures == nil ? [] : report.figureNames
    try target.check(names)
    let page = try report.html(by: gnuplot, processes: threads)
    let figures =
      files.figures == nil ? [] : try report.figures(by: gnuplot, processes: threads)
    try target.write(page: page, figures: figures)
    try target.print(page, figureNames: names, on: console)
  }

  private func measuredData(
    _ document: FrontDocument, _ folder: RunFolder, _ store: RunStore, threads: Int
  ) async throws -> MeasuredData {
    let search = try SearchCommand.ofRun(folder, store, data: input.data)
    var settings = try search.settings()
    settings.search.threads = threads
    var (discovery, _) = try await Preparation.open(
      try search.data.sources(), settings: settings, cache: statistics.cache())
    try RunSession.adopt(
      store, by: &discovery, run: folder, timeLimit: try search.budget.seconds())
    return try await MeasuredData(
      of: document, frames: discovery.frames, statistics: discovery.statistics,
      switchWidth: settings.switchWidth, threads: threads)
  }
}
