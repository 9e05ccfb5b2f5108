import CVectorKernels

/// Adds waiting pairs to G and b by 8×8 blocks, and keeps the room that takes.
///
/// The pairs are sorted by the place of their stencil. All blocks of the pairs of one place then
/// fall into the same 8 rows, which are summed apart in the first cache.
struct PairBlocks: ~Copyable {
  private var table = PairTable()
  private var order = WorkBuffer(repeating: UInt32(0), count: 0)
  private var runStarts = WorkBuffer(repeating: UInt32(0), count: 0)
  /// 8 zeros for each grid value, before and after use.
  private var columns = WorkBuffer(repeating: 0.0, count: 0)
  private var coupling = PairCoupling()

  /// Empties a queue into M and b.
  mutating func add(
    _ queue: inout PairQueue, nodes: RadialNodes, kernels: VectorKernels, dimension: Int,
    matrix: UnsafeMutablePointer<Double>, stride: Int, projection: UnsafeMutablePointer<Double>
  ) {
    let count = queue.count
    guard count > 0 else { return }
    order.reserve(count, filling: 0)
    runStarts.reserve(dimension + 2, filling: 0)
    columns.reserve(8 * dimension, filling: 0)
    table.fill(from: &queue, nodes: nodes, kernels: kernels)
    var pairs = table.pointers
    sort(pairs, count: count, dimension: dimension)
    coupling.couple(queue, pairs, order: order.base)
    kernels.addBlocks(
      &pairs, coupling.couples.base, coupling.starts.base, order.base, runStarts.base, dimension,
      columns.base, matrix, stride, projection)
    queue.removeAll()
  }

  /// Counted two further on, summed up one further on, moved to their places while filling.
  private func sort(_ pairs: PairColumns, count: Int, dimension: Int) {
    let (order, runStarts) = (order.base, runStarts.base)
    runStarts.update(repeating: 0, count: dimension + 2)
    for pair in 0..<count { runStarts[Int(pairs.place[pair]) &+ 2] &+= 1 }
    for place in 2..<(dimension + 2) { runStarts[place] &+= runStarts[place &- 1] }
    for pair in 0..<count {
      let place = Int(pairs.place[pair]) &+ 1
      order[Int(runStarts[place])] = UInt32(truncatingIfNeeded: pair)
      runStarts[place] &+= 1
    }
  }
}
