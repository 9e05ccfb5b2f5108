import ArgumentParser
import AtomicData
import RunStorage
import SummaryReport

/// `symreg compare`: several fronts beside each other.
struct CompareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Show the fronts of several runs in one figure.",
    discussion: """
      Prints the error of each run at each size, and makes an HTML page with the fronts in one figure, \
      drawn by gnuplot (Debian package gnuplot-nox). Runs of different data, cutoffs or weights are shown \
      with a warning; `symreg front` makes one front of runs that go together.

        symreg compare runs/water-dimer-001 runs/water-dimer-002 --out seeds.html
      """)

  @Argument(
    help: ArgumentHelp("Folders that `symreg search` wrote, at least two.", valueName: "run"),
    completion: .directory)
  var runs: [String]

  @OptionGroup(title: "Files") var files: ReportFileOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    let console = output.console
    guard runs.count > 1 else {
      throw InputError(
        "expected at least two runs to compare, found \(runs.count)",
        remedy: "symreg report makes a page of one")
    }
    let report = ComparisonReport(
      try runs.map { ComparedRun(name: $0, document: try RunFolder(existing: $0).front()) })
    let target = try files.target(standard: "compare.html")
    let names = files.figures == nil ? [] : report.figureNames
    try target.check(names)
    let gnuplot = try Gnuplot()
    let page = try report.html(by: gnuplot, processes: 1)
    let figures = files.figures == nil ? [] : try report.figures(by: gnuplot, processes: 1)
    try target.write(page: page, figures: figures)
    try console.print(
      ["RMSE over all frames in meV/Å; * recommended"] + table(report).lines(width: console.width)
        + [""])
    console.note(report.warnings.map { "warning: \($0)" })
    try target.print(page, figureNames: names, on: console)
  }

  /// RMSE over all frames by size, a column for each run.
  private func table(_ report: ComparisonReport) -> TextTable {
    let documents = report.runs.map(\.document)
    let decimals = NumberText.forceDecimals(documents.flatMap { $0.front.map(\.directRMSE) })
    var table = TextTable(
      ["size"] + report.runs.map(\.name) + [""],
      rightAligned: [true] + report.runs.map { _ in true } + [false])
    let sizes = Set(documents.flatMap { $0.front.map(\.complexity) }).sorted()
    for size in sizes {
      let cells = documents.map { document -> String in
        guard let entry = document.front.first(where: { $0.complexity == size }) else { return "" }
        return (entry.recommended ? "* " : "")
          + NumberText.force(entry.directRMSE, decimals: decimals)
      }
      table.add(["\(size)"] + cells + [""])
    }
    return table
  }
}
