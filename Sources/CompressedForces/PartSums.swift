import AtomicData

/// Running sums of one part of the data; `finish()` makes `SufficientStatistics` of them.
///
/// G is kept as a matrix M with G = M + Mᵀ: a block w_j w_kᵀ is added once, wherever it falls.
struct PartSums: Sendable {
  let dimension: Int
  /// Length of M's rows: the dimension rounded up to whole panels.
  let stride: Int
  private var halfGram: [Double]
  private(set) var projection: [Double]
  private(set) var squareSum = 0.0
  private(set) var weight = 0.0
  var frameCount = 0
  var atomCount = 0
  var pairCount = 0
  /// Dense rows of A not yet multiplied, see `addRows`.
  var pendingRows: [Double] = []
  var pendingCount = 0

  init(dimension: Int) {
    self.dimension = dimension
    stride = Self.stride(dimension: dimension)
    halfGram = Array(repeating: 0, count: stride * stride)
    projection = Array(repeating: 0, count: stride)
  }

  static func stride(dimension: Int) -> Int {
    (dimension + DensePanels.width - 1) / DensePanels.width * DensePanels.width
  }

  mutating func addReference(_ force: SIMD3<Double>, weight frameWeight: Double) {
    squareSum += frameWeight * dot(force, force)
    weight += 3 * frameWeight
  }

  /// b += w Σ_j (n_j·F) w_j.
  mutating func addProjection(
    of force: SIMD3<Double>, _ neighbors: [Neighbor], _ stencils: [Stencil],
    weight frameWeight: Double
  ) {
    projection.withUnsafeMutableBufferPointer { projection in
      guard let b = projection.baseAddress else { return }
      for (neighbor, stencil) in zip(neighbors, stencils) {
        let scale = frameWeight * dot(neighbor.direction, force)
        add8(scale * stencil.weights, to: b + stencil.start)
      }
    }
  }

  /// Whether 64 m²/2 multiplications for 8×8 blocks are fewer than 3 n²/2 for dense rows. A
  /// multiplication in a block costs one and a half of those in the dense product, as measured.
  func prefersBlocks(neighborCount m: Int) -> Bool {
    96 * m * m < 3 * dimension * dimension
  }

  /// Adds one atom's three rows to G by blocks, one for each two of its neighbours.
  mutating func addBlocks(
    _ neighbors: [Neighbor], _ stencils: [Stencil], weight frameWeight: Double
  ) {
    let stride = stride
    halfGram.withUnsafeMutableBufferPointer { halfGram in
      guard let m = halfGram.baseAddress else { return }
      neighbors.withUnsafeBufferPointer { neighbors in
        stencils.withUnsafeBufferPointer { stencils in
          for j in 0..<neighbors.count {
            let rows = m + stencils[j].start * stride
            // n_j·n_j = 1, and M's transpose adds the other half.
            let scaled = frameWeight * stencils[j].weights
            addOuter(0.5 * scaled, stencils[j].weights, to: rows + stencils[j].start, stride)
            for k in (j + 1)..<neighbors.count {
              let cosine = dot(neighbors[j].direction, neighbors[k].direction)
              addOuter(scaled, cosine * stencils[k].weights, to: rows + stencils[k].start, stride)
            }
          }
        }
      }
    }
  }

  /// Adds one atom's three rows to G by way of dense rows.
  ///
  /// - Parameter scratch: three rows of length `stride`, zero before and after.
  mutating func addRows(
    _ neighbors: [Neighbor], _ stencils: [Stencil], weight frameWeight: Double,
    scratch: inout [Double]
  ) {
    if pendingRows.isEmpty { pendingRows = DensePanels.makeRows(stride: stride) }
    let (stride, pendingCount) = (stride, pendingCount)
    scratch.withUnsafeMutableBufferPointer { scratch in
      guard let row = scratch.baseAddress else { return }
      for (neighbor, stencil) in zip(neighbors, stencils) {
        for component in 0..<3 {
          add8(
            neighbor.direction[component] * stencil.weights,
            to: row + component * stride + stencil.start)
        }
      }
      pendingRows.withUnsafeMutableBufferPointer { pending in
        guard let pending = pending.baseAddress else { return }
        for component in 0..<3 {
          DensePanels.moveRow(
            row + component * stride, stride: stride, scale: frameWeight.squareRoot(),
            to: pending, at: pendingCount + component)
        }
      }
    }
    self.pendingCount += 3
    if self.pendingCount == DensePanels.rowCount { multiplyPendingRows() }
  }

  /// M += ½ RᵀR on the diagonal panels, RᵀR above them, for the pending rows R.
  private mutating func multiplyPendingRows() {
    guard pendingCount > 0 else { return }
    let stride = stride
    pendingRows.withUnsafeMutableBufferPointer { rows in
      halfGram.withUnsafeMutableBufferPointer { halfGram in
        guard let m = halfGram.baseAddress, let rows = rows.baseAddress else { return }
        DensePanels.addProducts(of: rows, stride: stride, to: m)
        rows.update(repeating: 0, count: DensePanels.rowCount * stride)
      }
    }
    pendingCount = 0
  }

  mutating func merge(_ other: PartSums) {
    multiplyPendingRows()
    var other = other
    other.multiplyPendingRows()
    for i in halfGram.indices { halfGram[i] += other.halfGram[i] }
    for i in projection.indices { projection[i] += other.projection[i] }
    squareSum += other.squareSum
    weight += other.weight
    frameCount += other.frameCount
    atomCount += other.atomCount
    pairCount += other.pairCount
  }

  /// The statistics; G is symmetric to the last bit, since addition commutes.
  func finish() -> SufficientStatistics {
    var complete = self
    complete.multiplyPendingRows()
    let (n, m) = (dimension, complete.halfGram)
    var statistics = SufficientStatistics(dimension: n)
    for i in 0..<n {
      for j in 0..<n { statistics.gram[i * n + j] = m[i * stride + j] + m[j * stride + i] }
    }
    statistics.projection = Array(projection[..<n])
    statistics.squareSum = squareSum
    statistics.weight = weight
    statistics.frameCount = frameCount
    statistics.atomCount = atomCount
    statistics.pairCount = pairCount
    return statistics
  }
}

/// An 8×8 block += `column` · `row`ᵀ.
@inline(__always)
private func addOuter(
  _ column: SIMD8<Double>, _ row: SIMD8<Double>, to block: UnsafeMutablePointer<Double>,
  _ stride: Int
) {
  for i in 0..<8 { add8(column[i] * row, to: block + i * stride) }
}

/// Eight consecutive numbers += `values`, at any alignment.
@inline(__always)
private func add8(_ values: SIMD8<Double>, to pointer: UnsafeMutablePointer<Double>) {
  let raw = UnsafeMutableRawPointer(pointer)
  let sum = raw.loadUnaligned(as: SIMD8<Double>.self) + values
  raw.storeBytes(of: sum, as: SIMD8<Double>.self)
}
