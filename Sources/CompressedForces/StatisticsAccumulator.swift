import AtomicData
import CVectorKernels

/// Adds frames to the statistics of their parts of the data.
///
/// Atom i's three force components are the rows Σ_j n_ij,α w(r_ij) of A, where w are the 8 stencil
/// weights of a pair and n its direction. Their outer products summed over α collapse to
/// Σ_jk (n_ij·n_ik) w_j w_kᵀ: 8×8 blocks, one for each two neighbours. That is the cheap way for
/// few neighbours; for many the dense rows are collected and multiplied (`PartSums.addRows`).
struct StatisticsAccumulator: Sendable {
  let search: PairSearch
  /// In the order of `DataPart.all`; nil until a frame of the part comes.
  private(set) var parts: [PartSumsBox?]
  private let dimension: Int
  private let blockLimitScale: Double
  private let nodes: StencilNodes
  private let kernels: VectorKernels
  /// Shared with the other lanes.
  private let workshops = FrameWorkshops()

  /// - Parameter blockLimitScale: what the limit between the two ways is multiplied with.
  init(
    grid: RadialGrid, search: PairSearch, kernels: VectorKernels, blockLimitScale: Double = 1
  ) {
    self.search = search
    self.blockLimitScale = blockLimitScale
    self.kernels = kernels
    dimension = grid.totalCount
    nodes = StencilNodes(grid: grid)
    parts = DataPart.all.map { _ in nil }
  }

  /// Adds a block of frames.
  ///
  /// First the pairs of all frames, one frame after the other as they lie in memory; then part by
  /// part, so that the sums of a part are taken up once.
  /// - Throws: `InputError` for forces that are no numbers or what `PairSearch` refuses.
  mutating func add(_ frames: [Frame]) throws {
    try workshops.withWorkshop { workshop in
      workshop.entries.reserve(frames.count, filling: FrameWorkshop.Entry())
      workshop.pairs.removeAll()
      let frames = frames.span
      for index in frames.indices {
        workshop.entries.base[index] = try gather(frames[index], into: &workshop.pairs)
      }
      try nodes.withNodes { nodes in
        for part in parts.indices {
          let entries = UnsafeBufferPointer(start: workshop.entries.base, count: frames.count)
          guard entries.contains(where: { $0.part == part }) else { continue }
          let box = parts[part] ?? PartSumsBox(dimension: dimension)
          parts[part] = box
          try add(frames, entries, of: part, to: &box.sums, from: &workshop, nodes: nodes)
        }
      }
    }
  }

  private func gather(
    _ frame: borrowing Frame, into pairs: inout PairQueue
  ) throws -> FrameWorkshop.Entry {
    var entry = FrameWorkshop.Entry()
    guard frame.weight > 0 else { return entry }
    entry.part = frame.part.index
    entry.weight = frame.weight
    entry.atomCount = frame.positions.count
    entry.squareSum = frame.forces.withUnsafeBufferPointer { forces in
      forces.reduce(0) { $0 + dot($1, $1) }
    }
    guard entry.squareSum.isFinite else {
      throw InputError("expected forces that are numbers, found one that is not finite")
    }
    entry.begin = pairs.count
    entry.firstAtom = pairs.atomCount
    // The most pairs that are added by blocks, see `PartSums.blockLimit`.
    let limit = PartSums.blockLimit(atomCount: frame.positions.count, dimension: dimension)
    entry.hasFewPairs = try pairs.append(
      frame, search: search, limit: Int(blockLimitScale * Double(limit)))
    entry.end = pairs.count
    return entry
  }

  private func add(
    _ frames: borrowing Span<Frame>, _ entries: UnsafeBufferPointer<FrameWorkshop.Entry>,
    of part: Int, to sums: inout PartSums, from workshop: inout FrameWorkshop, nodes: RadialNodes
  ) throws {
    for (index, entry) in entries.enumerated() where entry.part == part {
      sums.count(atoms: entry.atomCount, squareSum: entry.squareSum, weight: entry.weight)
      guard entry.hasFewPairs else {
        try addRows(of: frames[index], to: &sums, row: &workshop.row, nodes: nodes)
        continue
      }
      let pairs = UnsafeBufferPointer(
        start: workshop.pairs.pairs + entry.begin, count: entry.end - entry.begin)
      sums.addPairs(pairs, firstAtom: entry.firstAtom, atomCount: entry.atomCount)
      if sums.isQueueFull { sums.addQueue(&workshop.blocks, nodes: nodes, kernels: kernels) }
    }
  }

  private func addRows(
    of frame: Frame, to sums: inout PartSums, row: inout NeighborRow, nodes: RadialNodes
  ) throws {
    let pairs = try search.pairs(in: frame)
    for atom in 0..<pairs.atomCount {
      try row.find(of: atom, in: pairs, nodes: nodes, kernels: kernels)
      sums.addRows(of: &row, force: frame.forces[atom], weight: frame.weight, kernels: kernels)
    }
  }

  /// Adds what still waits.
  func finish() {
    workshops.withWorkshop { workshop in
      nodes.withNodes { nodes in
        for case let box? in parts {
          box.sums.addQueue(&workshop.blocks, nodes: nodes, kernels: kernels)
          box.sums.multiplyPendingRows(kernels)
        }
      }
    }
  }
}

/// What the kernels need to know of a grid.
private struct StencilNodes: Sendable {
  private let origin: Double
  private let scale: Double
  /// By pair type; 0 for one without pairs.
  private let lastStarts: [Double]
  private let offsets: [Double]

  init(grid: RadialGrid) {
    origin = 1 / grid.cutoff
    scale = 1 / grid.spacing
    lastStarts = grid.pointCounts.map { Double(max(0, $0 - RadialGrid.stencilWidth)) }
    offsets = grid.offsets.map(Double.init)
  }

  func withNodes<Result>(_ body: (RadialNodes) throws -> Result) rethrows -> Result {
    try lastStarts.withUnsafeBufferPointer { lastStarts in
      try offsets.withUnsafeBufferPointer { offsets in
        try body(
          RadialNodes(
            origin: origin, scale: scale, lastStarts: lastStarts.baseAddress,
            offsets: offsets.baseAddress))
      }
    }
  }
}
