import ExpressionTrees
import SimulatorExport

/// The energy of two rigid molecules by the distance of their centres of mass, at given orientations.
public struct DimerScan: Sendable, Hashable {
  /// How the two molecules are turned from where their files have them; the second is then moved along x.
  public struct Orientation: Sendable, Hashable {
    public let first: Rotation
    public let second: Rotation

    public init(first: Rotation = .identity, second: Rotation = .identity) {
      self.first = first
      self.second = second
    }
  }

  /// Å
  public let distances: [Double]
  /// U, eV.
  public let energies: [Double]
  /// −dU/dR, eV/Å; positive: repulsive.
  public let forces: [Double]
  /// Whether no pair of atoms is closer than any of its types in the data; nil where that is not known.
  public let isSampled: [Bool?]

  /// - Parameters:
  ///   - potential: between the atoms of the two.
  ///   - first: at the origin.
  ///   - second: moved along x.
  ///   - orientation: of both.
  ///   - distances: Å; nil: those with all pairs at the smallest sampled distance (1 Å) or more, to
  ///     where all end, in steps of 0.05 Å.
  public init(
    of potential: ExportedPotential, between first: RigidMolecule, and second: RigidMolecule,
    at orientation: Orientation = Orientation(), distances: [Double]? = nil
  ) {
    let placement = MoleculePair(first, second, potential)
      .placed((orientation.first, orientation.second), axis: SIMD3(1, 0, 0))
    self.distances = distances ?? Self.grid(placement)
    let values = self.distances.map(placement.value)
    energies = values.map(\.energy)
    forces = values.map { -$0.derivative }
    isSampled = self.distances.map(placement.isSampled)
  }

  /// Distances per Å.
  private static let fineness = 20.0

  private static func grid(_ placement: MoleculePair.Placement) -> [Double] {
    let inner = placement.outermost { $0.sampled?.lowerBound ?? 1 } ?? 1 / fineness
    let outer = placement.ends.max() ?? inner
    let first = Int((inner * fineness).rounded(.up))
    let last = max(first, Int((outer * fineness).rounded(.up)))
    return (first...last).map { Double($0) / fineness }
  }
}
