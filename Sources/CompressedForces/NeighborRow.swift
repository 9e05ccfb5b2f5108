import AtomicData
import CVectorKernels

/// One atom's neighbours with their stencils, and room to sum them.
struct NeighborRow: ~Copyable {
  private var queue = PairQueue()
  private var table = PairTable()
  /// 24 zeros for each grid value, before and after use.
  private var windows = WorkBuffer(repeating: 0.0, count: 0)

  /// Replaces the neighbours by those of an atom.
  mutating func find(
    of atom: Int, in pairs: NeighborPairs, nodes: RadialNodes, kernels: VectorKernels
  ) throws {
    queue.removeAll()
    try pairs.forEachPair(of: atom) { pair in
      queue.append(separation: pair.separation, pairType: pair.pairType)
      return true
    }
    table.fill(from: &queue, nodes: nodes, kernels: kernels)
  }

  var count: Int { queue.count }

  var pointers: PairColumns { table.pointers }

  mutating func windows(dimension: Int) -> UnsafeMutablePointer<Double> {
    windows.reserve(24 * dimension, filling: 0)
    return windows.base
  }
}
