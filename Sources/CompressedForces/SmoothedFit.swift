import COpenBLAS

/// Least squares for free grid values under a roughness penalty.
///
/// Minimizes (fᵀGf − 2bᵀf)/weight + smoothing · fᵀPf with f = 0 at every node 0: the normal
/// equations by Cholesky. The penalty leaves straight lines free, so a pair type with hardly any
/// pairs could be undetermined; a ridge of 1e-13 of the mean diagonal keeps the factor positive.
struct SmoothedFit {
  let penalty: RoughnessPenalty

  init(grid: RadialGrid) {
    penalty = RoughnessPenalty(grid: grid)
    // One thread: the same bits whatever the machine's core count, and no pool to wait for.
    openblas_set_num_threads(1)
  }

  /// The grid values of the minimum, eV/Å; nil where the equations are too ill-conditioned.
  func gridValues(_ statistics: SufficientStatistics, smoothing: Double) -> [Double]? {
    let free = penalty.freeIndices
    let n = free.count
    guard n > 0, statistics.weight > 0 else { return nil }
    var matrix = Array(repeating: 0.0, count: n * n)
    for row in 0..<n {
      let gramRow = free[row] * statistics.dimension
      for column in 0..<n {
        matrix[row * n + column] =
          statistics.gram[gramRow + free[column]] / statistics.weight
          + smoothing * penalty.matrix[row * n + column]
      }
    }
    let meanDiagonal = (0..<n).reduce(0) { $0 + matrix[$1 * n + $1] } / Double(n)
    for row in 0..<n { matrix[row * n + row] += 1e-13 * meanDiagonal }

    var solution = free.map { statistics.projection[$0] / statistics.weight }
    var size = Int32(n)
    var columns: Int32 = 1
    var info: Int32 = 0
    dpotrf_("L", &size, &matrix, &size, &info)
    guard info == 0 else { return nil }
    dpotrs_("L", &size, &columns, &matrix, &size, &solution, &size, &info)
    guard info == 0, solution.allSatisfy(\.isFinite) else { return nil }
    var values = Array(repeating: 0.0, count: statistics.dimension)
    for (index, value) in zip(free, solution) { values[index] = value }
    return values
  }
}
