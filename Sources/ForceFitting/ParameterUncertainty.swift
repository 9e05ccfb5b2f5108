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

  /// Second derivative, of a parameter in units of its own effect on the loss, below which a direction
  /// counts as not determined.
  private static let flatCurvature = 1e-10
  /// Squared share in such a direction from which on a parameter is not determined.
  private static let leastShare = 1e-4
  /// What a feasible fit may miss a constraint by, and an inequality may be away from its bound.
  private static let tolerance = FittingOptions.thorough.feasibilityTolerance

  /// - Parameters:
  ///   - tree: the potential U(r|θ).
  ///   - theta: at a minimum under the constraints of the problem.
  ///   - problem: what was minimized.
  ///   - scores: Σ_u g_u g_uᵀ with the gradients g_u by θ of what unit u adds to the loss of the
  ///     problem in units of the loss of U = 0, row by row.
  ///   - unitCount: the number of units u.
  public init(
    of tree: ExpressionTree, theta: [Double], problem: FitProblem, scores: [Double],
    unitCount: Int
  ) {
    self.unitCount = unitCount
    let objective = ForceObjective(tree: tree, problem: problem, resolution: problem.fine)
    let rows = Rows(objective, theta)
    var active = rows.rigid
    var estimate = Estimate(objective, theta, active, scores, unitCount)
    // Conditions on forces hold within a tolerance: one that the scatter of θ does not bring beyond
    // it takes no freedom away.
    while let next = rows.mostMoved(by: estimate, except: active, tolerance: Self.tolerance) {
      active.append(next)
      estimate = Estimate(objective, theta, active, scores, unitCount)
    }
    covariance = estimate.covariance
    conditionNumber = estimate.conditionNumber
    undetermined = estimate.isUndetermined.indices.filter { estimate.isUndetermined[$0] }
  }

  /// The constraints at θ and their gradients.
  private struct Rows {
    /// Conditions on parameters alone, and inequalities that may hold θ back.
    let rigid: [Int]
    private let tolerant: [Int]
    private let gradients: [[Double]]

    init(_ objective: ForceObjective, _ theta: [Double]) {
      let (p, m) = (theta.count, objective.constraintCount)
      let values = AlignedNumbers(count: max(1, m))
      let jacobian = AlignedNumbers(count: max(1, m * p))
      objective.constraints(theta, values: values[], jacobian: jacobian[])
      gradients = (0..<m).map { row in (0..<p).map { jacobian[][row * p + $0] } }
      let linear = objective.linearConstraints
      rigid = (0..<m).filter {
        objective.isEquality($0)
          ? linear.contains($0) : values[][$0] <= ParameterUncertainty.tolerance
      }
      tolerant = (0..<m).filter { objective.isEquality($0) && !linear.contains($0) }
    }

    /// The constraint that the scatter of θ moves most, if by more than the tolerance.
    func mostMoved(by estimate: Estimate, except active: [Int], tolerance: Double) -> Int? {
      let scatters = tolerant.filter { !active.contains($0) }
        .map { ($0, estimate.scatter(along: gradients[$0])) }
      guard let most = scatters.max(by: { $0.1 < $1.1 }), most.1 > tolerance else { return nil }
      return most.0
    }
  }

  /// The sandwich under some constraints.
  private struct Estimate {
    var covariance: [Double]
    let conditionNumber: Double
    var isUndetermined: [Bool]

    init(
      _ objective: ForceObjective, _ theta: [Double], _ active: [Int], _ scores: [Double],
      _ unitCount: Int
    ) {
      let curvature = LagrangianCurvature(objective, theta, candidates: active)
      let (p, scales) = (theta.count, curvature.scales)
      // Covariance = T Λ⁻¹ Tᵀ M T Λ⁻¹ Tᵀ with the determined directions T.
      let flat = ParameterUncertainty.flatCurvature
      let determined = curvature.reduced.filter { $0.value > flat }
      var isUndetermined = scales.map { $0 == 0 }
      for (value, direction) in curvature.reduced where !(value > flat) {
        for k in 0..<p where direction[k] * direction[k] > ParameterUncertainty.leastShare {
          isUndetermined[k] = true
        }
      }
      let largest = determined.map(\.value).max() ?? 0
      let smallest = determined.map(\.value).min() ?? 0
      var inverse = Array(repeating: 0.0, count: p * p)
      for (value, direction) in determined {
        for i in 0..<p {
          for j in 0..<p {
            inverse[i * p + j] += scales[i] * direction[i] * direction[j] * scales[j] / value
          }
        }
      }
      let half = ParameterUncertainty.product(inverse, scores, p)
      var product = ParameterUncertainty.product(half, inverse, p)
      // What constraints hold has no error, not that of rounding.
      for k in 0..<p where product[k * p + k] < 1e-20 * scales[k] * scales[k] {
        for j in 0..<p { (product[k * p + j], product[j * p + k]) = (0, 0) }
      }
      for k in 0..<p where !product[k * p + k].isFinite { isUndetermined[k] = true }
      conditionNumber = isUndetermined.contains(true) ? .infinity : largest / smallest
      let freedom = Double(max(1, unitCount - determined.count))
      let correction = Double(unitCount) / freedom
      covariance = product.enumerated().map { place, value in
        isUndetermined[place / p] || isUndetermined[place % p] ? .nan : value * correction
      }
      self.isUndetermined = isUndetermined
    }

    /// Standard deviation of what has this gradient; infinite where an undetermined value moves it.
    func scatter(along gradient: [Double]) -> Double {
      let p = gradient.count
      var sum = 0.0
      for i in 0..<p where gradient[i] != 0 {
        if isUndetermined[i] { return .infinity }
        for j in 0..<p where gradient[j] != 0 {
          sum += gradient[i] * covariance[i * p + j] * gradient[j]
        }
      }
      return max(0, sum).squareRoot()
    }
  }

  private static func product(_ a: [Double], _ b: [Double], _ n: Int) -> [Double] {
    var result = Array(repeating: 0.0, count: n * n)
    for i in 0..<n {
      for k in 0..<n { for j in 0..<n { result[i * n + j] += a[i * n + k] * b[k * n + j] } }
    }
    return result
  }
}
