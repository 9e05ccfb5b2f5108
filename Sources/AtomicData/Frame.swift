/// One labelled structure: positions with reference forces.
///
/// All arrays have one entry per atom. Lengths in Å, forces in eV/Å.
public struct Frame: Sendable {
  public var positions: [SIMD3<Double>]
  /// Reference forces, eV/Å.
  public var forces: [SIMD3<Double>]
  /// Kind of each atom, a number into `PairTypes.kinds`; its type where atoms have no known property.
  public var types: [Int]
  /// Molecule of each atom, numbered from 0 in order of appearance; nil where nothing says.
  public var molecules: [Int]?
  /// Which atoms are bonded; nil where it does not matter.
  public var bonds: BondTopology?
  public var cell: Cell
  /// Weight of the frame in the loss.
  public var weight: Double
  /// Weights of the force components beside that of the frame; nil: all 1.
  public var forceWeights: [SIMD3<Double>]?
  /// Reference energy, eV; nil where none was read.
  public var energy: Double?
  /// Reference virial, eV; nil where none was read.
  public var virial: Virial?
  /// Number of the file the frame comes from; the energies of a file share a shift.
  public var source: Int
  /// Frames with equal numbers stand together in the data: those of one group, or the frame alone.
  public var group: UInt64
  /// The part of the data the frame belongs to.
  public var part: DataPart

  public init(
    positions: [SIMD3<Double>], forces: [SIMD3<Double>], types: [Int], molecules: [Int]? = nil,
    bonds: BondTopology? = nil, cell: Cell = .isolated, weight: Double = 1,
    forceWeights: [SIMD3<Double>]? = nil,
    energy: Double? = nil, virial: Virial? = nil, source: Int = 0, group: UInt64 = 0,
    part: DataPart = .training(fold: 0)
  ) {
    self.positions = positions
    self.forces = forces
    self.types = types
    self.molecules = molecules
    self.bonds = bonds
    self.cell = cell
    self.weight = weight
    self.forceWeights = forceWeights
    self.energy = energy
    self.virial = virial
    self.source = source
    self.group = group
    self.part = part
  }
}

/// The symmetric tensor Σ r⊗F over pairs, eV, with r and F of one atom of the pair as seen from the
/// other: positive on the diagonal where pairs repel each other, −volume·stress.
public struct Virial: Sendable, Hashable {
  /// xx, yy, zz.
  public var diagonal: SIMD3<Double>
  /// yz, xz, xy.
  public var offDiagonal: SIMD3<Double>

  public init(diagonal: SIMD3<Double>, offDiagonal: SIMD3<Double>) {
    self.diagonal = diagonal
    self.offDiagonal = offDiagonal
  }
}

/// Which part of the data a frame belongs to: one of the training folds, or validation.
public enum DataPart: Sendable, Hashable {
  /// `fold` is in `0..<FrameSource.foldCount`.
  case training(fold: Int)
  case validation

  /// Folds of a cross-validation, unless the user asks for another number.
  public static let foldCount = 5

  /// All parts in a fixed order: the folds, then validation.
  public static func all(foldCount: Int) -> [DataPart] {
    (0..<foldCount).map { .training(fold: $0) } + [.validation]
  }

  /// Position among all parts of data with so many folds.
  public func index(foldCount: Int) -> Int {
    switch self {
    case .training(let fold): fold
    case .validation: foldCount
    }
  }
}
