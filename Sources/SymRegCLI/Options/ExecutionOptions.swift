import ArgumentParser
import Foundation

/// On how many threads.
struct ThreadOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Threads, 1 to 1024; no result depends on it. (default: all cores)", valueName: "number"))
  var threads: String?

  func count() throws -> Int {
    try threads.map {
      try OptionText("--threads", $0).integer("a whole number from 1 to 1024", in: 1...1024)
    } ?? max(1, ProcessInfo.processInfo.activeProcessorCount)
  }
}

/// The source of all random choices.
struct SeedOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seed of all random choices but the division.", valueName: "number"))
  var seed = "1"

  func value() throws -> UInt64 { try OptionText("--seed", seed).seed() }
}

/// Where a run is kept.
struct RunFolderOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Folder of the run; must not exist. (default: runs/DATA-001, counted up)",
      valueName: "folder"),
    completion: .directory)
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Go on with a finished or stopped run, with other limits, operators or kinds of parameters; "
        + "its data and options hold where none are given, and no form is fitted twice. Limits count "
        + "from where the run stands.", valueName: "run"),
    completion: .directory)
  var extend: String?
}

/// How results are printed.
struct OutputOptions: ParsableArguments {
  @Flag(
    help: "Print one JSON object on standard output (eV, Å), and people's text on standard error.")
  var json = false

  var console: Console { Console(isJSON: json) }
}
