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
  let partition: FramePartition
  /// By number of the partition; nil until a frame of the part comes.
  private(set) var parts: [PartSumsBox?]
  /// By target, then by part.
  private(set) var targetParts: [[PartSumsBox?]]
  let targets: [MatchedTarget]
  let rows: FrameRows
  /// Of each file, taken off the reference energies, eV.
  private let energyOffsets: [Double]
  let dimension: Int
  /// Pairs per atom up to which a frame is added by blocks.
  private let mostPairsPerAtom: Double
  private let nodes: StencilNodes
  private let kernels: VectorKernels
  /// Shared with the other lanes.
  private let workshops = FrameWorkshops()

  /// - Parameter mostPairsPerAtom: up to which a frame is added by blocks; nil: where that is faster.
  init(
    grid: RadialGrid, search: PairSearch, kernels: VectorKernels, targets: [MatchedTarget] = [],
    switching: SwitchingFunction? = nil, energyOffsets: [Double] = [],
    partition: FramePartition = .parts(foldCount: DataPart.foldCount),
    mostPairsPerAtom: Double? = nil
  ) {
    self.search = search
    self.targets = targets
    self.partition = partition
    self.energyOffsets = energyOffsets
    rows = FrameRows(
      grid: grid, search: search, switching: switching, shiftCount: energyOffsets.count)
    self.mostPairsPerAtom =
      mostPairsPerAtom ?? PartSums.mostPairsPerAtom(dimension: grid.totalCount)
    self.kernels = kernels
    dimension = grid.totalCount
    nodes = StencilNodes(grid: grid)
    parts = Array(repeating: nil, count: partition.count)
    targetParts = targets.map { _ in Array(repeating: nil, count: partition.count) }
  }

  /// Adds a block of frames.
  ///
  /// First the pairs of all frames, one frame after the other as they lie in memory; then part by
  /// part, so that the sums of a part are taken up once.
  /// - Throws: `InputError` for forces that are no numbers or what `PairSearch` refuses.
  mutating func add(_ frames: [Frame]) throws {
    try addForces(of: frames)
    // A loop over frames counts references to their arrays, also where it does nothing.
    guard !targets.isEmpty else { return }
    for frame in frames where frame.weight > 0 { try addTargets(of: frame) }
  }

  private mutating func addTargets(of frame: Frame) throws {
    guard let part = partition.number(ofPart: frame.part, group: frame.group) else { return }
    for (number, target) in targets.enumerated() {
      let box = targetParts[number][part] ?? PartSumsBox(dimension: rows.dimension(of: target))
      targetParts[number][part] = box
      box.sums.count(atoms: frame.positions.count)
      let isOffset = target == .energies && energyOffsets.indices.contains(frame.source)
      let offset = isOffset ? energyOffsets[frame.source] : 0
      try rows.forEachRow(of: target, in: frame) { row, reference, weight in
        box.sums.addRow(
          row, reference: reference - offset, weight: frame.weight * weight, kernels: kernels)
      }
    }
  }

  private mutating func addForces(of frames: [Frame]) throws {
    try workshops.withWorkshop { workshop in
      workshop.entries.reserve(frames.count, filling: FrameWorkshop.Entry())
      workshop.members.reserve(parts.count * frames.count, filling: 0)
      workshop.pairs.removeAll()
      let frames = frames.span
      var counts = Array(repeating: 0, count: parts.count)
      // Taken out of `self` once: in the loop each use would count references.
      let (search, mostPairsPerAtom) = (search, mostPairsPerAtom)
      let needsRows =
        rows.switching != nil || search.pairTypes.hasProperty || search.pairTypes.bondClasses != nil
      let partition = partition
      for index in frames.indices where frames[index].weight > 0 {
        guard
          let part = partition.number(ofPart: frames[index].part, group: frames[index].group)
        else { continue }
        workshop.entries.base[index] = try Self.gather(
          frames[index], into: &workshop.pairs, search: search,
          mostPairsPerAtom: mostPairsPerAtom, needsRows: needsRows)
        workshop.members.base[part * frames.count + counts[part]] = Int32(index)
        counts[part] += 1
      }
      try nodes.withNodes { nodes in
        for (part, count) in counts.enumerated() where count > 0 {
          let members = UnsafeBufferPointer(
            start: workshop.members.base + part * frames.count, count: count)
          let box = parts[part] ?? PartSumsBox(dimension: dimension)
          parts[part] = box
          try add(frames, members, to: &box.sums, from: &workshop, nodes: nodes)
        }
      }
    }
  }

  private static func gather(
    _ frame: borrowing Frame, into pairs: inout PairQueue, search: borrowing PairSearch,
    mostPairsPerAtom: Double, needsRows: Bool
  ) throws -> FrameWorkshop.Entry {
    var entry = FrameWorkshop.Entry()
    entry.needsRows = needsRows || frame.forceWeights != nil
    entry.weight = frame.weight
    entry.atomCount = frame.positions.count
    entry.squareSum = frame.forces.withUnsafeBufferPointer { forces in
      forces.reduce(0) { $0 + dot($1, $1) }
    }
    guard entry.squareSum.isFinite else {
      throw InputError("expected forces that are numbers, found one that is not finite")
    }
    if entry.needsRows { return entry }
    entry.begin = pairs.count
    entry.firstAtom = pairs.atomCount
    entry.hasFewPairs = try pairs.append(
      frame, search: search, limit: Int(mostPairsPerAtom * Double(entry.atomCount)))
    entry.end = pairs.count
    return entry
  }

  private func add(
    _ frames: borrowing Span<Frame>, _ members: UnsafeBufferPointer<Int32>,
    to sums: inout PartSums, from workshop: inout FrameWorkshop, nodes: RadialNodes
  ) throws {
    for member in members {
      let entry = workshop.entries.base[Int(member)]
      guard !entry.needsRows else {
        try addWeightedRows(of: frames[Int(member)], to: &sums)
        continue
      }
      sums.count(atoms: entry.atomCount, squareSum: entry.squareSum, weight: entry.weight)
      guard entry.hasFewPairs else {
        try addRows(of: frames[Int(member)], to: &sums, row: &workshop.row, nodes: nodes)
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

  /// Adds a frame whose components have weights of their own, or whose pairs are switched.
  private func addWeightedRows(of frame: Frame, to sums: inout PartSums) throws {
    sums.count(atoms: frame.positions.count)
    let neighborCount = try rows.forEachForceRow(of: frame) { row, reference, weight in
      sums.addRow(
        row, reference: reference, weight: frame.weight * weight, kernels: kernels)
    }
    sums.count(directedPairs: neighborCount)
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
    for case let box? in targetParts.joined() { box.sums.multiplyPendingRows(kernels) }
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
