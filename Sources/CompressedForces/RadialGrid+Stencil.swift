extension RadialGrid {
  /// Weights of nodes 0…7 at position `t`, between nodes of a grid.
  ///
  /// Lagrange's polynomials on 8 equidistant nodes; the weights sum to 1 and reproduce the node
  /// values exactly. Products from both ends give all weights without a division, so that a
  /// position at a node is no special case. The pairs of the data have theirs from the kernels
  /// (`findStencils`).
  @inline(__always)
  static func weights(at t: Double) -> SIMD8<Double> {
    let (t1, t2, t3, t4) = (t - 1, t - 2, t - 3, t - 4)
    let (t5, t6, t7) = (t - 5, t - 6, t - 7)
    let left2 = t * t1
    let left3 = left2 * t2
    let left4 = left3 * t3
    let left5 = left4 * t4
    let left6 = left5 * t5
    let right5 = t6 * t7
    let right4 = right5 * t5
    let right3 = right4 * t4
    let right2 = right3 * t3
    let right1 = right2 * t2
    var products = SIMD8<Double>()
    products[0] = right1 * t1
    products[1] = t * right1
    products[2] = left2 * right2
    products[3] = left3 * right3
    products[4] = left4 * right4
    products[5] = left5 * right5
    products[6] = left6 * t7
    products[7] = left6 * t6
    return products * inverseDenominators
  }

  /// 1/∏_{m≠j} (j − m) = (−1)^(7−j) / (j! (7−j)!) for j = 0…7.
  private static let inverseDenominators: SIMD8<Double> = [
    -1 / 5040, 1 / 720, -1 / 240, 1 / 144, -1 / 144, 1 / 240, -1 / 720, 1 / 5040,
  ]
}
