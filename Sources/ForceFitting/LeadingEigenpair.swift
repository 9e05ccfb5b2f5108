import AtomicData

/// The largest eigenvalue of a small symmetric matrix and its eigenvector, by Jacobi's rotations
/// (Golub, Van Loan, Matrix Computations, 4th ed., 2013, section 8.5).
struct LeadingEigenpair {
  let count: Int
  private let matrix: AlignedNumbers
  private let vectors: AlignedNumbers

  private static let maximumSweeps = 20

  init(count: Int) {
    self.count = count
    matrix = AlignedNumbers(count: count * count)
    vectors = AlignedNumbers(count: count * count)
  }

  func set(_ value: Double, _ row: Int, _ column: Int) {
    matrix[][row * count + column] = value
    matrix[][column * count + row] = value
  }

  /// Leaves the unit eigenvector in `vector`; the matrix is used up.
  func solve(into vector: UnsafeMutablePointer<Double>) -> Double {
    let (a, v, n) = (matrix[], vectors[], count)
    v.update(repeating: 0, count: n * n)
    for k in 0..<n { v[k * n + k] = 1 }
    for _ in 0..<Self.maximumSweeps {
      var hasRotated = false
      for p in 0..<n {
        for q in (p + 1)..<max(n, p + 1) {
          let off = a[p * n + q]
          guard abs(off) > 1e-12 * (abs(a[p * n + p]) + abs(a[q * n + q])) else { continue }
          hasRotated = true
          let half = (a[q * n + q] - a[p * n + p]) / (2 * off)
          let tangent = (half < 0 ? -1 : 1) / (abs(half) + (half * half + 1).squareRoot())
          let cosine = 1 / (tangent * tangent + 1).squareRoot()
          let sine = tangent * cosine
          for k in 0..<n {
            let (x, y) = (a[k * n + p], a[k * n + q])
            (a[k * n + p], a[k * n + q]) = (cosine * x - sine * y, sine * x + cosine * y)
          }
          for k in 0..<n {
            let (x, y) = (a[p * n + k], a[q * n + k])
            (a[p * n + k], a[q * n + k]) = (cosine * x - sine * y, sine * x + cosine * y)
            let (s, t) = (v[k * n + p], v[k * n + q])
            (v[k * n + p], v[k * n + q]) = (cosine * s - sine * t, sine * s + cosine * t)
          }
        }
      }
      if !hasRotated { break }
    }
    var best = 0
    for k in 1..<max(n, 1) where a[k * n + k] > a[best * n + best] { best = k }
    for k in 0..<n { vector[k] = v[k * n + best] }
    return a[best * n + best]
  }
}
