import ArgumentParser
import AtomicData
import PopulationSearch
import RunStorage
import SymReg

/// `symreg search`: from data to a front in a run folder.
struct SearchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Search expressions for the forces; the best of every size make a front.",
    discussion: """
      Writes front.json, front.csv, options.json and the database run.sqlite to a new folder and \
      prints the front next to what it is compared with. Ctrl-C stops the search and keeps what it has \
      found; a second one ends at once. What was stopped, by whatever, goes on with symreg resume.

        symreg search Datasets/water-dimer/water-dimer.extxyz --cutoff-mode shifted-force \
      --time-limit 60s

      Equal data, options, --seed and --max-evaluations give the same front.json on any number of \
      threads, where the time limit does not end the search first.
      """)

  @OptionGroup(title: "Data") var data: DataArguments
  @OptionGroup(title: "Training and validation") var split: SplitOptions
  @OptionGroup(title: "Model") var cutoff: CutoffOption
  @OptionGroup(title: "Background") var background: SubtractOptions
  @OptionGroup(title: "Model") var cutoffMode: CutoffModeOption
  @OptionGroup(title: "Beside forces") var targets: TargetOptions
  @OptionGroup(title: "Constraints") var constraints: ConstraintOptions
  @OptionGroup(title: "Expressions") var grammar: GrammarOptions
  @OptionGroup(title: "Expressions") var strategy: StrategyOptions
  @OptionGroup(title: "Budget") var budget: BudgetOptions
  @OptionGroup(title: "Run") var seed: SeedOption
  @OptionGroup(title: "Run") var optimizer: OptimizerOption
  @OptionGroup(title: "Run") var folder: RunFolderOption
  @OptionGroup(title: "Run") var config: ConfigOption
  @OptionGroup(title: "Process") var process: ProcessOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    let start = ContinuousClock.now
    // All that can be wrong with the options is found before a folder is made.
    let seed = try settings().search.seed
    _ = (try budget.seconds(), try process.memory())
    guard folder.extend == nil || folder.out == nil else {
      throw InputError(
        "expected --out or --extend, found both", remedy: "an extension stays in its run")
    }
    let sources = try data.sources()
    let merged = try ConfiguredArguments(
      Array(CommandLine.arguments.dropFirst()), of: SymRegCommand.self)
    var stage = RunStage(
      number: 0, version: SymRegCommand.version, commit: SourceCommit.text,
      arguments: try RunArguments.stored(
        try RunArguments.extended(merged.arguments).dropFirst()), seed: seed)
    let journal = try process.journal(start: start)
    let folder: RunFolder
    if let run = self.folder.extend {
      folder = try RunFolder(continuing: run)
      stage.number = try folder.store(for: .writing).stages().count
    } else if let path = self.folder.out {
      folder = try RunFolder(creating: path, stage: stage)
    } else {
      folder = try RunFolder(
        creatingFor: Dataset.name(of: sources.map(\.path)), stage: stage)
    }
    try await RunSession(
      folder: folder, beginning: stage.number > 0 ? .extended(stage) : .new, search: self,
      process: process, console: output.console, journal: journal, start: start
    ).run()
  }

  func settings() throws -> DiscoverySettings {
    var settings = try Preparation.settings(
      data, split, share: 0.2, cutoff, background, process.threads)
    try cutoffMode.apply(to: &settings, standard: settings.cutoffMode)
    try targets.apply(to: &settings)
    try settings.validateForFits()
    settings.constraints = try constraints.settings()
    settings.search.grammar = try grammar.grammar()
    try strategy.apply(to: &settings.search)
    settings.search.maxEvaluations = try budget.evaluations()
    settings.search.seed = try seed.value()
    settings.optimizer = try optimizer.method()
    return settings
  }
}
