import AtomicData

/// Writes a potential in the formats of simulators; what was fitted is what runs.
///
/// Every expression is read back from its text and compared with the potential before a file is made.
public struct Exporter: Sendable {
  public let potential: ExportedPotential
  public let options: ExportOptions

  public init(_ potential: ExportedPotential, options: ExportOptions = ExportOptions()) {
    self.potential = potential
    self.options = options
  }

  /// The files of a format, with a README.
  ///
  /// - Throws: `InputError` where the format cannot say what was fitted, naming one that can.
  public func files(_ format: ExportFormat) throws -> [ExportFile] {
    if Self.simulators.contains(format) { try checkBonded() }
    switch format {
    case .lammpsLepton: return try LAMMPSFormat(self).leptonFiles()
    case .lammpsTable: return try LAMMPSFormat(self).tableFiles()
    case .openMM: return try OpenMMFormat(self).files()
    case .ase: return try ASEFormat(self).files()
    case .table: return try TabulatedFormat(self).csvFiles()
    case .gromacs: return try TabulatedFormat(self).xvgFiles()
    case .latex: return try MathematicsFormat(self).latexFiles()
    case .sympy: return try MathematicsFormat(self).sympyFiles()
    case .json: return try jsonFiles()
    }
  }

  private func jsonFiles() throws -> [ExportFile] {
    [
      ExportFile("potential.json", try ExportDocument(potential).json()),
      readme(
        "JSON",
        [
          "`potential.json` holds the expression, the values of its parameters (eV, Å) and how it ends at the",
          "cutoff. symreg reads it back:", "",
          "    symreg evaluate DATA.extxyz --potential potential.json",
        ]),
    ]
  }

  /// The formats that take bonds and angles of water.
  public static let simulators: [ExportFormat] = [.lammpsLepton, .lammpsTable, .openMM, .ase]

  private func checkBonded() throws {
    guard let bonded = options.bonded else { return }
    guard Set(["H", "O"]).isSubset(of: potential.typeNames) else {
      throw InputError(
        "expected the types O and H for --bonded \(bonded.name), found "
          + potential.typeNames.joined(separator: ", "), remedy: "leave out --bonded")
    }
    let isBetween: Bool
    switch potential.selection {
    case .inter: isBetween = true
    case .all: isBetween = false
    case .bonds(let range): isBetween = range.lower >= 3
    }
    guard isBetween else {
      throw InputError(
        "expected a potential between molecules for --bonded \(bonded.name), found one that acts within "
          + "them too (pairs \(potential.selection.rawValue))", remedy: "leave out --bonded")
    }
  }

  func readme(_ title: String, _ lines: [String]) -> ExportFile {
    let head = ["# \(title)", "", "Written by \(potential.provenance.program).", ""]
    let about = ["", "What it is:", ""] + potential.headLines.map { "    " + $0 }
    let warnings = potential.warnings.flatMap { ["", "**Warning:** " + $0] }
    return ExportFile("README.md", (head + lines + warnings + about).joined(separator: "\n"))
  }
}
