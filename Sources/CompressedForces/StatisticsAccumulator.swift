import AtomicData

/// Adds frames to the statistics of their parts of the data.
///
/// Atom i's three force components are the rows Σ_j n_ij,α w(r_ij) of A, where w are the 8 stencil
/// weights of a pair and n its direction. Their outer products summed over α collapse to
/// Σ_jk (n_ij·n_ik) w_j w_kᵀ: 8×8 blocks, one for each two neighbours. That is the cheap way for
/// few neighbours; for many the dense rows are collected and multiplied (`PartSums.addRow`).
struct StatisticsAccumulator: Sendable {
  let grid: RadialGrid
  let search: PairSearch
  /// In the order of `DataPart.all`; nil until a frame of the part comes.
  private(set) var parts: [PartSums?]
  private var neighbors: [Neighbor] = []
  private var stencils: [Stencil] = []
  /// Three dense rows of A, one for each component, length `PartSums.stride` each.
  private var rows: [Double]

  init(grid: RadialGrid, search: PairSearch) {
    self.grid = grid
    self.search = search
    parts = DataPart.all.map { _ in nil }
    rows = Array(repeating: 0, count: 3 * PartSums.stride(dimension: grid.totalCount))
  }

  /// - Throws: `InputError` for forces that are no numbers or what `PairSearch` refuses.
  mutating func add(_ frame: Frame) throws {
    guard frame.weight > 0 else { return }
    let pairs = try search.pairs(in: frame)
    let part = frame.part.index
    var sums = parts[part] ?? PartSums(dimension: grid.totalCount)
    // Leaving nil behind keeps the sums unshared: they are changed where they lie.
    parts[part] = nil
    defer { parts[part] = sums }

    var directedPairCount = 0
    for atom in 0..<pairs.atomCount {
      try pairs.findNeighbors(of: atom, into: &neighbors)
      directedPairCount += neighbors.count
      grid.findStencils(for: neighbors, into: &stencils)
      let force = frame.forces[atom]
      sums.addReference(force, weight: frame.weight)
      sums.addProjection(of: force, neighbors, stencils, weight: frame.weight)
      if sums.prefersBlocks(neighborCount: neighbors.count) {
        sums.addBlocks(neighbors, stencils, weight: frame.weight)
      } else {
        sums.addRows(neighbors, stencils, weight: frame.weight, scratch: &rows)
      }
    }
    guard sums.squareSum.isFinite else {
      throw InputError("expected forces that are numbers, found one that is not finite")
    }
    sums.frameCount += 1
    sums.atomCount += pairs.atomCount
    sums.pairCount += directedPairCount / 2
  }
}
