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
      Writes front.json, front.csv and options.json to a new folder and prints the front next to \
      what it is compared with. Ctrl-C ends the search early and keeps what it has found; a \
      second one ends at once.

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
  @OptionGroup(title: "Budget") var budget: BudgetOptions
  @OptionGroup(title: "Run") var seed: SeedOption
  @OptionGroup(title: "Run") var optimizer: OptimizerOption
  @OptionGroup(title: "Run") var threads: ThreadOption
  @OptionGroup(title: "Run") var statistics: StatisticsCacheOption
  @OptionGroup(title: "Run") var folder: RunFolderOption
  @OptionGroup(title: "Run") var config: ConfigOption
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    let console = output.console
    let settings = try self.settings()
    let timeLimit = try budget.seconds()
    let sources = try data.sources()
    let folder = try RunFolder(
      creating: self.folder.out ?? RunFolder.freePath(for: Dataset.name(of: sources.map(\.path))))
    let signals = StopSignals()
    signals.beforeEnding { folder.removeIfEmpty() }

    let discovery: Discovery
    let remarks: [String]
    let marks: Marks
    do {
      (discovery, remarks) = try await Preparation.open(
        sources, settings: settings, cache: statistics.cache())
      marks = try await discovery.marks()
      try folder.write(options: try ResolvedOptions(discovery, timeLimit: timeLimit))
    } catch {
      folder.removeIfEmpty()
      throw error
    }
    let width = StandardStream.error.terminal?.columns
    console.note(DataReport(discovery: discovery, remarks: remarks).lines(width: width) + [""])
    console.note(
      MarksReport(marks: marks, dataset: discovery.datasetSummary).lines(width: width) + [""])

    let (document, end) = try await search(
      discovery, marks: marks, timeLimit: timeLimit, signals: signals)
    do {
      try folder.write(document)
    } catch {
      // What was found shall not be lost with the disk.
      try? console.print(FrontReport(document: document).lines(width: console.width))
      throw CommandFailure(
        description: "\(folder.path): expected to write the front, found: \(error)")
    }
    try console.print(
      [""] + FrontReport(document: document).lines(width: console.width)
        + ["", "\(Self.reason(end)); the run is in \(folder.path)"])
    try console.printJSON(document)
    if end == .interrupted { throw document.front.isEmpty ? ExitStatus.failed : .stopped }
  }

  private func settings() throws -> DiscoverySettings {
    var settings = try Preparation.settings(data, split, share: 0.2, cutoff, background, threads)
    try cutoffMode.apply(to: &settings, standard: settings.cutoffMode)
    try targets.apply(to: &settings)
    try settings.validateForFits()
    settings.constraints = try constraints.settings()
    settings.search.grammar = try grammar.grammar()
    settings.search.maxEvaluations = try budget.evaluations()
    settings.search.seed = try seed.value()
    settings.optimizer = try optimizer.method()
    return settings
  }

  private func search(
    _ discovery: Discovery, marks: Marks, timeLimit: Double, signals: StopSignals
  ) async throws -> (document: FrontDocument, end: SearchEnd) {
    let reference = discovery.statistics.training.meanSquaredReferenceForce.squareRoot()
    let limit = discovery.settings.search.maxEvaluations
    let reporter = SearchReporter(
      SearchProgress(
        name: discovery.dataset.name, timeLimit: timeLimit, maxEvaluations: limit,
        referenceError: reference, floorError: marks.floor?.rmse,
        isCombined: !discovery.statistics.targets.isEmpty))
    signals.beginSearch { reporter.enter(.stopping) }
    defer { reporter.finish() }
    let (document, result) = try await discovery.search(
      marks: marks,
      shouldEnd: {
        let end: SearchEnd? =
          signals.isStopping ? .interrupted : reporter.elapsed >= timeLimit ? .timeLimit : nil
        if end != nil { reporter.enter(.scoring) }
        return end
      },
      report: { event in
        reporter.update(event)
        if let limit, event.counts.evaluations >= limit { reporter.enter(.scoring) }
      })
    return (document, result.end)
  }

  private static func reason(_ end: SearchEnd) -> String {
    switch end {
    case .timeLimit: "The time is spent"
    case .evaluationLimit: "The evaluations are spent"
    case .exhausted: "No new expressions turn up"
    case .interrupted: "Stopped by a signal"
    }
  }
}
