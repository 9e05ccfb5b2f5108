import ArgumentParser
import AtomicData
import ForceFitting
import SymReg

/// A potential without a run: its values, and how it was fitted.
struct GivenPotentialOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Expression of U(r), the name of a known potential, or a file that export wrote as json, in place "
        + "of a run.", valueName: "expr|name|file"))
  var potential: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Its values in eV and Å, as evaluate takes them. (default: the published ones, or those of the "
        + "file)", valueName: "value,..."))
  var parameters: String?

  @OptionGroup var cutoff: FileCutoffOption
  @OptionGroup var cutoffMode: CutoffModeOption

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Pairs that interact: inter (of different molecules), all, or bonds:RANGE. (default: inter where "
        + "the structure has several molecules, else all)", valueName: "which"))
  var pairs: String?

  @OptionGroup var background: SubtractOptions

  @Option(
    help: ArgumentHelp("Column of the atoms' types in the structure.", valueName: "column"))
  var types: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Column of the property whose products are Q.", valueName: "q=column"))
  var property: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Every so many consecutive atoms of the structure are a molecule.", valueName: "atoms"))
  var moleculeSize: String?

  @Option(
    help: ArgumentHelp(
      "File of the structure's bonds, two numbers of atoms a line.", valueName: "file"),
    completion: .file())
  var bonds: String?

  /// Names of the options that a run has answered.
  var ofRuns: [String] {
    let given: [(String, Bool)] = [
      ("--potential", potential != nil), ("--parameters", parameters != nil),
      ("--cutoff", cutoff.cutoff != nil), ("--cutoff-mode", cutoffMode.cutoffMode != nil),
      ("--switch-width", cutoffMode.switchWidth != nil), ("--pairs", pairs != nil),
      ("--property", property != nil), ("--subtract", background.subtract != nil),
    ]
    return given.filter(\.1).map(\.0)
  }

  /// How the structure is read; what is not given is as in `options`.
  func reading(_ options: ReadingOptions) throws -> ReadingOptions {
    var options = options
    if let types { options.typesColumn = types == "species" ? nil : types }
    if let property {
      guard property.hasPrefix("q="), property.count > 2 else {
        throw OptionText("--property", property).mismatch("q=COLUMN, such as q=charge")
      }
      options.propertyColumn = String(property.dropFirst(2))
    }
    if let moleculeSize {
      options.moleculeSize = try OptionText("--molecule-size", moleculeSize)
        .integer("a number of atoms of at least 1", in: 1...1_000_000_000)
    }
    if let pairs {
      guard let selection = PairSelection(rawValue: pairs) else {
        throw OptionText("--pairs", pairs).mismatch("inter, all or bonds:RANGE such as bonds:3+")
      }
      options.pairs = selection
    }
    if let bonds { options.bondsFile = bonds }
    return options
  }
}
