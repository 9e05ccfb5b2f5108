import ArgumentParser
import AtomicData
import ExpressionTrees
import Foundation
import RunConfiguration
import RunStorage
import SymReg

/// `symreg learn`: whether more data would help.
struct LearnCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn",
    abstract: "Take a learning curve: the error on held-out frames against the number of frames.",
    discussion: """
      Fits the parameters of one potential to parts of the training frames, each twice the one before, \
      in several orders, and scores the fits on the validation frames; with --validation 0 on a fifth \
      of the frames, another one in each order. Groups stay whole. Says whether more data would help.

        symreg learn DATA.extxyz --potential "X/r + Y*exp(-b*r)" --cutoff-mode shifted-force
        symreg learn runs/water-dimer-001 --complexity 10

      A run has its own options and data; of its entries the recommended one is taken unless \
      --complexity says another. Where its data have moved they are named behind it.
      """)

  @OptionGroup(title: "Data") var data: DataArguments
  @OptionGroup(title: "Training and validation") var split: SplitOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Expression of U(r), or the name of a known potential; for data that are no run.",
      valueName: "expr|name"))
  var potential: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Nodes of the entry of a run to take. (default: the recommended entry)", valueName: "number"))
  var complexity: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Orders in which the frames are taken.", valueName: "number"))
  var repeats = "8"

  @OptionGroup(title: "Model") var cutoff: CutoffOption
  @OptionGroup(title: "Background") var background: SubtractOptions
  @OptionGroup(title: "Model") var cutoffMode: CutoffModeOption
  @OptionGroup(title: "Beside forces") var targets: TargetOptions
  @OptionGroup(title: "Constraints") var constraints: ConstraintOptions
  @OptionGroup(title: "Run") var seed: SeedOption
  @OptionGroup(title: "Run") var optimizer: OptimizerOption
  @OptionGroup(title: "Run") var threads: ThreadOption
  @OptionGroup(title: "Run") var statistics: StatisticsCacheOption
  @OptionGroup(title: "Run") var config: ConfigOption
  @OptionGroup(title: "Output") var output: OutputOptions

  /// Options that count for a run, too.
  private static let forRuns: Set<String> = [
    "complexity", "json", "repeats", "seed", "statistics-cache", "threads",
  ]

  func run() async throws {
    let console = output.console
    var options = Discovery.LearningOptions()
    options.repeats = try OptionText("--repeats", repeats)
      .integer("a whole number from 2 to 1000", in: 2...1_000)
    options.seed = try seed.value()
    let (discovery, remarks, tree, theta) = try await subject()
    console.note(
      DataReport(discovery: discovery, remarks: remarks).lines(
        width: StandardStream.error.terminal?.columns) + [""])
    let line = ProgressLine()
    defer { line.erase() }
    let curve = try await discovery.learningCurve(of: tree, theta: theta, options: options) {
      line.show("learning curve, fit \($0) of \($1)")
    }
    line.erase()
    let document = LearningDocument(
      curve, tree: tree, discovery: discovery, options: options)
    try console.print(LearningReport(document: document).lines(width: console.width))
    try console.printJSON(document)
  }

  /// The data, and the form with the values its fits start from.
  private func subject() async throws -> (
    discovery: Discovery, remarks: [String], tree: ExpressionTree, theta: [Double]?
  ) {
    if let first = data.files.first, Self.isFolder(first) { return try await ofRun(first) }
    guard complexity == nil else {
      throw InputError(
        "expected --complexity with a run, found it with data", remedy: "say --potential EXPR")
    }
    guard let potential else {
      throw InputError(
        "expected --potential for data, found none", remedy: "or name the folder of a run")
    }
    var settings = try Preparation.settings(data, split, share: 0.2, cutoff, background, threads)
    try cutoffMode.apply(to: &settings, standard: settings.cutoffMode)
    try targets.apply(to: &settings)
    try settings.validateForFits()
    settings.constraints = try constraints.settings()
    settings.search.seed = try seed.value()
    settings.optimizer = try optimizer.method()
    let tree = try PotentialArgument(parsing: potential).tree
    let (discovery, remarks) = try await Preparation.open(
      try data.sources(), settings: settings, cache: statistics.cache())
    return (discovery, remarks, tree, nil)
  }

  private func ofRun(_ path: String) async throws -> (
    discovery: Discovery, remarks: [String], tree: ExpressionTree, theta: [Double]?
  ) {
    try refuseOthers()
    let folder = try RunFolder(existing: path)
    let document = try folder.front()
    let entry = try entry(of: document, path)
    let store = try folder.store(for: .reading)
    let search = try SearchCommand.ofRun(folder, store, data: Array(data.files.dropFirst()))
    var settings = try search.settings()
    settings.search.threads = try threads.count()
    var (discovery, remarks) = try await Preparation.open(
      try search.data.sources(), settings: settings, cache: statistics.cache())
    try RunSession.adopt(store, by: &discovery, run: folder, timeLimit: try search.budget.seconds())
    let tree = try ExpressionTree(parsing: entry.expression)
    let theta = try tree.theta(
      of: entry.parameters, typeNames: discovery.dataset.pairTypes.typeNames)
    return (discovery, remarks, tree, theta)
  }

  /// A run has its options: others would be ignored.
  private func refuseOthers() throws {
    guard let command = try ConfigSchema(of: SymRegCommand.self)[command: "learn"] else { return }
    let given = GivenArguments(CommandLine.arguments.dropFirst(2), command: command)
    if let stray = given.options.first(where: { !Self.forRuns.contains($0.name) }) {
      throw InputError(
        "expected no --\(stray.name) with a run, which has its own, found it",
        remedy: "leave it out, or name the data and --potential")
    }
  }

  private func entry(of document: FrontDocument, _ path: String) throws -> FrontEntry {
    let sizes = document.front.map { "\($0.complexity)" }
    guard let complexity else {
      if let recommended = document.front.first(where: \.recommended) { return recommended }
      throw InputError(
        file: path, "expected a recommended entry, found none",
        remedy: "choose one with --complexity out of \(OptionText.listed(sizes))")
    }
    let size = try OptionText("--complexity", complexity)
      .integer("a number of nodes of at least 1", in: 1...1_000)
    guard let entry = document.front.first(where: { $0.complexity == size }) else {
      throw InputError(
        file: path,
        "expected an entry with \(size) nodes, found those with "
          + OptionText.listed(sizes, "and"),
        remedy: "choose one of them with --complexity")
    }
    return entry
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }
}
