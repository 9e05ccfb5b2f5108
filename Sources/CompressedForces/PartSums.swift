import AtomicData
import CVectorKernels

/// Running sums of one part of the data; `finish()` makes `SufficientStatistics` of them.
///
/// G is kept as a matrix M with G = M + Mᵀ: a block w_j w_kᵀ is added once, wherever it falls.
struct PartSums: ~Copyable {
  let dimension: Int
  /// Length of M's rows: the dimension rounded up to whole vectors.
  let stride: Int
  private let halfGram: WorkBuffer<Double>
  private let projection: WorkBuffer<Double>
  private var squareSum = 0.0
  private var weight = 0.0
  private var componentCount = 0
  private var frameCount = 0
  private var atomCount = 0
  private var directedPairCount = 0
  private var queue = PairQueue()
  /// Dense rows of A not yet multiplied, see `DenseRows.h`.
  private var pendingRows = WorkBuffer(repeating: 0.0, count: 0)
  private var pendingCount = 0

  /// Rows collected before they are multiplied; a multiple of 3.
  private static let rowCount = 48

  init(dimension: Int) {
    self.dimension = dimension
    stride = wholeVectors(dimension)
    halfGram = WorkBuffer(repeating: 0, count: stride * stride)
    projection = WorkBuffer(repeating: 0, count: stride)
  }

  /// Counts a frame in, and its reference forces.
  ///
  /// - Parameter squareSum: of the reference forces, (eV/Å)².
  mutating func count(atoms: Int, squareSum: Double, weight: Double) {
    self.squareSum += weight * squareSum
    self.weight += 3 * weight * Double(atoms)
    componentCount += 3 * atoms
    frameCount += 1
    atomCount += atoms
  }

  // MARK: Frames of few pairs

  /// Pairs per atom up to which blocks, one for each two neighbours, are the faster way.
  ///
  /// With m neighbours an atom takes 64 m²/2 multiplications for 8×8 blocks and 3n²/2 for dense
  /// rows, where one costs a quarter, as measured; m is twice the pairs per atom.
  static func mostPairsPerAtom(dimension: Int) -> Double {
    (3.0 / 256).squareRoot() / 2 * Double(dimension)
  }

  /// Adds the pairs of a frame by blocks; they wait in a queue first.
  mutating func addPairs(
    _ pairs: UnsafeBufferPointer<AtomPair>, firstAtom: Int, atomCount: Int
  ) {
    queue.append(pairs, firstAtom: firstAtom, atomCount: atomCount)
    directedPairCount += 2 * pairs.count
  }

  /// Whether many pairs wait.
  var isQueueFull: Bool { queue.isFull }

  /// Adds what waits in the queue.
  mutating func addQueue(_ blocks: inout PairBlocks, nodes: RadialNodes, kernels: VectorKernels) {
    blocks.add(
      &queue, nodes: nodes, kernels: kernels, dimension: dimension, matrix: halfGram.base,
      stride: stride, projection: projection.base)
  }

  // MARK: Frames of many pairs

  /// Adds one atom's three rows of A by the products of dense rows.
  mutating func addRows(
    of row: inout NeighborRow, force: SIMD3<Double>, weight: Double, kernels: VectorKernels
  ) {
    if pendingCount > Self.rowCount - 3 { multiplyPendingRows(kernels) }
    pendingRows.reserve(Self.rowCount * stride, filling: 0)
    var pairs = row.pointers
    let windows = row.windows(dimension: dimension)
    withUnsafeBytes(of: force) { force in
      kernels.addRows(
        &pairs, row.count, force.baseAddress?.assumingMemoryBound(to: Double.self),
        weight.squareRoot(), dimension, windows, pendingRows.base, Self.rowCount, pendingCount,
        projection.base)
    }
    directedPairCount += row.count
    pendingCount += 3
  }

  /// Counts in a frame whose rows come one by one.
  mutating func count(atoms: Int) {
    frameCount += 1
    atomCount += atoms
  }

  /// Adds one row of A, `dimension` numbers, and what it is matched to.
  mutating func addRow(
    _ row: UnsafePointer<Double>, reference: Double, weight: Double, kernels: VectorKernels
  ) {
    squareSum += weight * reference * reference
    self.weight += weight
    componentCount += 1
    if pendingCount == Self.rowCount { multiplyPendingRows(kernels) }
    pendingRows.reserve(Self.rowCount * stride, filling: 0)
    let root = weight.squareRoot()
    for k in 0..<dimension where row[k] != 0 {
      pendingRows.base[(k / 8 * Self.rowCount + pendingCount) * 8 + k % 8] = root * row[k]
      projection.base[k] += weight * reference * row[k]
    }
    pendingCount += 1
  }

  /// Counts the pairs of atoms that rows stand for.
  mutating func count(directedPairs: Int) { directedPairCount += directedPairs }

  /// M += ½ RᵀR on the diagonal panels, RᵀR above them, for the pending rows R.
  mutating func multiplyPendingRows(_ kernels: VectorKernels) {
    guard pendingCount > 0 else { return }
    kernels.addProducts(pendingRows.base, stride / 8, Self.rowCount, halfGram.base, stride)
    pendingRows.base.update(repeating: 0, count: Self.rowCount * stride)
    pendingCount = 0
  }

  // MARK: Results

  /// Adds other sums, of which nothing waits any more.
  mutating func merge(_ other: borrowing PartSums) {
    for i in 0..<stride * stride { halfGram.base[i] += other.halfGram.base[i] }
    for i in 0..<stride { projection.base[i] += other.projection.base[i] }
    squareSum += other.squareSum
    weight += other.weight
    componentCount += other.componentCount
    frameCount += other.frameCount
    atomCount += other.atomCount
    directedPairCount += other.directedPairCount
  }

  /// The statistics; G is symmetric to the last bit, since addition commutes.
  func finish() -> SufficientStatistics {
    let n = dimension
    var statistics = SufficientStatistics(dimension: n)
    for i in 0..<n {
      for j in 0..<n {
        statistics.gram[i * n + j] = halfGram.base[i * stride + j] + halfGram.base[j * stride + i]
      }
    }
    statistics.projection = (0..<n).map { projection.base[$0] }
    statistics.squareSum = squareSum
    statistics.weight = weight
    statistics.componentCount = componentCount
    statistics.frameCount = frameCount
    statistics.atomCount = atomCount
    statistics.pairCount = directedPairCount / 2
    return statistics
  }
}

/// Where sums lie and are changed. Unchecked: the task that works on a lane is the only one to touch
/// the lane's sums, and holds its lock.
final class PartSumsBox: @unchecked Sendable {
  var sums: PartSums

  init(dimension: Int) { sums = PartSums(dimension: dimension) }
}
