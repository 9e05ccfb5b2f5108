import ArgumentParser
import AtomicData
import RunStorage
import SymReg

/// `symreg verify`: whether the numbers of a run are those of its potentials.
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Recompute the numbers of a run from its stored parameters.",
    discussion: """
      All of front.json, its entries by the direct sum over all pairs of all frames and from the \
      statistics; candidates out of the whole database from the statistics; and the database itself. \
      Ends with status 1 where a number is not the one stored.

        symreg verify runs/water-dimer-001 Datasets/water-dimer/water-dimer.extxyz
      """)

  @OptionGroup var input: RunAndData
  @OptionGroup(title: "Process") var threads: ThreadOption
  @OptionGroup(title: "Process") var statistics: StatisticsCacheOption
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    let console = output.console
    let folder = try RunFolder(existing: input.run)
    let document = try folder.front()
    let store = try folder.store(for: .reading)
    let search = try SearchCommand.ofRun(folder, store, data: input.data)
    var settings = try search.settings()
    settings.search.threads = try threads.count()
    var (discovery, _) = try await Preparation.open(
      try search.data.sources(), settings: settings, cache: statistics.cache())
    try RunSession.adopt(store, by: &discovery, run: folder, timeLimit: try search.budget.seconds())
    let result = try await discovery.verify(document, store: store)
    try console.print(Self.lines(result))
    try console.printJSON(result)
    guard result.mismatches.isEmpty else {
      throw CommandFailure(
        description: "\(input.run): expected the numbers of its potentials, found "
          + "\(NumberText.count(result.mismatches.count, "difference"))")
    }
  }

  private static func lines(_ result: Verification) -> [String] {
    [
      "database    \(result.faults.isEmpty ? "sound" : "damaged")",
      "front       \(NumberText.count(result.entries)) by the direct sum, "
        + "\(NumberText.count(result.numbers)) numbers, differing by at most "
        + "\(NumberText.rough(result.largestDifference)) of themselves",
      "candidates  \(NumberText.count(result.candidates)) of \(NumberText.count(result.recorded)) from "
        + "the statistics, differing by at most "
        + "\(NumberText.rough(result.largestCandidateDifference)) of the loss of U = 0",
    ] + result.mismatches
  }
}
