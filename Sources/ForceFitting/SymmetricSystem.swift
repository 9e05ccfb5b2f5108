import AtomicData

/// A small symmetric positive definite system of equations, solved in place.
///
/// Its own Cholesky factorization: for ten unknowns a call of LAPACK costs as much as the work, and the
/// bits of the result must not depend on the machine.
struct SymmetricSystem {
  let count: Int
  private let factor: AlignedNumbers

  init(count: Int) {
    self.count = count
    factor = AlignedNumbers(count: count * count)
  }

  /// Factorizes `matrix` + `damping` · diag(`weights`), lower triangle row by row.
  ///
  /// - Returns: false where the sum is not positive definite.
  func factorize(
    _ matrix: UnsafePointer<Double>, damping: Double, weights: UnsafePointer<Double>
  ) -> Bool {
    let l = factor[]
    for i in 0..<count {
      let row = l + i * count
      for j in 0...i {
        let other = l + j * count
        var sum = matrix[i * count + j]
        if i == j { sum += damping * weights[i] }
        for k in 0..<j { sum -= row[k] * other[k] }
        if i == j {
          guard sum > 0, sum.isFinite else { return false }
          row[i] = sum.squareRoot()
        } else {
          row[j] = sum / other[j]
        }
      }
    }
    return true
  }

  /// Replaces the right-hand side by the solution for the last matrix factorized.
  func solve(_ right: UnsafeMutablePointer<Double>) {
    let l = factor[]
    for i in 0..<count {
      var sum = right[i]
      for k in 0..<i { sum -= l[i * count + k] * right[k] }
      right[i] = sum / l[i * count + i]
    }
    for i in (0..<count).reversed() {
      var sum = right[i]
      for k in (i + 1)..<max(count, i + 1) { sum -= l[k * count + i] * right[k] }
      right[i] = sum / l[i * count + i]
    }
  }
}
