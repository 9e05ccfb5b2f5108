import ArgumentParser
import AtomicData
import Foundation
import RunStorage
import SymReg

/// `symreg front`: the front of a run, or of several runs on the same data.
struct FrontCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "front",
    abstract: "Show the front of one or several runs.",
    discussion: """
      The fronts of several runs become one: the potentials that no other of them beats in both size \
      and training loss. The runs must have the same data, division, cutoff, weights and constraints. \
      On a terminal a small chart comes last; `symreg report` and `symreg compare` make pages.

        symreg front runs/water-dimer-001 runs/water-dimer-002
      """)

  @Argument(
    help: ArgumentHelp("Folders that `symreg search` wrote.", valueName: "run"),
    completion: .directory)
  var runs: [String]

  @Flag(help: "Also list the forms that are nearly as good as the best of their size.")
  var alternatives = false

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    let console = output.console
    // A run that is named twice counts once.
    var places: Set<URL> = []
    let folders = try runs.map(RunFolder.init(existing:)).filter {
      places.insert(URL(filePath: $0.path).standardizedFileURL.resolvingSymlinksInPath()).inserted
    }
    let document =
      folders.count == 1
      ? try folders[0].front() : try FrontMerge.merged(try folders.map(FrontMerge.Run.init))
    try console.print(FrontReport(document: document).lines(width: console.width))
    if alternatives {
      try console.print([""] + AlternativesReport(document: document).lines(width: console.width))
    }
    // Last, where it stays in sight.
    if let terminal = console.terminal {
      let chart = FrontChart(document: document).lines(on: terminal)
      try console.print(chart.map { terminal.shown($0.text(hasColor: terminal.hasColor)) })
    }
    try console.printJSON(document)
  }
}
