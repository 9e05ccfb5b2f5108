import AtomicData

/// The eigenvalues and eigenvectors of a small symmetric matrix, by Jacobi's rotations (Golub, Van Loan,
/// Matrix Computations, 4th ed., 2013, section 8.5).
struct SymmetricEigensystem {
  let count: Int
  /// Eigenvalues on the diagonal once solved.
  private let matrix: AlignedNumbers
  /// Eigenvectors in the columns.
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

  func eigenvalue(_ number: Int) -> Double { matrix[][number * count + number] }

  /// A component of a unit eigenvector.
  func component(_ place: Int, ofVector number: Int) -> Double { vectors[][place * count + number] }

  /// The number of the largest eigenvalue.
  var largest: Int {
    var best = 0
    for k in 1..<max(count, 1) where eigenvalue(k) > eigenvalue(best) { best = k }
    return best
  }

  /// Finds all eigenvalues, in no order; the matrix is used up.
  func solve() {
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
  }
}
