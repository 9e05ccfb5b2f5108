import AtomicData

/// Finds the interacting pairs of frames: who counts, and how far.
///
/// A pair is two atoms i ≠ j, or atom i and an image of atom j, that the selection admits and whose
/// distance is at most the cutoff. An atom exerts no net force on itself through its own images
/// (they come in opposite pairs), so these are left out. `PairSelection.inter` admits atoms of
/// different molecule numbers; an image of a molecule carries its number, so a molecule does not
/// interact with its own images. Bonds count between an atom and the nearest image of another alone:
/// other images, and those of the atom itself, are infinitely many bonds apart.
public struct PairSearch: Sendable {
  public let pairTypes: PairTypes
  public let selection: PairSelection
  /// Å
  public let cutoff: Double
  /// Number of the pair of two kinds of atoms, in `PairTypes.kindPairs`, row by row.
  let pairTypeTable: [Int]
  /// Bonds up to which they must be counted; nil where they do not tell pairs apart.
  let bondReach: Int?
  var needsBonds: Bool { bondReach != nil }

  /// - Parameters:
  ///   - pairTypes: of the atoms.
  ///   - selection: the pairs that interact.
  ///   - cutoff: Å, positive.
  public init(pairTypes: PairTypes, selection: PairSelection, cutoff: Double) {
    self.pairTypes = pairTypes
    self.selection = selection
    self.cutoff = cutoff
    bondReach =
      pairTypes.bondClasses == nil
      ? selection.bondReach : max(KnownQuantity.mostBonds, selection.bondReach ?? 0)
    let kindCount = pairTypes.kinds.count
    pairTypeTable = (0..<kindCount).flatMap { first in
      (0..<kindCount).map { pairTypes.index(ofKinds: first, $0) }
    }
  }

  init(source: any FrameSource, cutoff: Double) {
    self.init(
      pairTypes: source.pairTypes, selection: source.pairSelection, cutoff: cutoff)
  }

  /// Prepares the search in one frame, in time and memory proportional to its atoms.
  ///
  /// - Throws: `InputError` for positions that are no numbers, a cell without volume or too small
  ///   for the cutoff, or missing molecules or bonds where the selection needs them.
  public func pairs(in frame: borrowing Frame) throws -> NeighborPairs {
    try NeighborPairs(frame: frame, search: self)
  }
}

/// An atom as one of its partners sees it.
public struct Neighbor: Sendable, Equatable {
  public var atom: Int
  /// A number into `PairTypes.kindPairs`.
  public var pairType: Int
  /// Å
  public var distance: Double
  /// The unit vector from the neighbour to the atom it was found from, (x_i − x_j)/r: the way a
  /// positive (repulsive) pair force pushes that atom.
  public var direction: SIMD3<Double>
}
