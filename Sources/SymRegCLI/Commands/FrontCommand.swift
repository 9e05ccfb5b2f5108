import ArgumentParser
import AtomicData
import RunStorage

/// `symreg front`: the front of a run that is over.
struct FrontCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "front",
    abstract: "Show the front of a run.",
    discussion: """
      Reads front.json in the folder of the run; several runs are shown one after the other.

        symreg front runs/water-dimer-001
      """)

  @Argument(
    help: ArgumentHelp("Folder that `symreg search` wrote.", valueName: "run"),
    completion: .directory)
  var runs: [String]

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    let console = output.console
    guard !console.isJSON || runs.count == 1 else {
      throw InputError("expected one run with --json, found \(runs.count)")
    }
    for (number, run) in runs.enumerated() {
      let document = try RunFolder(existing: run).front()
      let title = runs.count > 1 ? (number > 0 ? ["", run] : [run]) : []
      try console.print(title + FrontReport(document: document).lines(width: console.width))
      try console.printJSON(document)
    }
  }
}
