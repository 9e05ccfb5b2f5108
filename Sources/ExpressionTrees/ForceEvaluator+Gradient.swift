#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension ForceEvaluator {
  /// Σ_k w_k ∂f_k/∂θ, by one reverse sweep from the last `evaluate`.
  ///
  /// - Parameters:
  ///   - theta: the θ of the last `evaluate`.
  ///   - weights: w, `forceCount` numbers; for a loss, its derivatives by the forces.
  ///   - gradient: receives `parameterCount` numbers.
  public func accumulateGradient(
    theta: UnsafePointer<Double>, weights: UnsafePointer<Double>,
    gradient: UnsafeMutablePointer<Double>
  ) {
    gradient.update(repeating: 0, count: parameterCount)
    let root = slots[slots.count - 1]
    guard root.extent >= .perNode else { return }
    // Both adjoints stand one behind the other.
    valueAdjoints.update(repeating: 0, count: 2 * (slopes - values))
    for pair in 0..<pairCount {
      let segment = segments[pair]
      let start = root.extent == .perNode ? root.start : root.start + segment.start
      for k in 0..<segment.count { slopeAdjoints[start + k] -= weights[segment.start + k] }
    }
    for instruction in instructions.reversed() {
      forEachRun(of: instruction) { propagate(instruction.operation, $0) }
    }
    for leaf in leaves {
      let adjoint = valueAdjoints + slots[leaf.slot].start
      switch leaf.kind {
      case .global: gradient[leaf.thetaStart] = adjoint[0]
      case .product:
        let factors = theta + leaf.thetaStart
        let target = gradient + leaf.thetaStart
        for pair in 0..<pairCount {
          let (first, second) = pairs[pair]
          target[first] += adjoint[pair] * factors[second]
          target[second] += adjoint[pair] * factors[first]
        }
      }
    }
  }

  /// Adds to the adjoints of the operands what the adjoints of the result contribute.
  ///
  /// With v = h(x, y) and v′ = h_x x′ + h_y y′, every operand takes from both. A constant has
  /// x′ = 0, and the adjoint of its x′ is never read. Where both adjoints of the result are zero there
  /// is nothing to add, also not zero times infinity.
  @inline(__always)
  private func propagate(_ operation: Instruction.Operation, _ run: Run) {
    let (n, ls, rs) = (run.count, run.leftStride, run.rightStride)
    let (v, dv) = (values + run.result, slopes + run.result)
    let (vBar, dvBar) = (valueAdjoints + run.result, slopeAdjoints + run.result)
    let (x, dx) = (values + run.left, slopes + run.left)
    let (y, dy) = (values + run.right, slopes + run.right)
    let (xBar, dxBar) = (valueAdjoints + run.left, slopeAdjoints + run.left)
    let (yBar, dyBar) = (valueAdjoints + run.right, slopeAdjoints + run.right)
    switch operation {
    case .add, .subtract:
      let sign: Double = if case .add = operation { 1 } else { -1 }
      for k in 0..<n {
        xBar[k * ls] += vBar[k]
        dxBar[k * ls] += dvBar[k]
      }
      for k in 0..<n {
        yBar[k * rs] += sign * vBar[k]
        dyBar[k * rs] += sign * dvBar[k]
      }
    case .multiply:
      for k in 0..<n where vBar[k] != 0 || dvBar[k] != 0 {
        xBar[k * ls] += vBar[k] * y[k * rs] + dvBar[k] * dy[k * rs]
        dxBar[k * ls] += dvBar[k] * y[k * rs]
      }
      for k in 0..<n where vBar[k] != 0 || dvBar[k] != 0 {
        yBar[k * rs] += vBar[k] * x[k * ls] + dvBar[k] * dx[k * ls]
        dyBar[k * rs] += dvBar[k] * x[k * ls]
      }
    case .divide:
      for k in 0..<n where !isBeyondRange(y[k * rs], dy[k * rs]) {
        let inverse = 1 / y[k * rs]
        let ratio = v[k] * inverse
        let slope = dy[k * rs] * inverse
        xBar[k * ls] += (vBar[k] - dvBar[k] * slope) * inverse
        dxBar[k * ls] += dvBar[k] * inverse
        yBar[k * rs] += dvBar[k] * (ratio * slope - dv[k] * inverse) - vBar[k] * ratio
        dyBar[k * rs] -= dvBar[k] * ratio
      }
    case .power:
      for k in 0..<n where vBar[k] != 0 || dvBar[k] != 0 {
        let (base, exponent) = (x[k * ls], y[k * rs])
        let logarithm = log(base)
        let relativeSlope = dx[k * ls] / base
        let ofBase = v[k] * exponent / base
        let ofExponent = v[k] * logarithm
        let logarithmicSlope = exponent * relativeSlope + logarithm * dy[k * rs]
        xBar[k * ls] +=
          vBar[k] * ofBase + dvBar[k]
          * (ofBase * (logarithmicSlope - relativeSlope) + v[k] * dy[k * rs] / base)
        dxBar[k * ls] += dvBar[k] * ofBase
        yBar[k * rs] +=
          vBar[k] * ofExponent + dvBar[k] * (ofExponent * logarithmicSlope + v[k] * relativeSlope)
        dyBar[k * rs] += dvBar[k] * ofExponent
      }
    case .wholePower(let exponent):
      let (first, second) = (Double(exponent), Double(exponent * (exponent - 1)))
      for k in 0..<n where vBar[k] != 0 || dvBar[k] != 0 {
        let lowest = exponent >= 2 ? wholePower(x[k * ls], exponent - 2) : 0
        let lower = exponent >= 2 ? lowest * x[k * ls] : 1
        xBar[k * ls] += vBar[k] * first * lower + dvBar[k] * second * lowest * dx[k * ls]
        dxBar[k * ls] += dvBar[k] * first * lower
      }
    case .exp:
      for k in 0..<n where vBar[k] != 0 || dvBar[k] != 0 {
        xBar[k * ls] += vBar[k] * v[k] + dvBar[k] * dv[k]
        dxBar[k * ls] += dvBar[k] * v[k]
      }
    case .negate:
      for k in 0..<n {
        xBar[k * ls] -= vBar[k]
        dxBar[k * ls] -= dvBar[k]
      }
    }
  }
}
