import AtomicData
import SimulatorExport

/// A molecule whose atoms keep their places.
public struct RigidMolecule: Sendable, Hashable {
  /// Type of each atom, a number into the names of the potential.
  public let types: [Int]
  /// About the centre of mass, Å.
  public let positions: [SIMD3<Double>]
  /// Known property of each atom; 0 where there is none.
  public let properties: [Double]

  /// - Parameters:
  ///   - types: of the atoms, numbers into the names of the potential.
  ///   - positions: about any centre, Å; distances of molecules are those of the centres.
  ///   - properties: known property of each atom; nil: 0.
  public init(types: [Int], positions: [SIMD3<Double>], properties: [Double]? = nil) {
    self.types = types
    self.positions = positions
    self.properties = properties ?? types.map { _ in 0 }
  }

  /// - Throws: `InputError` for an atom of a type that the potential does not have, for one without a mass,
  ///   and for a cell that repeats.
  public init(
    _ structure: ExportStructure, of potential: ExportedPotential, masses: AtomicMasses
  ) throws {
    guard structure.cell.isIsolated else {
      throw InputError(
        "expected a molecule by itself, found a cell", remedy: "take Lattice out of the file")
    }
    try structure.check(potential)
    let names = potential.typeNames
    let types = structure.typeNames.map { name in names.firstIndex(of: name) ?? 0 }
    let weights =
      types.count == 1
      ? [1]
      : try masses.of(names).enumerated().reduce(into: types.map { _ in 0.0 }) {
        weights, mass in
        for atom in types.indices where types[atom] == mass.offset { weights[atom] = mass.element }
      }
    let sum = zip(structure.positions, weights).reduce(SIMD3<Double>.zero) { $0 + $1.1 * $1.0 }
    let centre = sum / weights.reduce(0, +)
    self.init(
      types: types, positions: structure.positions.map { $0 - centre },
      properties: structure.properties)
  }

  public var isAtom: Bool { positions.count == 1 }
}
