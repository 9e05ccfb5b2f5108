/// One labelled structure: positions with reference forces.
///
/// All arrays have one entry per atom. Lengths in Å, forces in eV/Å.
public struct Frame: Sendable {
  public var positions: [SIMD3<Double>]
  /// Reference forces, eV/Å.
  public var forces: [SIMD3<Double>]
  /// Type of each atom, a number into `PairTypes.typeNames`.
  public var types: [Int]
  /// Molecule of each atom, numbered from 0 in order of appearance; nil where nothing says.
  public var molecules: [Int]?
  public var cell: Cell
  /// Weight of the frame's force components in the loss.
  public var weight: Double
  /// The part of the data the frame belongs to.
  public var part: DataPart

  public init(
    positions: [SIMD3<Double>], forces: [SIMD3<Double>], types: [Int], molecules: [Int]? = nil,
    cell: Cell = .isolated, weight: Double = 1, part: DataPart = .training(fold: 0)
  ) {
    self.positions = positions
    self.forces = forces
    self.types = types
    self.molecules = molecules
    self.cell = cell
    self.weight = weight
    self.part = part
  }
}

/// Which part of the data a frame belongs to: one of the training folds, or validation.
public enum DataPart: Sendable, Hashable {
  /// `fold` is in `0..<DataPart.foldCount`.
  case training(fold: Int)
  case validation

  /// Folds of the cross-validation that chooses the floor's smoothing.
  public static let foldCount = 5

  /// All parts in a fixed order: the folds, then validation.
  public static let all = (0..<foldCount).map { DataPart.training(fold: $0) } + [.validation]

  /// Position in `all`.
  public var index: Int {
    switch self {
    case .training(let fold): fold
    case .validation: Self.foldCount
    }
  }
}
