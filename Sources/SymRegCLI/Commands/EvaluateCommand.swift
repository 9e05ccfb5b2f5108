import ArgumentParser
import AtomicData
import Foundation
import SimulatorExport
import SymReg

/// `symreg evaluate`: the error of one potential as it stands.
struct EvaluateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Score a potential with given parameters; nothing is fitted.",
    discussion: """
      A known potential has its published parameters; an expression takes them from --parameters. A file \
      has its own, with cutoff, cutoff mode and background: what export writes as json, a front.json (front.json:11 \
      for the entry of 11 nodes), or a LAMMPS table.

        symreg evaluate DATA.extxyz --potential q-SPC/Fw
        symreg evaluate DATA.extxyz --potential "X/r + Y*exp(b*r)" --parameters "b=-3.5; X.H=1.5; \
      X.O=-3; Y.H=5; Y.O=20"
      """)

  @OptionGroup(title: "Data") var data: DataArguments
  @OptionGroup(title: "Training and validation") var split: SplitOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Expression of U(r), the name of a known potential, or a file: FILE.json or FILE.table.",
      valueName: "expr|name|file"))
  var potential: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Values in eV and Å: NAME=VALUE, NAME.TYPE=VALUE for a product or mean parameter, or "
        + "NAME.TYPE-TYPE=VALUE for a pair parameter, separated by semicolons or commas. (default: "
        + "the published ones)",
      valueName: "value,..."))
  var parameters: String?

  @OptionGroup(title: "Model") var cutoff: FileCutoffOption
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
    if PotentialTable.isName(potential) { return try await evaluateTable(console) }
    let potential = try PotentialArgument(parsing: potential)
    let given = try parameters.map { try ParameterAssignments.parse($0) }
    var settings = try settings(cutoffOfFile: potential.file?.cutoff)
    try cutoffMode.apply(
      to: &settings,
      standard: potential.file?.mode ?? (potential.known == nil ? settings.cutoffMode : .none),
      standardWidth: potential.file?.switchWidth)
    if settings.background == nil, let background = potential.file?.background {
      settings.background = try Background(background)
    }
    try targets.apply(to: &settings)
    let (discovery, report) = try await opened(settings)
    let typeNames = discovery.dataset.pairTypes.typeNames
    let values = try potential.values(given: given, typeNames: typeNames)
    _ = try potential.tree.theta(of: values, typeNames: typeNames)
    console.note(report)
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
    if potential.file?.hasCores == true {
      console.note(["The wall below the sampled range (--core) is not part of this.", ""])
    }
    try console.print(FrontReport(document: document).lines(width: console.width))
    try console.printJSON(document)
  }

  private func settings(cutoffOfFile: Double?) throws -> DiscoverySettings {
    try Preparation.settings(
      data, split, share: 0, cutoff: try cutoff.length(ofFile: cutoffOfFile), background, threads)
  }

  /// The data, and what is to be said of them.
  private func opened(
    _ settings: DiscoverySettings
  ) async throws -> (discovery: Discovery, report: [String]) {
    let (discovery, remarks) = try await Preparation.open(
      try data.sources(), settings: settings, cache: statistics.cache())
    let width = StandardStream.error.terminal?.columns
    return (
      discovery, DataReport(discovery: discovery, remarks: remarks).lines(width: width) + [""]
    )
  }

  /// A table is what it is up to its cutoff: there is nothing to choose.
  private func evaluateTable(_ console: Console) async throws {
    guard parameters == nil, cutoffMode.cutoffMode == nil, cutoffMode.switchWidth == nil else {
      throw InputError(
        "expected no --parameters and no --cutoff-mode beside a table, found some",
        remedy: "its values are U and F as they are")
    }
    guard writeForces == nil else {
      throw InputError(
        "expected an expression beside --write-forces, found a table",
        remedy: "leave out --write-forces")
    }
    let table = try PotentialTable(reading: potential)
    var settings = try settings(cutoffOfFile: table.cutoff)
    guard settings.cutoff <= table.cutoff else {
      throw InputError(
        file: potential,
        "expected a table up to the cutoff of \(settings.cutoff) Å, found one up to "
          + "\(table.cutoff) Å", remedy: "leave out --cutoff")
    }
    settings.cutoffMode = .none
    try targets.apply(to: &settings)
    let (discovery, report) = try await opened(settings)
    let types = discovery.dataset.pairTypes
    let potentials = try table.potentials(of: types)
    console.note(report)
    let document = try await discovery.evaluate(named: potential) { pair, distance in
      potentials[types.index(pair.first, pair.second)](distance)
    }
    guard document.front.allSatisfy({ $0.directRMSE.isFinite }) else {
      throw InputError(
        file: potential,
        "expected a table from the smallest distance of the data on, found one that begins "
          + "later")
    }
    try console.print(FrontReport(document: document).lines(width: console.width))
    try console.printJSON(document)
  }
}
