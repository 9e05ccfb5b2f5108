import AtomicData

/// What a potential can be written as.
public enum ExportFormat: String, Sendable, Hashable, CaseIterable {
  case lammpsLepton = "lammps-lepton"
  case lammpsTable = "lammps-table"
  case openMM = "openmm"
  case ase
  /// CSV.
  case table
  /// xvg.
  case gromacs
  case latex
  case sympy
  case json
}

/// A file of an export.
public struct ExportFile: Sendable, Hashable {
  public let name: String
  public let text: String

  init(_ name: String, _ text: String) {
    self.name = name
    self.text = text.hasSuffix("\n") ? text : text + "\n"
  }
}

/// What a user chooses beside the potential.
public struct ExportOptions: Sendable {
  /// Of LAMMPS: `metal` or `real`.
  public var units = Units.metal
  public var structure: ExportStructure?
  public var bonded: BondedWater?
  public var masses = AtomicMasses()

  public init() {}
}
