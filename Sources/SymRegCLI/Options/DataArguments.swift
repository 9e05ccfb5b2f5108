import ArgumentParser
import AtomicData

/// The data files and how they are read.
struct DataArguments: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Extended XYZ with forces: FILE or FILE:forces=EXPR:energy=EXPR:weight=W.", valueName: "data"),
    completion: .file())
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "Column of the forces, or a sum of columns such as a-b. (default: found by its name)",
      valueName: "expr"))
  var forcesKey: String?

  @Option(
    help: ArgumentHelp(
      "Key of the energy where it is matched, or a sum of keys. (default: found by its name)",
      valueName: "expr"))
  var energyKey: String?

  @Option(
    help: ArgumentHelp(
      "Key of the virial (or the stress) where it is matched. (default: found by its name)",
      valueName: "key"))
  var virialKey: String?

  @Option(
    help: ArgumentHelp("Key of a weight of each frame.", valueName: "key"))
  var weightKey: String?

  @Option(
    help: ArgumentHelp(
      "Column of the forces' standard errors: each component weighs 1/error².",
      valueName: "column"))
  var errorKey: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Large forces weigh less: 1/(1 + (|F|/F0)²) for each atom, F0 in eV/Å.", valueName: "F0"))
  var forceScale: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Units of the files: metal (eV, Å), real (kcal/mol, Å), atomic (hartree, bohr) or gromacs "
        + "(kJ/mol, nm).", valueName: "name"))
  var units = Units.metal.name

  @Option(
    help: ArgumentHelp(
      "Column of the atoms' types; none: all atoms are alike.", valueName: "column"))
  var types = "species"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Known property of the atoms, such as their charges: expressions may use Q, the product of those "
        + "of the two atoms.", valueName: "q=column"))
  var property: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Every so many consecutive atoms are a molecule. (default: column mol_id or molid, else "
        + "from bonds)",
      valueName: "atoms"))
  var moleculeSize: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Pairs that interact: inter (of different molecules), all, or bonds:RANGE by the bonds between the "
        + "two atoms: bonds:3+ (three or more, or none that connect them), bonds:1-2, bonds:1. (default: "
        + "inter if a frame holds several known molecules, not all single atoms, else all)",
      valueName: "which"))
  var pairs: String?

  @Option(
    help: ArgumentHelp(
      "File of the bonds where pairs are told apart by them, the same in every frame: two numbers of "
        + "atoms a line, from 1. (default: from covalent radii, in the first frame with the same atoms)",
      valueName: "file"), completion: .file())
  var bonds: String?

  @Flag(
    help: ArgumentHelp(
      "Expressions may use B1, B2 and B3: 1 for atoms one, two or three bonds apart, else 0. All pairs count "
        + "unless --pairs says otherwise."))
  var byBonds = false

  func sources() throws -> [DataSource] { try files.map(DataSource.init(parsing:)) }

  /// How to read, without a division into training and validation.
  func readingOptions() throws -> ReadingOptions {
    var options = ReadingOptions(validationFraction: 0)
    options.typesColumn = types == "species" ? nil : types
    options.propertyColumn = try property.map { text in
      guard text.hasPrefix("q="), text.count > 2 else {
        throw OptionText("--property", text).mismatch("q=COLUMN, such as q=charge")
      }
      return String(text.dropFirst(2))
    }
    options.forcesKey = forcesKey
    options.energyKey = energyKey
    options.virialKey = virialKey
    options.weightKey = weightKey
    options.errorKey = errorKey
    options.forceScale = try forceScale.map {
      try OptionText("--force-scale", $0).number("a force above 0 eV/Å") { $0 > 0 }
    }
    options.units = try OptionText("--units", units).choice(Units.all, name: \.name)
    options.moleculeSize = try moleculeSize.map {
      try OptionText("--molecule-size", $0)
        .integer("a number of atoms of at least 1", in: 1...1_000_000_000)
    }
    options.pairs = try pairs.map { text in
      guard let pairs = PairSelection(rawValue: text) else {
        throw OptionText("--pairs", text).mismatch(
          "inter, all or bonds:RANGE such as bonds:3+ or bonds:1-2, with numbers from 1 to "
            + "\(BondRange.largest)")
      }
      return pairs
    }
    options.bondsFile = bonds
    options.usesBondClasses = byBonds
    return options
  }
}
