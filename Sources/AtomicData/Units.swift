/// The units of a file's numbers, and the only place that holds conversion factors.
///
/// Inside the program: Å, eV, eV/Å, elementary charge. CODATA 2018 values.
public struct Units: Sendable, Hashable {
  /// What the user calls them, as LAMMPS and GROMACS do.
  public let name: String
  /// Their length in Å.
  public let length: Double
  /// Their energy in eV.
  public let energy: Double

  /// Their force in eV/Å.
  public var force: Double { energy / length }

  /// eV, Å.
  public static let metal = Units(name: "metal", length: 1, energy: 1)
  /// kcal/mol, Å.
  public static let real = Units(name: "real", length: 1, energy: kilocaloriePerMole)
  /// Hartree, bohr.
  public static let atomic = Units(name: "atomic", length: bohr, energy: hartree)
  /// kJ/mol, nm.
  public static let gromacs = Units(name: "gromacs", length: 10, energy: kilojoulePerMole)

  public static let all = [metal, real, atomic, gromacs]

  /// - Throws: `InputError` for a name that is none of `all`.
  public static func named(_ name: String) throws -> Units {
    if let units = all.first(where: { $0.name == name }) { return units }
    throw InputError(
      "expected units \(all.map(\.name).listed(with: "or")), found \"\(name)\"",
      remedy: "choose one with --units")
  }

  /// 1 kcal/mol in eV.
  public static let kilocaloriePerMole = 4184 / faraday
  /// 1 kJ/mol in eV.
  public static let kilojoulePerMole = 1000 / faraday
  /// 1 Eₕ in eV.
  public static let hartree = 27.211386245988
  /// 1 a₀ in Å.
  public static let bohr = 0.529177210903
  /// 1 mol of elementary charges in C; also J/mol per eV.
  private static let faraday = 96485.33212331001

  /// e²/(4πε₀) in kcal/mol Å/e², as LAMMPS has it in its units `real`.
  public static let coulombConstantInKilocaloriePerMole = 332.06371

  /// e²/(4πε₀) in eV Å/e², as LAMMPS has it in its units `metal`.
  public static let coulombConstantOfLAMMPSMetal = 14.399645
}
