/// A local minimization of the loss under the constraints.
protocol LocalMinimizer {
  /// Minimizes from `theta` and leaves the best point found there.
  ///
  /// - Parameter seed: of what randomness the method has.
  func minimize(_ theta: inout [Double], seed: UInt64) -> FitOutcome.StopReason
}
