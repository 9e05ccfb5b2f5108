import AtomicData
import CVectorKernels

/// |ρ + Σ_j c_j a_j|² as a function of the values c: cᵀNc + 2vᵀc + s.
final class QuadraticForm {
  let count: Int
  /// N, row by row, both triangles.
  let matrix: AlignedNumbers
  /// v
  let slope: AlignedNumbers
  /// s
  private(set) var constant = 0.0

  init(count: Int) {
    self.count = count
    matrix = AlignedNumbers(count: count * count)
    slope = AlignedNumbers(count: count)
  }

  /// - Parameters:
  ///   - columns: the a_j, `rowCount` numbers each.
  ///   - residual: ρ.
  ///   - penalized: for each column `penalizedCount` numbers that count beside, with a weight.
  /// - Returns: whether all of it are numbers.
  func set(
    columns: UnsafePointer<Double>, residual: UnsafePointer<Double>, rowCount: Int,
    penalized: UnsafePointer<Double>, penalizedRest: UnsafePointer<Double>, penalizedCount: Int,
    weight: Double, kernels: VectorKernels
  ) -> Bool {
    for j in 0..<count {
      kernels.dotProducts(
        columns, rowCount, j + 1, columns + j * rowCount, rowCount, matrix[] + j * count)
    }
    kernels.dotProducts(columns, rowCount, count, residual, rowCount, slope[])
    kernels.dotProducts(residual, rowCount, 1, residual, rowCount, &constant)
    for k in 0..<penalizedCount where weight > 0 {
      for j in 0..<count {
        let own = weight * penalized[j * penalizedCount + k]
        for i in 0...j { matrix[][j * count + i] += own * penalized[i * penalizedCount + k] }
        slope[][j] += own * penalizedRest[k]
      }
      constant += weight * penalizedRest[k] * penalizedRest[k]
    }
    var sum = constant
    for j in 0..<count {
      sum += matrix[][j * count + j] + slope[][j]
      for i in 0..<j { matrix[][i * count + j] = matrix[][j * count + i] }
    }
    return sum.isFinite
  }

  /// The value at c; N c + v is left in `image`.
  func value(at c: UnsafePointer<Double>, image: UnsafeMutablePointer<Double>) -> Double {
    var total = constant
    for i in 0..<count {
      var sum = slope[][i]
      for j in 0..<count { sum += matrix[][i * count + j] * c[j] }
      image[i] = sum
      total += c[i] * (sum + slope[][i])
    }
    return total
  }
}
