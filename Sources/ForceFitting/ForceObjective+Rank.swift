import AtomicData

extension ForceObjective {
  /// Share of its own square of a column of the Jacobian left over by the others below which it is a
  /// combination of them.
  private static let dependentShare = 1e-10

  /// Directions in θ along which neither the forces nor the constraints change, to first order.
  ///
  /// By Cholesky factorization with pivoting of the normal matrix scaled to a unit diagonal.
  func undeterminedDirections(_ theta: [Double]) -> Int {
    let (p, m) = (parameterCount, constraintCount)
    guard p > 0 else { return 0 }
    let jacobian = AlignedNumbers(count: p * rowCount)
    let constraintJacobian = AlignedNumbers(count: m * p)
    linearize(theta, jacobian: jacobian[], constraintJacobian: constraintJacobian[])
    var normal = Array(repeating: Array(repeating: 0.0, count: p), count: p)
    for i in 0..<p {
      problem.kernels.dotProducts(
        jacobian[], rowCount, p, jacobian[] + i * rowCount, rowCount, &normal[i])
      for row in 0..<m {
        for j in 0..<p {
          normal[i][j] += constraintJacobian[][row * p + i] * constraintJacobian[][row * p + j]
        }
      }
    }
    let scales = (0..<p).map { normal[$0][$0] > 0 ? 1 / normal[$0][$0].squareRoot() : 0 }
    for i in 0..<p { for j in 0..<p { normal[i][j] *= scales[i] * scales[j] } }
    var left = Array(0..<p)
    while let pivot = left.max(by: { normal[$0][$0] < normal[$1][$1] }),
      normal[pivot][pivot] > Self.dependentShare
    {
      left.removeAll { $0 == pivot }
      for i in left {
        let factor = normal[i][pivot] / normal[pivot][pivot]
        for j in left { normal[i][j] -= factor * normal[pivot][j] }
      }
    }
    return left.count
  }
}
