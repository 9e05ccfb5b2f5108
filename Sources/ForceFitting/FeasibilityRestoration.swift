import COpenBLAS

/// Damped Newton steps of least norm onto the constraints c(θ) = 0.
struct FeasibilityRestoration {
  let objective: ForceObjective
  /// Violation at which a point counts as feasible, by `FitOutcome.maxConstraintViolation`.
  let tolerance: Double

  private static let maximumSteps = 12
  private static let maximumHalvings = 4
  /// Relative size below which singular directions of the Jacobian are left alone.
  private static let rankTolerance = 1e-9

  /// Moves `theta` as far as that reduces the violation.
  ///
  /// - Parameter scale: unit of each parameter's length; 0 holds it.
  func apply(_ theta: inout [Double], scale: [Double]) {
    let (rows, count) = (objective.constraintCount, objective.parameterCount)
    guard rows > 0, count > 0 else { return }
    var values = Array(repeating: 0.0, count: rows)
    var jacobian = Array(repeating: 0.0, count: rows * count)
    var violation = objective.maxViolation(theta)
    for _ in 0..<Self.maximumSteps where violation > tolerance * 1e-6 {
      objective.constraints(theta, values: &values, jacobian: &jacobian)
      guard let step = leastNormSolution(jacobian, values, scale: scale) else { return }
      let current = violation
      var length = 1.0
      for _ in 0...Self.maximumHalvings {
        let next = theta.indices.map { theta[$0] - length * step[$0] * scale[$0] }
        let nextViolation = objective.maxViolation(next)
        if nextViolation < current {
          (theta, violation) = (next, nextViolation)
          break
        }
        length /= 2
      }
      guard violation < current else { return }
    }
  }

  private func leastNormSolution(
    _ jacobian: [Double], _ values: [Double], scale: [Double]
  ) -> [Double]? {
    let (rows, count) = (objective.constraintCount, objective.parameterCount)
    var matrix = Array(repeating: 0.0, count: rows * count)
    for row in 0..<rows {
      for k in 0..<count { matrix[row + k * rows] = jacobian[row * count + k] * scale[k] }
    }
    let length = max(rows, count)
    var solution = values + Array(repeating: 0, count: length - rows)
    guard (matrix + solution).allSatisfy(\.isFinite) else { return nil }
    var pivots = Array(repeating: Int32(0), count: count)
    var (m, n, one, leading) = (Int32(rows), Int32(count), Int32(1), Int32(length))
    var (rank, info) = (Int32(0), Int32(0))
    var rankTolerance = Self.rankTolerance
    // min(m, n) + 3n + 1, and 2·min(m, n) + 1, are what dgelsy needs at least.
    var workSize = Int32(4 * length + 3 * count + 1)
    var work = Array(repeating: 0.0, count: Int(workSize))
    var leadingMatrix = m
    dgelsy_(
      &m, &n, &one, &matrix, &leadingMatrix, &solution, &leading, &pivots, &rankTolerance, &rank,
      &work, &workSize, &info)
    return info == 0 ? Array(solution.prefix(count)) : nil
  }
}
