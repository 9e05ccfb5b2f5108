import ArgumentParser
import AtomicData
import Foundation
import SymReg

/// `symreg evaluate`: the error of one potential as it stands.
struct EvaluateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Score a potential with given parameters; nothing is fitted.",
    discussion: """
      A known potential has its published parameters; an expression takes them from --parameters.

        symreg evaluate DATA.extxyz --potential q-SPC/Fw
        symreg evaluate DATA.extxyz --potential "X/r + Y*exp(b*r)" --parameters "b=-3.5; X.H=1.5; \
      X.O=-3; Y.H=5; Y.O=20"
      """)

  @OptionGroup(title: "Data") var data: DataArguments
  @OptionGroup(title: "Training and validation") var split: SplitOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Expression of U(r), or the name of a known potential.", valueName: "expr|name"))
  var potential: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Values in eV and Å: NAME=VALUE, NAME.TYPE=VALUE for a product or mean parameter, or "
        + "NAME.TYPE-TYPE=VALUE for a pair parameter, separated by semicolons or commas. (default: "
        + "the published ones)",
      valueName: "value,..."))
  var parameters: String?

  @OptionGroup(title: "Model") var cutoff: CutoffOption
  @OptionGroup(title: "Background") var background: SubtractOptions
  @OptionGroup(title: "Model") var cutoffMode: CutoffModeOption
  @OptionGroup(title: "Beside forces") var targets: TargetOptions
  @OptionGroup(title: "Run") var threads: ThreadOption
  @OptionGroup(title: "Run") var statistics: StatisticsCacheOption
  @OptionGroup(title: "Run") var config: ConfigOption
  @OptionGroup(title: "Output") var output: OutputOptions

  @Option(
    help: ArgumentHelp(
      "New extended XYZ file that gets the frames with the potential's own forces, energies and, in "
        + "periodic cells, virials.", valueName: "file"), completion: .file())
  var writeForces: String?

  func run() async throws {
    let console = output.console
    if let writeForces, FileManager.default.fileExists(atPath: writeForces) {
      throw InputError(
        file: writeForces, "expected a new file for --write-forces, found that it exists",
        remedy: "choose another")
    }
    let potential = try PotentialArgument(parsing: potential)
    let given = try parameters.map { try ParameterAssignments.parse($0) }
    var settings = try Preparation.settings(data, split, share: 0, cutoff, background, threads)
    try cutoffMode.apply(
      to: &settings, standard: potential.known == nil ? settings.cutoffMode : .none)
    try targets.apply(to: &settings)
    let (discovery, remarks) = try await Preparation.open(
      try data.sources(), settings: settings, cache: statistics.cache())
    let typeNames = discovery.dataset.pairTypes.typeNames
    let values = try potential.values(given: given, typeNames: typeNames)
    _ = try potential.tree.theta(of: values, typeNames: typeNames)
    console.note(
      DataReport(discovery: discovery, remarks: remarks).lines(
        width: StandardStream.error.terminal?.columns) + [""])

    let document = try await discovery.evaluate(potential.tree, parameters: values)
    guard document.front.allSatisfy({ $0.directRMSE.isFinite && $0.compressedRMSE.isFinite }) else {
      throw InputError(
        "expected finite forces at the distances of the data, found a force that is not",
        remedy: "check the expression and its parameters")
    }
    if let writeForces {
      try await discovery.predictions(of: potential.tree, parameters: values)
        .write(to: writeForces, threads: settings.search.threads)
    }
    try console.print(FrontReport(document: document).lines(width: console.width))
    try console.printJSON(document)
  }
}
