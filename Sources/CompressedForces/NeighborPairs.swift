import AtomicData

/// The interacting pairs of one frame, atom by atom.
///
/// Isolated frames of few atoms are searched by brute force; all others by linked cells (Quentrec,
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
  /// Nil where bonds do not matter.
  private let bonds: BondFilter?

  init(frame: borrowing Frame, search: PairSearch) throws {
    try search.check(frame)
    molecules = search.selection == .inter ? frame.molecules ?? [] : []
    positions = frame.positions
    types = frame.types
    pairTypeTable = search.pairTypeTable
    typeCount = search.pairTypes.kinds.count
    cutoffSquared = search.cutoff * search.cutoff
    let bins =
      PairSearch.needsBins(frame)
      ? try AtomBins(positions: positions, cell: frame.cell, cutoff: search.cutoff) : nil
    self.bins = bins
    if search.needsBonds, let topology = frame.bonds {
      bonds = BondFilter(topology, search: search, bins: frame.cell.isIsolated ? nil : bins)
    } else {
      bonds = nil
    }
  }

  public var atomCount: Int { positions.count }

  /// Replaces `neighbors` by those of an atom, always in the same order.
  ///
  /// - Parameters:
  ///   - atom: the atom i.
  ///   - lowest: only atoms j ≥ `lowest` count; `atom + 1` gives each pair of a frame once.
  ///   - neighbors: keeps its memory from call to call.
  /// - Throws: `InputError` where two interacting atoms are at the same place.
  public func findNeighbors(
    of atom: Int, from lowest: Int = 0, into neighbors: inout [Neighbor]
  ) throws {
    neighbors.removeAll(keepingCapacity: true)
    try forEachPair(of: atom, from: lowest) { pair in
      let distance = pair.squaredDistance.squareRoot()
      neighbors.append(
        Neighbor(
          atom: pair.second, pairType: pair.pairType, distance: distance,
          direction: pair.separation / distance))
      return true
    }
  }

  /// Visits each pair once until `body` returns false.
  func forEachPair(_ body: (PairSearch.Pair) -> Bool) throws {
    var isWanted = true
    for atom in 0..<atomCount where isWanted {
      try forEachPair(of: atom, from: atom + 1) { pair in
        isWanted = isWanted && body(pair)
        return isWanted
      }
    }
  }

  /// Visits the pairs that atoms make with images of their own, each once.
  ///
  /// Their forces cancel, their energies and virials do not. Between molecules alone an image of an
  /// atom counts as little as those of the other atoms of its molecule.
  func forEachOwnImage(_ body: (PairSearch.Pair) -> Void) {
    guard let bins, molecules.isEmpty, bonds?.admitsFar ?? true else { return }
    for atom in 0..<atomCount {
      bins.forEachCandidate(near: atom) { other, separation in
        let square = dot(separation, separation)
        guard other == atom, square <= cutoffSquared, square > PairSearch.smallestDistanceSquared,
          // One of two opposite images.
          (separation.x, separation.y, separation.z) > (0, 0, 0)
        else { return }
        body(
          PairSearch.Pair(
            first: atom, second: atom, pairType: pairTypeTable[types[atom] * (typeCount + 1)],
            separation: separation, squaredDistance: square))
      }
    }
  }

  /// Visits the pairs of an atom, which comes first in each.
  @inline(__always)
  func forEachPair(
    of atom: Int, from lowest: Int = 0, _ body: (PairSearch.Pair) -> Bool
  ) throws {
    var isWanted = true
    func visit(_ other: Int, _ separation: SIMD3<Double>) throws {
      let square = dot(separation, separation)
      guard square <= cutoffSquared, other != atom, isWanted else { return }
      guard molecules.isEmpty || molecules[atom] != molecules[other] else { return }
      var pairType = pairTypeTable[types[atom] * typeCount + types[other]]
      if let bonds {
        guard let offset = bonds.offset(atom, other, squaredDistance: square) else { return }
        pairType += offset
      }
      guard square > PairSearch.smallestDistanceSquared else {
        throw PairSearch.atSamePlace(atom, other)
      }
      isWanted = body(
        PairSearch.Pair(
          first: atom, second: other,
          pairType: pairType, separation: separation, squaredDistance: square))
    }
    if let bins {
      try bins.forEachCandidate(near: atom) { other, separation in
        if other >= lowest { try visit(other, separation) }
      }
    } else {
      let position = positions[atom]
      for other in lowest..<max(lowest, positions.count) {
        try visit(other, position - positions[other])
      }
    }
  }
}
