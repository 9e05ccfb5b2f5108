/// A method of local minimization.
public enum Optimizer: String, Sendable, Hashable, CaseIterable, Codable {
  /// Levenberg–Marquardt on the reduced residual, in an augmented Lagrangian.
  case gaussNewton = "gauss-newton"
  /// NLopt's augmented Lagrangian with L-BFGS inside: the reference.
  case nlopt
}

/// Settings of the parameter fit.
public struct FittingOptions: Sendable, Hashable {
  /// Local optimizations from different starting points, at most.
  public var starts: Int
  /// No further start once this many ended at the best loss so far, within `agreement`.
  public var sufficientAgreements: Int
  /// Relative difference of two losses that count as one minimum.
  public var agreement = 1e-4
  /// Objective evaluations of one local optimization, at most.
  public var evaluationsPerStart: Int
  /// Relative change of the loss at which a local optimization stops.
  public var relativeTolerance: Double
  /// Largest |F(r_cut)| of a feasible fit, in units of the root mean square reference force.
  public var feasibilityTolerance = 1e-4
  public var optimizer = Optimizer.gaussNewton

  public init(
    starts: Int, sufficientAgreements: Int, evaluationsPerStart: Int, relativeTolerance: Double
  ) {
    self.starts = starts
    self.sufficientAgreements = sufficientAgreements
    self.evaluationsPerStart = evaluationsPerStart
    self.relativeTolerance = relativeTolerance
  }

  /// For one expression at a time: thorough.
  public static let thorough = FittingOptions(
    starts: 60, sufficientAgreements: 5, evaluationsPerStart: 4_000, relativeTolerance: 1e-12)

  /// For the entries of a front, from where the search left them.
  public static let polishing = FittingOptions(
    starts: 12, sufficientAgreements: 3, evaluationsPerStart: 4_000, relativeTolerance: 1e-12)

  /// For the thousands of candidates of a search.
  public static let quick = FittingOptions(
    starts: 4, sufficientAgreements: 2, evaluationsPerStart: 250, relativeTolerance: 1e-6)
}
