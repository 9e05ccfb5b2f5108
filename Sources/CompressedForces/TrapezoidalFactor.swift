import AtomicData
import CVectorKernels

/// R with RᵀR = G and d with Rᵀd = b, for a symmetric positive semidefinite G.
struct TrapezoidalFactor {
  private(set) var rank = 0
  /// Length of the columns, whole vectors of eight; zero from the rank on.
  let rowStride: Int
  /// d, length `rowStride`.
  private(set) var target: [Double]

  private let dimension: Int
  private let kernels: VectorKernels
  /// R column by column.
  private var columns: [Double]

  /// Factorizes with complete pivoting on the matrix scaled to a unit diagonal.
  ///
  /// - Parameters:
  ///   - gram: G, n×n.
  ///   - projection: b, length n.
  ///   - tolerance: share of its diagonal element below which what is left of a row is rounding.
  init(gram: [Double], projection: [Double], tolerance: Double, kernels: VectorKernels) {
    let n = projection.count
    let stride = wholeVectors(n)
    dimension = n
    self.kernels = kernels
    // Rows of R, each of length `stride`, in the order of the pivots.
    var rows: [Double] = []
    var left = (0..<n).map { gram[$0 * n + $0] }
    var isPivot = Array(repeating: false, count: n)
    var target: [Double] = []
    while let pivot = Self.next(left, gram, isPivot, tolerance) {
      var row =
        Array(gram[(pivot * n)..<((pivot + 1) * n)]) + Array(repeating: 0, count: stride - n)
      let factors = (0..<target.count).map { -rows[$0 * stride + pivot] }
      if !factors.isEmpty {
        kernels.multiplyAdd(rows, stride, stride, factors.count, factors, 0, 1, &row, stride)
      }
      let root = left[pivot].squareRoot()
      for k in 0..<n { row[k] = isPivot[k] ? 0 : row[k] / root }
      row[pivot] = root
      for k in 0..<n { left[k] -= row[k] * row[k] }
      let known = zip(factors, target).reduce(0) { $0 + $1.0 * $1.1 }
      target.append((projection[pivot] + known) / root)
      rows += row
      isPivot[pivot] = true
    }
    rank = target.count
    rowStride = max(8, wholeVectors(rank))
    columns = Array(repeating: 0, count: n * rowStride)
    for row in 0..<rank {
      for k in 0..<n { columns[k * rowStride + row] = rows[row * stride + k] }
    }
    self.target = target + Array(repeating: 0, count: rowStride - rank)
  }

  private static func next(
    _ left: [Double], _ gram: [Double], _ isPivot: [Bool], _ tolerance: Double
  ) -> Int? {
    let n = left.count
    var best: (index: Int, share: Double)?
    for k in 0..<n where !isPivot[k] && gram[k * n + k] > 0 {
      let share = left[k] / gram[k * n + k]
      if share > best?.share ?? tolerance { best = (k, share) }
    }
    return best?.index
  }

  func column(_ k: Int) -> ArraySlice<Double> {
    columns[(k * rowStride)..<((k + 1) * rowStride)]
  }

  /// Turns R into an upper trapezoid by reflections, which change no sum of squares.
  mutating func triangulate() {
    var reflector = Array(repeating: 0.0, count: rowStride)
    var scales = Array(repeating: 0.0, count: dimension)
    for k in 0..<min(rank, dimension) {
      for row in 0..<rowStride { reflector[row] = row < k ? 0 : columns[k * rowStride + row] }
      let norm = reflector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard norm > 0 else { continue }
      reflector[k] += reflector[k] < 0 ? -norm : norm
      let square = reflector.reduce(0) { $0 + $1 * $1 }
      let count = dimension - k
      columns.withUnsafeMutableBufferPointer { columns in
        guard let start = columns.baseAddress.map({ $0 + k * rowStride }) else { return }
        kernels.dotProducts(start, rowStride, count, reflector, rowStride, &scales)
        for j in 0..<count { scales[j] *= -2 / square }
        kernels.multiplyAdd(
          reflector, rowStride, rowStride, 1, scales, 1, count, start, rowStride)
      }
      let product = zip(reflector, target).reduce(0) { $0 + $1.0 * $1.1 }
      for row in 0..<rowStride { target[row] -= 2 / square * product * reflector[row] }
      for row in (k + 1)..<max(rank, k + 1) { columns[k * rowStride + row] = 0 }
    }
  }
}
