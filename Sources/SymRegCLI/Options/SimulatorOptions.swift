import ArgumentParser
import AtomicData
import SimulatorExport

/// What simulators need beside a potential.
struct SimulatorOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Units of LAMMPS files: metal or real.", valueName: "name"))
  var units = Units.metal.name

  @Option(
    help: ArgumentHelp(
      "Structure to simulate, extended XYZ; its first frame counts. (default: the first frame of the "
        + "run's data)", valueName: "file"), completion: .file())
  var structure: String?

  @Option(
    help: ArgumentHelp(
      "Bonds and angles of a flexible water model beside the potential, so that water runs: q-SPC/Fw or "
        + "SPC/Fw.", valueName: "model"))
  var bonded: String?

  @Flag(
    help: ArgumentHelp(
      "Put a smooth repulsive wall in place of the potential below the smallest sampled distance of each "
        + "pair."))
  var core = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Masses of types in u: \"OW=15.999; HW=1.008\". (default: those of the elements)",
      valueName: "value,..."))
  var masses: String?

  /// All but the structure.
  func options() throws -> ExportOptions {
    var options = ExportOptions()
    options.units = try OptionText("--units", units).choice([.metal, .real], name: \.name)
    options.bonded = try bonded.map { text in
      let models = BondedWater.all
      guard let model = models.first(where: { $0.name.lowercased() == text.lowercased() }) else {
        throw OptionText("--bonded", text).mismatch(OptionText.listed(models.map(\.name)))
      }
      return model
    }
    options.masses = try AtomicMasses(masses.map(Self.masses) ?? [:])
    return options
  }

  private static func masses(_ text: String) throws -> [String: Double] {
    var masses: [String: Double] = [:]
    for piece in text.split(whereSeparator: { $0 == ";" || $0 == "," || $0.isNewline }) {
      guard !piece.allSatisfy(\.isWhitespace) else { continue }
      guard let equals = piece.lastIndex(of: "=") else {
        throw OptionText("--masses", text).mismatch("values such as \"OW=15.999; HW=1.008\"")
      }
      let name = piece[..<equals].drop(while: \.isWhitespace)
      let value = try OptionText(
        "--masses", piece[piece.index(after: equals)...].filter { !$0.isWhitespace }
      ).number("masses above 0") { $0 > 0 }
      masses[name.split(whereSeparator: \.isWhitespace).joined(separator: " ")] = value
    }
    return masses
  }
}
