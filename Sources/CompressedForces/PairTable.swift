import AtomicData
import CVectorKernels

/// Pairs with their stencils, a column for each property.
struct PairTable: ~Copyable {
  private var capacity = 0
  private var columns = WorkBuffer(repeating: 0.0, count: 0)
  private var weights = WorkBuffer(repeating: 0.0, count: 0)
  private var places = WorkBuffer(repeating: Int32(0), count: 0)

  /// Valid until the table is filled again.
  var pointers: PairColumns {
    let x = columns.base
    return PairColumns(
      x: x, y: x + capacity, z: x + 2 * capacity, pull: x + 3 * capacity,
      frameWeight: x + 4 * capacity, weights: weights.base, place: places.base)
  }

  /// Replaces the pairs by those of a queue.
  mutating func fill(from queue: inout PairQueue, nodes: RadialNodes, kernels: VectorKernels) {
    queue.pad()
    let wanted = wholeVectors(queue.count)
    if wanted > capacity {
      capacity = wholeVectors(wanted + wanted / 2)
      columns.reserve(5 * capacity, filling: 0)
      weights.reserve(8 * capacity, filling: 0)
      places.reserve(capacity, filling: 0)
    }
    var (nodes, pointers) = (nodes, pointers)
    kernels.findStencils(&nodes, queue.pairs, &pointers, queue.count)
  }
}
