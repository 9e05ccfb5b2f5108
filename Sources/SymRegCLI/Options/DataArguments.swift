import ArgumentParser
import AtomicData

/// The data files and how they are read.
struct DataArguments: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Extended XYZ with forces: FILE or FILE:forces=EXPR:weight=W.", valueName: "data"),
    completion: .file())
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "Column of the forces, or a sum of columns such as a-b. (default: found by its name)",
      valueName: "expr"))
  var forcesKey: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Units of the files: metal (eV, Å), real (kcal/mol, Å), atomic (hartree, bohr) or gromacs "
        + "(kJ/mol, nm).", valueName: "name"))
  var units = Units.metal.name

  @Option(
    help: ArgumentHelp("Column of the atoms' types.", valueName: "column"))
  var types = "species"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Every so many consecutive atoms are a molecule. (default: column mol_id or molid)",
      valueName: "atoms"))
  var moleculeSize: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Pairs that interact: inter (of different molecules) or all. (default: inter if a frame "
        + "holds several known molecules, else all)", valueName: "which"))
  var pairs: String?

  func sources() throws -> [DataSource] { try files.map(DataSource.init(parsing:)) }

  /// How to read, without a division into training and validation.
  func readingOptions() throws -> ReadingOptions {
    var options = ReadingOptions(validationFraction: 0)
    options.typesColumn = types == "species" ? nil : types
    options.forcesKey = forcesKey
    options.units = try OptionText("--units", units).choice(Units.all, name: \.name)
    options.moleculeSize = try moleculeSize.map {
      try OptionText("--molecule-size", $0)
        .integer("a number of atoms of at least 1", in: 1...1_000_000_000)
    }
    options.pairs = try pairs.map {
      try OptionText("--pairs", $0).choice(PairSelection.allCases, name: \.rawValue)
    }
    return options
  }
}
