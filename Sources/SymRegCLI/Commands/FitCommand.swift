import ArgumentParser
import ForceFitting
import SymReg

/// `symreg fit`: the parameters of one expression.
struct FitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Fit the parameters of one expression.",
    discussion: """
      Tries many starts and prints the best fit next to what it is compared with.

        symreg fit DATA.extxyz --potential "X/r + Y*exp(-b*r)" --cutoff-mode shifted-force

      Lower-case names are global parameters, upper-case names product parameters: X counts for a \
      pair AB as X of A times X of B, a mean parameter S~ as half their sum, a pair parameter A[] has \
      a value for every pair. r is the distance in Å; numbers stand only as exponents, and the 1 of 1/r.
      """)

  @OptionGroup(title: "Data") var data: DataArguments
  @OptionGroup(title: "Training and validation") var split: SplitOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Expression of U(r), or the name of a known potential.", valueName: "expr|name"))
  var potential: String

  @OptionGroup(title: "Model") var cutoff: CutoffOption
  @OptionGroup(title: "Background") var background: SubtractOptions
  @OptionGroup(title: "Model") var cutoffMode: CutoffModeOption
  @OptionGroup(title: "Beside forces") var targets: TargetOptions
  @OptionGroup(title: "Constraints") var constraints: ConstraintOptions
  @OptionGroup(title: "Run") var bootstrap: BootstrapOption
  @OptionGroup(title: "Run") var seed: SeedOption
  @OptionGroup(title: "Run") var optimizer: OptimizerOption
  @OptionGroup(title: "Run") var threads: ThreadOption
  @OptionGroup(title: "Run") var statistics: StatisticsCacheOption
  @OptionGroup(title: "Run") var config: ConfigOption
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    let console = output.console
    var settings = try Preparation.settings(data, split, share: 0, cutoff, background, threads)
    try cutoffMode.apply(to: &settings, standard: settings.cutoffMode)
    try targets.apply(to: &settings)
    try settings.validateForFits()
    settings.constraints = try constraints.settings()
    settings.search.seed = try seed.value()
    settings.optimizer = try optimizer.method()
    let tree = try PotentialArgument(parsing: potential).tree
    let sources = try data.sources()
    let (discovery, remarks) = try await Preparation.open(
      sources, settings: settings, cache: statistics.cache())
    console.note(
      DataReport(discovery: discovery, remarks: remarks).lines(
        width: StandardStream.error.terminal?.columns) + [""])

    let (document, fit) = try await discovery.fit(
      tree, bootstrapSamples: try bootstrap.samples())
    guard fit.status != .failed else {
      throw CommandFailure(
        description: "expected a fit of \(tree), found no start with finite forces; "
          + "rewrite the expression")
    }
    try console.print(
      FrontReport(document: document).lines(width: console.width)
        + BackgroundReport.nothingLeft(discovery)
        + ["\(Self.text(fit.stopReason)) after \(NumberText.count(fit.starts, "start"))."])
    try console.printJSON(document)
    if !discovery.hasNoForce { try check(fit, document) }
  }

  private func check(_ fit: FitOutcome, _ document: FrontDocument) throws {
    let isConstrained = document.cutoffMode == CutoffMode.constraint.rawValue
    let remedy =
      isConstrained
      ? "say --cutoff-mode shifted-force, or give the expression more freedom"
      : "give the expression more freedom"
    guard fit.status == .fitted else {
      let violations = document.front.first?.constraintViolations ?? []
      let worst = zip(violations, document.constraints ?? []).max { $0.0 < $1.0 }
      let (missed, by) =
        worst.flatMap { $0.0 >= fit.maxConstraintViolation / 2 ? ($0.1, $0.0) : nil }
        ?? ("F(cutoff) = 0", fit.maxConstraintViolation)
      throw CommandFailure(
        description: "expected \(missed), found no parameters that miss it by less than "
          + "\(NumberText.rough(by)) of the rms force; \(remedy)")
    }
    guard fit.isCandidate else {
      throw CommandFailure(
        description: "expected a fit better than U = 0, found none; \(remedy)")
    }
  }

  private static func text(_ reason: FitOutcome.StopReason) -> String {
    switch reason {
    case .converged: "Converged"
    case .evaluationLimit: "Stopped by the limit of evaluations"
    case .roundoff: "Stopped by rounding"
    case .failure: "Stopped by the optimizer's failure"
    }
  }
}
