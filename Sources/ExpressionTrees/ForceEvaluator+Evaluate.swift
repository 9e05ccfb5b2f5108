#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension ForceEvaluator {
  /// One run of consecutive numbers of a result, with where its operands stand.
  ///
  /// A stride of 0 holds one number fast: a constant, or the value of the pair type at hand.
  struct Run {
    let result: Int
    let count: Int
    let left: Int
    let leftStride: Int
    let right: Int
    let rightStride: Int
  }

  /// Calls `body` for every run of the instruction's result: one, or one per pair type.
  @inline(__always)
  func forEachRun(of instruction: Instruction, _ body: (Run) -> Void) {
    let result = slots[instruction.result]
    let left = slots[instruction.left]
    let right = slots[instruction.right]
    switch result.extent {
    case .scalar, .perPair, .perNode:
      let count =
        result.extent == .scalar ? 1 : result.extent == .perPair ? pairCount : nodeCount
      body(
        Run(
          result: result.start, count: count,
          left: left.start, leftStride: left.extent == .scalar ? 0 : 1,
          right: right.start, rightStride: right.extent == .scalar ? 0 : 1))
    case .perPairAndNode:
      for pair in 0..<pairCount {
        let (leftStart, leftStride) = operand(left, pair)
        let (rightStart, rightStride) = operand(right, pair)
        body(
          Run(
            result: result.start + segments[pair].start, count: segments[pair].count,
            left: leftStart, leftStride: leftStride,
            right: rightStart, rightStride: rightStride))
      }
    }
  }

  @inline(__always)
  private func operand(_ slot: Slot, _ pair: Int) -> (start: Int, stride: Int) {
    switch slot.extent {
    case .scalar: (slot.start, 0)
    case .perPair: (slot.start + pair, 0)
    case .perNode: (slot.start, 1)
    case .perPairAndNode: (slot.start + segments[pair].start, 1)
    }
  }

  /// The pair forces f = −dU/dr for θ.
  ///
  /// - Parameters:
  ///   - theta: `parameterCount` values.
  ///   - forces: receives `forceCount` forces, eV/Å.
  public func evaluate(theta: UnsafePointer<Double>, forces: UnsafeMutablePointer<Double>) {
    setParameters(theta)
    for instruction in instructions {
      let hasSlope = slots[instruction.result].extent >= .perNode
      forEachRun(of: instruction) { apply(instruction.operation, $0, hasSlope: hasSlope) }
    }
    let root = slots[slots.count - 1]
    for pair in 0..<pairCount {
      let segment = segments[pair]
      let target = forces + segment.start
      if root.extent < .perNode {
        target.update(repeating: 0, count: segment.count)
      } else {
        let slope = slopes + operand(root, pair).start
        for k in 0..<segment.count { target[k] = -slope[k] }
      }
    }
  }

  private func setParameters(_ theta: UnsafePointer<Double>) {
    for leaf in leaves {
      let target = values + slots[leaf.slot].start
      switch leaf.kind {
      case .global: target[0] = theta[leaf.thetaStart]
      case .product:
        let factors = theta + leaf.thetaStart
        for pair in 0..<pairCount {
          target[pair] = factors[pairs[pair].first] * factors[pairs[pair].second]
        }
      }
    }
  }

  /// Value and slope of one run. Slopes of constants are never read as anything but zero.
  @inline(__always)
  private func apply(_ operation: Instruction.Operation, _ run: Run, hasSlope: Bool) {
    let (n, ls, rs) = (run.count, run.leftStride, run.rightStride)
    let v = values + run.result
    let dv = slopes + run.result
    let (x, dx) = (values + run.left, slopes + run.left)
    let (y, dy) = (values + run.right, slopes + run.right)
    switch operation {
    case .add:
      for k in 0..<n { v[k] = x[k * ls] + y[k * rs] }
      if hasSlope { for k in 0..<n { dv[k] = dx[k * ls] + dy[k * rs] } }
    case .subtract:
      for k in 0..<n { v[k] = x[k * ls] - y[k * rs] }
      if hasSlope { for k in 0..<n { dv[k] = dx[k * ls] - dy[k * rs] } }
    case .multiply:
      for k in 0..<n { v[k] = x[k * ls] * y[k * rs] }
      if hasSlope {
        for k in 0..<n { dv[k] = dx[k * ls] * y[k * rs] + x[k * ls] * dy[k * rs] }
      }
    case .divide:
      for k in 0..<n { v[k] = x[k * ls] / y[k * rs] }
      if hasSlope {
        for k in 0..<n {
          // What an exponential beyond the range of numbers divides is zero, and flat.
          dv[k] =
            isBeyondRange(y[k * rs], dy[k * rs])
            ? 0 : (dx[k * ls] - v[k] * dy[k * rs]) / y[k * rs]
        }
      }
    case .power:
      for k in 0..<n { v[k] = pow(x[k * ls], y[k * rs]) }
      if hasSlope {
        for k in 0..<n {
          let base = x[k * ls]
          let slope = dy[k * rs]
          dv[k] =
            y[k * rs] * v[k] / base * dx[k * ls] + (slope == 0 ? 0 : log(base) * v[k] * slope)
        }
      }
    case .wholePower(let exponent):
      for k in 0..<n {
        let lower = wholePower(x[k * ls], exponent - 1)
        v[k] = lower * x[k * ls]
        if hasSlope { dv[k] = Double(exponent) * lower * dx[k * ls] }
      }
    case .exp:
      for k in 0..<n { v[k] = exp(x[k * ls]) }
      // Beyond the range of numbers an exponential is zero, and flat, whatever its argument's slope.
      if hasSlope { for k in 0..<n { dv[k] = v[k] == 0 ? 0 : v[k] * dx[k * ls] } }
    case .negate:
      for k in 0..<n { v[k] = -x[k * ls] }
      if hasSlope { for k in 0..<n { dv[k] = -dx[k * ls] } }
    }
  }
}

/// Whether a divisor or its slope has overflowed.
@inline(__always)
func isBeyondRange(_ value: Double, _ slope: Double) -> Bool {
  value.isInfinite || slope.isInfinite
}

/// xⁿ by repeated squaring, n ≥ 0.
@inline(__always)
func wholePower(_ x: Double, _ n: Int) -> Double {
  var result = 1.0
  var square = x
  var rest = n
  while rest > 0 {
    if rest & 1 == 1 { result *= square }
    square *= square
    rest >>= 1
  }
  return result
}
