extension FitOutcome {
  /// The outcome where there is no reference force: a potential without force, which needs no search.
  ///
  /// - Parameters:
  ///   - theta: values that give no force.
  ///   - loss: mean square of what the reference forces are by rounding, (eV/Å)².
  public static func noForce(theta: [Double], loss: Double) -> FitOutcome {
    FitOutcome(
      theta: theta, meanSquaredForceError: loss, r2: 0, maxConstraintViolation: 0,
      undeterminedDirections: 0, status: .fitted, evaluations: 0, starts: 0,
      stopReason: .converged)
  }
}
