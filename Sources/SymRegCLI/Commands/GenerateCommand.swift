import ArgumentParser
import AtomicData
import CompressedForces
import SymReg

/// `symreg generate`: data whose truth is known.
struct GenerateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Write random structures with the forces of a potential: data whose truth is known.",
    discussion: """
      Forces, energies and, in a periodic cell, virials are the sums over all pairs within the cutoff, \
      images included. A search on the file shows whether the potential is found again.

        symreg generate --potential Lennard-Jones --shape liquid --frames 50 --density 0.0213 \
      --smallest-distance 3 --out argon.extxyz
        symreg generate --potential "X/r + Y*exp(-b*r)" --parameters "b=3.2; X.K=3.8; X.F=-3.8; \
      Y.K=25; Y.F=45" --smallest-distance 2 --noise 0.01 --out salt.extxyz
        symreg evaluate salt.extxyz --potential "X/r + Y*exp(-b*r)" --parameters "b=3.2; X.K=3.8; \
      X.F=-3.8; Y.K=25; Y.F=45" --cutoff-mode shifted-force

      The same seed gives the same bytes on any number of threads, and the same structures whatever \
      the noise.
      """)

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

  @Option(
    help: ArgumentHelp("File to write, extended XYZ.", valueName: "file"), completion: .file())
  var out: String

  @Flag(help: "Write over a file that is there.")
  var force = false

  @OptionGroup(title: "Structures") var geometry: GeometryOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Standard deviation of Gaussian noise on every force component, as a share of the root mean "
        + "square force; energies and virials stay exact.", valueName: "share"))
  var noise = "0"

  @OptionGroup(title: "Model") var cutoff: CutoffOption
  @OptionGroup(title: "Model") var cutoffMode: CutoffModeOption
  @OptionGroup(title: "Run") var seed: SeedOption
  @OptionGroup(title: "Run") var threads: ThreadOption
  @OptionGroup(title: "Run") var config: ConfigOption
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    let console = output.console
    let potential = try PotentialArgument(parsing: potential)
    let given = try parameters.map { try ParameterAssignments.parse($0) }
    let options = try options(typeNames: Self.typeNames(potential, given))
    let typeNames = PairTypes(typeNames: Array(options.geometry.atoms.keys)).typeNames
    let values = try potential.values(
      given: given, typeNames: typeNames, isOfData: false)
    let threads = try threads.count()
    let frames = try await SyntheticFrames(
      of: potential.tree, parameters: values, options: options, threads: threads)
    try await frames.write(to: out, isReplacing: force, threads: threads)
    let document = GenerateDocument(
      frames, file: out, sha256: try DataDigest.sha256(ofFiles: [out]))
    try console.print(document.lines)
    try console.printJSON(document)
  }

  private func options(typeNames: [String]) throws -> SyntheticOptions {
    var model = DiscoverySettings()
    model.cutoff = try cutoff.length()
    try cutoffMode.apply(to: &model, standard: .shiftedForce)
    var options = SyntheticOptions()
    options.frameCount = try geometry.frameCount()
    options.geometry = try geometry.geometry(typeNames: typeNames)
    options.cutoff = model.cutoff
    options.cutoffMode = model.cutoffMode
    options.switchWidth = model.switchWidth
    options.noise = try OptionText("--noise", noise).number("a share from 0 to 100") {
      (0...100).contains($0)
    }
    options.seed = try seed.value()
    return options
  }

  /// The types that have values: those given, else those published.
  private static func typeNames(
    _ potential: PotentialArgument, _ given: [String: ParameterValue]?
  ) -> [String] {
    var names: Set<String> = []
    for parameter in potential.tree.parameters where [.product, .mean].contains(parameter.kind) {
      if case .byName(let values)? = given?[parameter.name] { names.formUnion(values.keys) }
    }
    names.formUnion(potential.known?.typeNames ?? potential.file?.typeNames ?? [])
    return names.sorted()
  }
}
