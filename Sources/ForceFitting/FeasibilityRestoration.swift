import AtomicData

/// Damped Newton steps of least norm onto the constraints c(θ) = 0.
///
/// The constraints may depend on each other, as those of a shape that all pair types share do: a small
/// ridge then picks the least step among the many.
struct FeasibilityRestoration {
  let objective: ForceObjective

  private let values: AlignedNumbers
  private let jacobian: AlignedNumbers
  private let normal: AlignedNumbers
  private let weights: AlignedNumbers
  private let step: AlignedNumbers
  private let next: AlignedNumbers
  private let system: SymmetricSystem

  private static let maximumHalvings = 4
  private static let ridge = 1e-9

  init(objective: ForceObjective) {
    self.objective = objective
    let (m, p) = (objective.constraintCount, objective.parameterCount)
    values = AlignedNumbers(count: m)
    jacobian = AlignedNumbers(count: m * p)
    normal = AlignedNumbers(count: m * m)
    weights = AlignedNumbers(count: m)
    step = AlignedNumbers(count: p)
    next = AlignedNumbers(count: p)
    system = SymmetricSystem(count: m)
  }

  /// Moves `theta` as far as that reduces the violation.
  ///
  /// - Parameters:
  ///   - scale: unit of each parameter's length; 0 holds it.
  ///   - target: violation at which to end.
  ///   - maximumSteps: steps at most.
  func apply(
    _ theta: inout [Double], scale: [Double], target: Double, maximumSteps: Int = 12
  ) {
    let (rows, count) = (objective.constraintCount, objective.parameterCount)
    guard rows > 0, count > 0 else { return }
    var violation = objective.maxViolation(theta)
    for _ in 0..<maximumSteps where violation > target {
      objective.constraints(theta, values: values[], jacobian: jacobian[])
      guard setStep(scale) else { return }
      let current = violation
      var length = 1.0
      for _ in 0...Self.maximumHalvings {
        for k in 0..<count { next[][k] = theta[k] - length * step[][k] }
        let nextViolation = objective.maxViolation(next[])
        if nextViolation < current {
          for k in 0..<count { theta[k] = next[][k] }
          violation = nextViolation
          break
        }
        length /= 2
      }
      guard violation < current else { return }
    }
  }

  /// The step S²Aᵀ(AS²Aᵀ)⁻¹c with the Jacobian A and the scales S.
  private func setStep(_ scale: [Double]) -> Bool {
    let (rows, count) = (objective.constraintCount, objective.parameterCount)
    var trace = 0.0
    for i in 0..<rows {
      for j in 0...i {
        var sum = 0.0
        for k in 0..<count {
          let unit = scale[k] * scale[k]
          sum += jacobian[][i * count + k] * jacobian[][j * count + k] * unit
        }
        normal[][i * rows + j] = sum
      }
      trace += normal[][i * rows + i]
    }
    guard trace > 0, trace.isFinite else { return false }
    for i in 0..<rows { weights[][i] = trace }
    guard system.factorize(normal[], damping: Self.ridge, weights: weights[]) else { return false }
    system.solve(values[])
    for k in 0..<count {
      var sum = 0.0
      for i in 0..<rows { sum += jacobian[][i * count + k] * values[][i] }
      step[][k] = scale[k] * scale[k] * sum
      if !step[][k].isFinite { return false }
    }
    return true
  }
}
