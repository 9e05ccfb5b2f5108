import AtomicData

/// The second derivatives of the Lagrangian in the directions that the active constraints leave.
struct LagrangianCurvature {
  /// Lengths of θ that change the residual by 1; 0 for a parameter without effect.
  let scales: [Double]
  /// Second derivatives and unit directions, in parameters in units of `scales`.
  let reduced: [(value: Double, direction: [Double])]

  /// The constraints that were left, by number.
  let active: [Int]

  /// - Parameter candidates: constraints to be taken as active; inequalities among them that do not
  ///   hold θ back are left out.
  init(_ objective: ForceObjective, _ theta: [Double], candidates: [Int]) {
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
    var active = candidates
    func scaled(_ row: Int) -> [Double] {
      (0..<p).map { constraintJacobian[][row * p + $0] * scales[$0] }
    }
    var gradients = active.map(scaled)
    var multipliers = Self.multipliers(objective, theta, gradients, scales)
    // An inequality that does not hold θ back is none: it would take freedom that is there.
    func pull(_ place: Int) -> Double { multipliers[place] * Self.norm(gradients[place]) }
    while let idle = active.indices.filter({ !objective.isEquality(active[$0]) })
      .max(by: { pull($0) < pull($1) }), pull(idle) > -Self.leastPull
    {
      active.remove(at: idle)
      gradients.remove(at: idle)
      multipliers = Self.multipliers(objective, theta, gradients, scales)
    }
    self.active = active
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
      let step = Self.differenceStep * min(scales[k], size)
      var (above, below) = (theta, theta)
      above[k] += step
      below[k] -= step
      let (upper, lower) = (slope(above), slope(below))
      for j in 0..<p { hessian[k * p + j] = (upper[j] - lower[j]) / (2 * step) * scales[k] }
    }
    return (0..<p * p).map { (hessian[$0] + hessian[$0 % p * p + $0 / p]) / 2 }
  }

  /// What an inequality that counts takes off the loss per scaled length, at least.
  private static let leastPull = 1e-8
  /// Of the differences, in units of a parameter's effect on the loss and of its size.
  private static let differenceStep = 1e-4
}
