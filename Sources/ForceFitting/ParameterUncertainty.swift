import AtomicData
import ExpressionTrees

/// How well the data determine θ.
///
/// The sandwich estimate B⁻¹MB⁻¹ (Huber, Proc. 5th Berkeley Symp. 1, 221 (1967); White, Econometrica
/// 50, 1 (1982), doi 10.2307/1912526): B is the matrix of second derivatives of the loss, M the sum of
/// the outer products of its gradients frame by frame (or group by group). It holds where the errors
/// differ from frame to frame, depend on each other within one, or come from a form that is not the
/// law. Under constraints both are taken in the directions the active ones leave.
public struct ParameterUncertainty: Sendable, Hashable {
  /// Covariance of θ, row by row; not a number for parameters that are not determined.
  public let covariance: [Double]
  /// Largest over smallest second derivative of the loss, each parameter in units of its own effect on
  /// the forces; infinite where a direction is not determined.
  public let conditionNumber: Double
  /// The places of θ that the data do not determine.
  public let undetermined: [Int]
  /// Frames or groups.
  public let unitCount: Int

  /// Standard errors in the order of θ.
  public var standardErrors: [Double] {
    let count = Int(Double(covariance.count).squareRoot().rounded())
    return (0..<count).map { covariance[$0 * count + $0].squareRoot() }
  }

  /// Share of the largest second derivative below which a direction counts as not determined.
  private static let flatShare = 1e-10
  /// Squared share in such a direction from which on a parameter is not determined.
  private static let leastShare = 1e-4
  /// Of the differences, in units of a parameter's effect on the loss and of its size.
  private static let differenceStep = 1e-4

  /// - Parameters:
  ///   - theta: at a minimum under the constraints of the problem.
  ///   - scores: Σ_u g_u g_uᵀ with the gradients g_u by θ of what unit u adds to the loss of the
  ///     problem in units of the loss of U = 0, row by row.
  ///   - unitCount: the number of units u.
  public init(
    of tree: ExpressionTree, theta: [Double], problem: FitProblem, scores: [Double],
    unitCount: Int
  ) {
    self.unitCount = unitCount
    let objective = ForceObjective(tree: tree, problem: problem, resolution: problem.fine)
    let curvature = Curvature(objective, theta)
    let p = theta.count
    let reduced = curvature.reduced
    // Covariance = T ΛInverse Tᵀ M T ΛInverse Tᵀ with the determined directions T.
    let largest = reduced.map(\.value).max() ?? 0
    let determined = reduced.filter { $0.value > Self.flatShare * largest }
    var isUndetermined = curvature.scales.map { $0 == 0 }
    for (value, direction) in reduced where !(value > Self.flatShare * largest) {
      for k in 0..<p where direction[k] * direction[k] > Self.leastShare {
        isUndetermined[k] = true
      }
    }
    let smallest = determined.map(\.value).min() ?? 0
    conditionNumber = isUndetermined.contains(true) ? .infinity : largest / smallest
    // Rows of P = Σ t tᵀ/λ in the unscaled parameters.
    var inverse = Array(repeating: 0.0, count: p * p)
    for (value, direction) in determined {
      for i in 0..<p {
        for j in 0..<p {
          inverse[i * p + j] +=
            curvature.scales[i] * direction[i] * direction[j] * curvature.scales[j] / value
        }
      }
    }
    let half = Self.product(inverse, scores, p)
    let freedom = Double(max(1, unitCount - determined.count))
    let correction = Double(unitCount) / freedom
    let product = Self.product(half, inverse, p)
    for k in 0..<p where !product[k * p + k].isFinite { isUndetermined[k] = true }
    undetermined = isUndetermined.indices.filter { isUndetermined[$0] }
    covariance = product.enumerated().map { place, value in
      isUndetermined[place / p] || isUndetermined[place % p] ? .nan : value * correction
    }
  }

  private static func product(_ a: [Double], _ b: [Double], _ n: Int) -> [Double] {
    var result = Array(repeating: 0.0, count: n * n)
    for i in 0..<n {
      for k in 0..<n { for j in 0..<n { result[i * n + j] += a[i * n + k] * b[k * n + j] } }
    }
    return result
  }

  /// The second derivatives of the Lagrangian in the directions that the active constraints leave.
  private struct Curvature {
    /// Lengths of θ that change the residual by 1; 0 for a parameter without effect.
    let scales: [Double]
    /// Second derivatives and unit directions, in parameters in units of `scales`.
    let reduced: [(value: Double, direction: [Double])]

    init(_ objective: ForceObjective, _ theta: [Double]) {
      let (p, m, rows) = (theta.count, objective.constraintCount, objective.rowCount)
      let jacobian = AlignedNumbers(count: p * rows)
      let constraintJacobian = AlignedNumbers(count: max(1, m * p))
      objective.linearize(
        theta, jacobian: jacobian[], constraintJacobian: constraintJacobian[])
      let scales = (0..<p).map { k -> Double in
        var square = 0.0
        for row in 0..<rows { square += jacobian[][k * rows + row] * jacobian[][k * rows + row] }
        return square > 0 && square.isFinite ? 1 / square.squareRoot() : 0
      }
      self.scales = scales
      let values = AlignedNumbers(count: max(1, m))
      objective.constraints(theta, values: values[], jacobian: nil)
      var active = (0..<m).filter {
        objective.isEquality($0) || values[][$0] <= ParameterUncertainty.activeTolerance
      }
      func scaled(_ row: Int) -> [Double] {
        (0..<p).map { constraintJacobian[][row * p + $0] * scales[$0] }
      }
      var gradients = active.map(scaled)
      var multipliers = Self.multipliers(objective, theta, gradients, scales)
      // An inequality that does not hold θ back is none: it would take freedom that is there.
      func pull(_ place: Int) -> Double { multipliers[place] * Self.norm(gradients[place]) }
      while let idle = active.indices.filter({ !objective.isEquality(active[$0]) })
        .max(by: { pull($0) < pull($1) }), pull(idle) > -ParameterUncertainty.leastPull
      {
        active.remove(at: idle)
        gradients.remove(at: idle)
        multipliers = Self.multipliers(objective, theta, gradients, scales)
      }
      let basis = Self.freeDirections(gradients, count: p)
      let hessian = Self.hessian(objective, theta, scales, active, multipliers)
      // ZᵀHZ, then its eigenvectors back in all parameters.
      let eigen = SymmetricEigensystem(count: basis.count)
      for (i, first) in basis.enumerated() {
        for (j, second) in basis[...i].enumerated() {
          var sum = 0.0
          for a in 0..<p { for b in 0..<p { sum += first[a] * hessian[a * p + b] * second[b] } }
          eigen.set(sum, i, j)
        }
      }
      eigen.solve()
      reduced = basis.indices.map { number in
        let direction = (0..<p).map { k in
          basis.indices.reduce(0) { $0 + basis[$1][k] * eigen.component($1, ofVector: number) }
        }
        return (eigen.eigenvalue(number), direction)
      }
    }

    /// Unit vectors orthogonal to the gradients and to each other.
    private static func freeDirections(_ gradients: [[Double]], count: Int) -> [[Double]] {
      var taken: [[Double]] = []
      func rest(_ vector: [Double]) -> [Double]? {
        var vector = vector
        let length = norm(vector)
        guard length > 0 else { return nil }
        // Twice is enough (Giraud, Langou, Rozložník, Numer. Math. 101, 87 (2005)).
        for _ in 0..<2 {
          for other in taken {
            let share = zip(vector, other).reduce(0) { $0 + $1.0 * $1.1 }
            for k in vector.indices { vector[k] -= share * other[k] }
          }
        }
        let left = norm(vector)
        return left > 1e-6 * length ? vector.map { $0 / left } : nil
      }
      for gradient in gradients { if let next = rest(gradient) { taken.append(next) } }
      let constrained = taken.count
      for k in 0..<count {
        var unit = Array(repeating: 0.0, count: count)
        unit[k] = 1
        if let next = rest(unit) { taken.append(next) }
      }
      return Array(taken[constrained...])
    }

    private static func norm(_ vector: [Double]) -> Double {
      vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }

    /// λ with ∇loss + Σ λ ∇c ≈ 0, by least squares with a ridge.
    private static func multipliers(
      _ objective: ForceObjective, _ theta: [Double], _ gradients: [[Double]], _ scales: [Double]
    ) -> [Double] {
      let m = gradients.count
      guard m > 0 else { return [] }
      var gradient = theta
      _ = objective.loss(theta, gradient: &gradient)
      let system = SymmetricSystem(count: m)
      let (normal, weights) = (AlignedNumbers(count: m * m), AlignedNumbers(count: m))
      let solution = AlignedNumbers(count: m)
      var trace = 0.0
      for i in 0..<m {
        for j in 0...i {
          normal[][i * m + j] = zip(gradients[i], gradients[j]).reduce(0) { $0 + $1.0 * $1.1 }
        }
        trace += normal[][i * m + i]
        solution[][i] = -theta.indices.reduce(0) {
          $0 + gradients[i][$1] * gradient[$1] * scales[$1]
        }
      }
      for i in 0..<m { weights[][i] = trace }
      guard system.factorize(normal[], damping: 1e-12, weights: weights[]) else {
        return Array(repeating: 0, count: m)
      }
      system.solve(solution[])
      return (0..<m).map { solution[][$0] }
    }

    /// Second derivatives of the Lagrangian in scaled parameters, by central differences of its
    /// gradient.
    private static func hessian(
      _ objective: ForceObjective, _ theta: [Double], _ scales: [Double], _ active: [Int],
      _ multipliers: [Double]
    ) -> [Double] {
      let (p, m) = (theta.count, objective.constraintCount)
      let values = AlignedNumbers(count: max(1, m))
      let rows = AlignedNumbers(count: max(1, m * p))
      func slope(_ theta: [Double]) -> [Double] {
        var gradient = theta
        _ = objective.loss(theta, gradient: &gradient)
        if !active.isEmpty { objective.constraints(theta, values: values[], jacobian: rows[]) }
        for (row, multiplier) in zip(active, multipliers) {
          for k in 0..<p { gradient[k] += multiplier * rows[][row * p + k] }
        }
        return zip(gradient, scales).map(*)
      }
      var hessian = Array(repeating: 0.0, count: p * p)
      for k in 0..<p where scales[k] > 0 {
        let size = max(abs(theta[k]), ParameterFit.smallestScale)
        let step = ParameterUncertainty.differenceStep * min(scales[k], size)
        var (above, below) = (theta, theta)
        above[k] += step
        below[k] -= step
        let (upper, lower) = (slope(above), slope(below))
        for j in 0..<p { hessian[k * p + j] = (upper[j] - lower[j]) / (2 * step) * scales[k] }
      }
      return (0..<p * p).map { (hessian[$0] + hessian[$0 % p * p + $0 / p]) / 2 }
    }
  }

  /// What an inequality that counts takes off the loss per scaled length, at least.
  private static let leastPull = 1e-8
  /// Value of an inequality up to which it holds θ back: that of a feasible fit.
  private static let activeTolerance = 1e-4
}
