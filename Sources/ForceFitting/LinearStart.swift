import COpenBLAS
import CompressedForces
import ExpressionTrees

/// Coefficients of the terms of U by linear least squares, for a start of the fit.
///
/// With one free value per pair type in place of X^A·X^B the loss is a quadratic form of the
/// coefficients; its minimum, brought back to the nearest product of factors, is near that of the
/// true problem for the other parameters as they are.
struct LinearStart {
  let objective: ForceObjective
  /// Parameters by number.
  let coefficients: [Int]
  private let layout: ParameterLayout

  /// Relative ridge that keeps terms which the data cannot tell apart finite.
  private static let ridge = 1e-9

  init(objective: ForceObjective) {
    self.objective = objective
    coefficients = objective.tree.termCoefficients
    layout = objective.tree.layout(typeCount: objective.problem.typeCount)
  }

  /// The force of one coefficient of value 1, on the nodes it reaches.
  private struct Column {
    let coefficient: Int
    /// Nil for a global coefficient.
    let pair: Int?
    let forces: [Double]
  }

  /// Replaces the coefficients in `theta`; leaves it as it is where a force is no number.
  ///
  /// - Parameter constraintWeight: weight of the squared cutoff forces beside the loss.
  func improve(
    _ theta: inout [Double], constraintWeight: Double, random: inout some RandomNumberGenerator
  ) {
    guard !coefficients.isEmpty else { return }
    var bare = theta
    for number in coefficients { setCoefficient(number, to: 0, in: &bare) }
    let rest = objective.gridForces(bare)
    let columns = coefficients.flatMap { self.columns(of: $0, bare: bare, rest: rest) }
    guard let values = solved(columns, rest: rest, constraintWeight: constraintWeight) else {
      return
    }
    for number in coefficients {
      let range = layout.ranges[number]
      let own = zip(columns, values).filter { $0.0.coefficient == number }
      if objective.tree.parameters[number].kind == .global {
        theta[range.lowerBound] = own[0].1
      } else if let factors = factors(of: own.map(\.1), random: &random) {
        theta.replaceSubrange(range, with: factors)
      }
    }
    scaleCoefficients(&theta, rest: rest)
  }

  /// One common scale of all coefficients at its best: what the way back to products has lost.
  private func scaleCoefficients(_ theta: inout [Double], rest: [Double]) {
    let statistics = objective.problem.statistics
    var slopes = rest
    let atRest = statistics.meanSquaredForceError(of: rest, gradient: &slopes)
    let forces = objective.gridForces(theta)
    // Along rest + s·(forces − rest) the loss is atRest + slope·s + curvature·s².
    var slope = 0.0
    for k in slopes.indices { slope += slopes[k] * (forces[k] - rest[k]) }
    let curvature = statistics.meanSquaredForceError(of: forces) - atRest - slope
    let scale = max(-slope / (2 * curvature), Self.smallestScale)
    guard scale.isFinite, curvature > 0 else { return }
    for number in coefficients {
      let isProduct = objective.tree.parameters[number].kind == .product
      for k in layout.ranges[number] { theta[k] *= isProduct ? scale.squareRoot() : scale }
    }
  }

  /// Where no positive scale helps, the start is near zero, not at it.
  private static let smallestScale = 1e-3

  private func setCoefficient(_ number: Int, to value: Double, in theta: inout [Double]) {
    for k in layout.ranges[number] { theta[k] = value }
  }

  private func columns(of number: Int, bare: [Double], rest: [Double]) -> [Column] {
    var theta = bare
    setCoefficient(number, to: 1, in: &theta)
    let forces = zip(objective.gridForces(theta), rest).map { $0 - $1 }
    guard objective.tree.parameters[number].kind == .product else {
      return [Column(coefficient: number, pair: nil, forces: forces)]
    }
    let grid = objective.problem.grid
    return objective.problem.pairTypes.pairs.indices.map { pair in
      var own = Array(repeating: 0.0, count: forces.count)
      let range = grid.offsets[pair]..<(grid.offsets[pair] + grid.pointCounts[pair])
      own.replaceSubrange(range, with: forces[range])
      return Column(coefficient: number, pair: pair, forces: own)
    }
  }

  /// Minimum of the loss over the coefficients of the columns.
  private func solved(
    _ columns: [Column], rest: [Double], constraintWeight: Double
  ) -> [Double]? {
    let statistics = objective.problem.statistics
    var ofRest = rest
    var ofColumn = rest
    _ = statistics.meanSquaredForceError(of: rest, gradient: &ofRest)
    // The gradient at f = 0, −2b/weight; what is above it is linear in f.
    let atZero = statistics.projection.map { -2 * $0 / statistics.weight }
    let count = columns.count
    var matrix = Array(repeating: 0.0, count: count * count)
    var right = Array(repeating: 0.0, count: count)
    let nodesAtCutoff =
      objective.constraintCount > 0 ? objective.problem.grid.offsets : []
    for (j, column) in columns.enumerated() {
      _ = statistics.meanSquaredForceError(of: column.forces, gradient: &ofColumn)
      for (i, other) in columns.enumerated() where i <= j {
        var entry = 0.0
        for k in ofColumn.indices { entry += other.forces[k] * (ofColumn[k] - atZero[k]) / 2 }
        for k in nodesAtCutoff {
          entry += constraintWeight * other.forces[k] * column.forces[k]
        }
        matrix[i + j * count] = entry
        matrix[j + i * count] = entry
      }
      for k in ofRest.indices { right[j] -= column.forces[k] * ofRest[k] / 2 }
      for k in nodesAtCutoff {
        right[j] -= constraintWeight * column.forces[k] * rest[k]
      }
    }
    return Self.solvedSymmetric(&matrix, &right)
  }

  /// Solution of a symmetric positive semidefinite system, equilibrated, with a small ridge.
  private static func solvedSymmetric(_ matrix: inout [Double], _ right: inout [Double])
    -> [Double]?
  {
    let count = right.count
    let scales = (0..<count).map { k -> Double in
      let diagonal = matrix[k + k * count]
      return diagonal > 0 ? 1 / diagonal.squareRoot() : 0
    }
    for j in 0..<count {
      for i in 0..<count { matrix[i + j * count] *= scales[i] * scales[j] }
      matrix[j + j * count] = 1 + ridge
      right[j] *= scales[j]
    }
    guard (matrix + right).allSatisfy(\.isFinite) else { return nil }
    var (n, columns, info) = (Int32(count), Int32(1), Int32(0))
    var (leading, leadingRight) = (n, n)
    dpotrf_("L", &n, &matrix, &leading, &info)
    guard info == 0 else { return nil }
    dpotrs_("L", &n, &columns, matrix, &leading, &right, &leadingRight, &info)
    guard info == 0 else { return nil }
    return zip(right, scales).map(*)
  }

  /// Factors whose products are nearest to one value per pair type: the leading eigenvector.
  private func factors(
    of values: [Double], random: inout some RandomNumberGenerator
  ) -> [Double]? {
    let pairs = objective.problem.pairTypes.pairs
    let count = layout.typeCount
    var matrix = Array(repeating: 0.0, count: count * count)
    for (pair, value) in zip(pairs, values) {
      matrix[pair.first + pair.second * count] = value
      matrix[pair.second + pair.first * count] = value
    }
    guard matrix.allSatisfy(\.isFinite) else { return nil }
    guard let (eigenvalue, vector) = leadingEigenpair(&matrix, count), eigenvalue > 0 else {
      // No positive like pair: small factors of random signs, away from the saddle at zero.
      let size = (values.map(abs).max() ?? 0).squareRoot() * 0.3
      guard size > 0 else { return nil }
      return (0..<count).map { _ in Bool.random(using: &random) ? size : -size }
    }
    let scale = eigenvalue.squareRoot()
    return vector.map { $0 * scale }
  }

  private func leadingEigenpair(_ matrix: inout [Double], _ count: Int) -> (Double, [Double])? {
    var (n, info) = (Int32(count), Int32(0))
    var eigenvalues = Array(repeating: 0.0, count: count)
    var workSize = Int32(1 + 6 * count + 2 * count * count)
    var integerWorkSize = Int32(3 + 5 * count)
    var work = Array(repeating: 0.0, count: Int(workSize))
    var integerWork = Array(repeating: Int32(0), count: Int(integerWorkSize))
    var leading = n
    dsyevd_(
      "V", "L", &n, &matrix, &leading, &eigenvalues, &work, &workSize, &integerWork,
      &integerWorkSize, &info)
    guard info == 0, let largest = eigenvalues.last else { return nil }
    return (largest, Array(matrix[((count - 1) * count)...]))
  }
}
