import AtomicData

/// The interacting pairs of one frame.
///
/// Isolated frames of few atoms are searched atom by atom; all others by linked cells (Quentrec,
/// Brot, J. Comput. Phys. 13, 430 (1973), doi 10.1016/0021-9991(73)90046-6), so that the time is
/// linear in the atoms. Every image within the cutoff counts, in cells smaller than twice the
/// cutoff too.
public struct NeighborPairs: Sendable {
  private let positions: [SIMD3<Double>]
  private let types: [Int]
  /// Empty where every pair counts.
  private let molecules: [Int]
  private let pairTypeTable: [Int]
  private let typeCount: Int
  private let cutoffSquared: Double
  private let bins: AtomBins?

  /// Isolated frames up to this size are searched without linked cells.
  private static let bruteForceCount = 64
  /// Atoms closer than this are at the same place (Å): no 1/r of theirs means anything.
  private static let smallestDistanceSquared = 1e-12

  init(frame: Frame, search: PairSearch) throws {
    let isFinite = frame.positions.allSatisfy { $0.x.isFinite && $0.y.isFinite && $0.z.isFinite }
    guard isFinite else {
      throw InputError("expected positions that are numbers, found one that is not finite")
    }
    switch search.selection {
    case .all: molecules = []
    case .inter:
      guard let numbers = frame.molecules, numbers.count == frame.positions.count else {
        throw InputError(
          "expected a molecule for each atom, found none",
          remedy: "give the frames a column mol_id, or say --molecule-size N, or --pairs all")
      }
      molecules = numbers
    }
    positions = frame.positions
    types = frame.types
    pairTypeTable = search.pairTypeTable
    typeCount = search.pairTypes.typeNames.count
    cutoffSquared = search.cutoff * search.cutoff
    let isPeriodic = frame.cell.isPeriodic.contains(true)
    bins =
      isPeriodic || positions.count > Self.bruteForceCount
      ? try AtomBins(positions: positions, cell: frame.cell, cutoff: search.cutoff) : nil
  }

  public var atomCount: Int { positions.count }

  /// Replaces `neighbors` by those of an atom, always in the same order.
  ///
  /// - Parameters:
  ///   - atom: the atom i.
  ///   - lowest: only atoms j ≥ `lowest` count; `atom + 1` gives each pair of a frame once.
  /// - Throws: `InputError` where two interacting atoms are at the same place.
  public func findNeighbors(
    of atom: Int, from lowest: Int = 0, into neighbors: inout [Neighbor]
  ) throws {
    neighbors.removeAll(keepingCapacity: true)
    guard bins == nil else { return try searchBins(of: atom, from: lowest, into: &neighbors) }
    let position = positions[atom]
    for other in lowest..<positions.count {
      try add(other, separation: position - positions[other], of: atom, to: &neighbors)
    }
  }

  /// Apart from the short search, which would pay for the bins' reference counts.
  @inline(never)
  private func searchBins(
    of atom: Int, from lowest: Int, into neighbors: inout [Neighbor]
  ) throws {
    try bins?.forEachCandidate(near: atom) { other, separation in
      guard other >= lowest else { return }
      try add(other, separation: separation, of: atom, to: &neighbors)
    }
  }

  @inline(__always)
  private func add(
    _ other: Int, separation: SIMD3<Double>, of atom: Int, to neighbors: inout [Neighbor]
  ) throws {
    let square = dot(separation, separation)
    guard square <= cutoffSquared, other != atom else { return }
    guard molecules.isEmpty || molecules[atom] != molecules[other] else { return }
    guard square > Self.smallestDistanceSquared else {
      throw InputError(
        "expected atoms apart, found atoms \(min(atom, other) + 1) and \(max(atom, other) + 1)"
          + " of a frame at the same place", remedy: "remove the frame or the doubled atom")
    }
    let distance = square.squareRoot()
    neighbors.append(
      Neighbor(
        atom: other, pairType: pairTypeTable[types[atom] * typeCount + types[other]],
        distance: distance, direction: separation / distance))
  }
}
