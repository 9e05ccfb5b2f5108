import AtomicData

/// Damped Newton steps of least norm onto the constraints c(θ) = 0, and c(θ) ≥ 0 where they are missed.
///
/// The constraints may depend on each other, as those of a shape that all pair types share do: a small
/// ridge then picks the least step among the many.
struct FeasibilityRestoration {
  let objective: ForceObjective
  /// The constraints that matter, by number.
  private let rows: Range<Int>

  private let values: AlignedNumbers
  private let multipliers: AlignedNumbers
  private let jacobian: AlignedNumbers
  private let normal: AlignedNumbers
  private let weights: AlignedNumbers
  private let step: AlignedNumbers
  private let next: AlignedNumbers
  private let system: SymmetricSystem

  private static let maximumHalvings = 4
  private static let ridge = 1e-9

  /// - Parameter rows: the constraints that matter; nil: all.
  init(objective: ForceObjective, rows: Range<Int>? = nil) {
    let rows = rows ?? 0..<objective.constraintCount
    self.objective = objective
    self.rows = rows
    let (m, p) = (objective.constraintCount, objective.parameterCount)
    values = AlignedNumbers(count: m)
    jacobian = AlignedNumbers(count: m * p)
    multipliers = AlignedNumbers(count: rows.count)
    normal = AlignedNumbers(count: rows.count * rows.count)
    weights = AlignedNumbers(count: rows.count)
    step = AlignedNumbers(count: p)
    next = AlignedNumbers(count: p)
    system = SymmetricSystem(count: rows.count)
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
    let count = objective.parameterCount
    guard !rows.isEmpty, count > 0 else { return }
    var violation = violation(theta)
    for _ in 0..<maximumSteps where violation > target {
      objective.constraints(theta, values: values[], jacobian: jacobian[])
      guard setStep(scale) else { return }
      let current = violation
      var length = 1.0
      for _ in 0...Self.maximumHalvings {
        for k in 0..<count { next[][k] = theta[k] - length * step[][k] }
        let nextViolation = self.violation(next[])
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

  private func violation(_ theta: UnsafePointer<Double>) -> Double {
    objective.maxViolation(theta, of: rows)
  }

  /// The step S²Aᵀ(AS²Aᵀ)⁻¹c with the Jacobian A and the scales S; constraints that hold already are
  /// left out.
  private func setStep(_ scale: [Double]) -> Bool {
    let (m, count) = (rows.count, objective.parameterCount)
    var trace = 0.0
    for i in 0..<m {
      let row = rows.lowerBound + i
      let isMissed = objective.isEquality(row) || values[][row] < 0
      multipliers[][i] = isMissed ? values[][row] : 0
      let own = jacobian[] + row * count
      for k in 0..<count where !isMissed { own[k] = 0 }
      for j in 0...i {
        let other = jacobian[] + (rows.lowerBound + j) * count
        var sum = 0.0
        for k in 0..<count {
          let unit = scale[k] * scale[k]
          sum += own[k] * other[k] * unit
        }
        normal[][i * m + j] = sum
      }
      trace += normal[][i * m + i]
    }
    guard trace > 0, trace.isFinite else { return false }
    for i in 0..<m { weights[][i] = trace }
    guard system.factorize(normal[], damping: Self.ridge, weights: weights[]) else { return false }
    system.solve(multipliers[])
    for k in 0..<count {
      var sum = 0.0
      for i in 0..<m { sum += jacobian[][(rows.lowerBound + i) * count + k] * multipliers[][i] }
      step[][k] = scale[k] * scale[k] * sum
      if !step[][k].isFinite { return false }
    }
    return true
  }
}
