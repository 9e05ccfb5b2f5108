import AtomicData

/// The harmonic bonds and the harmonic angle of a flexible water model, so that a box of water runs with a
/// potential between molecules: ½k_b(r − r₀)² and ½k_a(θ − θ₀)².
public struct BondedWater: Sendable, Hashable {
  public let name: String
  /// r₀, Å.
  public let length: Double
  /// k_b, eV/Å².
  public let bondConstant: Double
  /// θ₀, degrees.
  public let angle: Double
  /// k_a, eV/rad².
  public let angleConstant: Double
  public let source: String

  /// Both with the force constants of SPC/Fw, published in kcal/mol.
  private init(_ name: String, length: Double, angle: Double, source: String) {
    self.name = name
    self.length = length
    self.angle = angle
    self.source = source
    bondConstant = 1059.162 * Units.kilocaloriePerMole
    angleConstant = 75.90 * Units.kilocaloriePerMole
  }

  public static let all = [
    BondedWater(
      "q-SPC/Fw", length: 1.0, angle: 112.0,
      source: "Paesani, Zhang, Case, Cheatham, Voth, J. Chem. Phys. 125, 184507 (2006), "
        + "doi 10.1063/1.2386157; force constants of SPC/Fw"),
    BondedWater(
      "SPC/Fw", length: 1.012, angle: 113.24,
      source: "Wu, Tepper, Voth, J. Chem. Phys. 124, 024503 (2006), doi 10.1063/1.2136877"),
  ]

  /// An angle H–O–H, as numbers of atoms from 0.
  struct Angle: Sendable, Hashable {
    let first: Int
    let center: Int
    let second: Int
  }

  /// The bonds and angles of the molecules of one O and two H.
  ///
  /// - Throws: `InputError` where molecules are not known, or others are there.
  static func terms(
    _ structure: ExportStructure
  ) throws -> (bonds: [BondTopology.Bond], angles: [Angle]) {
    guard let molecules = structure.molecules else {
      throw InputError(
        "expected molecules in the structure for --bonded, found none",
        remedy: "give them in a column mol_id, or say --molecule-size")
    }
    var atoms = Array(repeating: [Int](), count: (molecules.max() ?? -1) + 1)
    for (atom, molecule) in molecules.enumerated() { atoms[molecule].append(atom) }
    var (bonds, angles) = ([BondTopology.Bond](), [Angle]())
    for molecule in atoms {
      let oxygen = molecule.filter { structure.typeNames[$0] == "O" }
      let hydrogen = molecule.filter { structure.typeNames[$0] == "H" }
      guard oxygen.count == 1, hydrogen.count == 2, molecule.count == 3 else {
        throw InputError(
          "expected molecules of one O and two H for --bonded, found one of "
            + molecule.map { structure.typeNames[$0] }.joined(separator: " "),
          remedy: "leave out --bonded")
      }
      bonds += hydrogen.map { BondTopology.Bond(oxygen[0], $0) }
      angles.append(Angle(first: hydrogen[0], center: oxygen[0], second: hydrogen[1]))
    }
    return (bonds, angles)
  }

  /// LAMMPS's `harmonic` styles have the ½ in their constants.
  func lammpsLines(units: Units) -> [String] {
    [
      "# \(name): \(source)".onOneLine, "bond_style harmonic",
      "bond_coeff 1 \(bondConstant / 2 / units.energy) \(length)", "angle_style harmonic",
      "angle_coeff 1 \(angleConstant / 2 / units.energy) \(angle)",
    ]
  }
}
