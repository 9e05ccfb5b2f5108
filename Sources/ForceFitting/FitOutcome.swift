/// What came of a fit: always a value, never an exception.
public struct FitOutcome: Sendable, Hashable {
  /// The best parameters found, gauge fixed, in the order of `ExpressionTree.layout(typeCount:)`.
  public var theta: [Double]
  /// Loss over the data of the problem, (eV/Å)²; not a number where no start had one, and never below
  /// 1e-12 of the loss of U = 0, where rounding and the grid begin to count.
  public var meanSquaredForceError: Double
  /// 1 − loss / mean squared reference force.
  public var r2: Double
  /// Largest violation of a constraint by our own evaluation, |F(r_cut)| over the pair types among
  /// them, in units of the root mean square reference force; 0 without constraints. Of a finished fit
  /// that of `FitProblem.violations(of:theta:)` too.
  public var maxConstraintViolation: Double
  /// Directions in θ that change neither the forces nor the constraints: more than 0 where values are
  /// arbitrary, as those of two parameters that enter as a product alone. Nil where the fit was not
  /// finished (`FittingOptions.finishesFit`).
  public var undeterminedDirections: Int?
  public var status: Status
  /// Evaluations of the objective over all starts.
  public var evaluations: Int
  /// Starts made.
  public var starts: Int
  /// Why the best start stopped.
  public var stopReason: StopReason

  public init(
    theta: [Double], meanSquaredForceError: Double, r2: Double, maxConstraintViolation: Double,
    undeterminedDirections: Int?, status: Status, evaluations: Int, starts: Int,
    stopReason: StopReason
  ) {
    self.theta = theta
    self.meanSquaredForceError = meanSquaredForceError
    self.r2 = r2
    self.maxConstraintViolation = maxConstraintViolation
    self.undeterminedDirections = undeterminedDirections
    self.status = status
    self.evaluations = evaluations
    self.starts = starts
    self.stopReason = stopReason
  }

  public enum Status: String, Sendable, Hashable {
    case fitted
    /// No parameters fulfil the constraints within the tolerance.
    case infeasible
    /// No start had a finite loss.
    case failed
    /// Given up after a rough fit on the coarse grid, to which loss and θ belong.
    case dropped
  }

  /// Why a local optimization stopped.
  public enum StopReason: String, Sendable, Hashable {
    case converged
    case evaluationLimit
    case roundoff
    case failure
  }

  /// Whether the fit is usable: feasible, finite, and better than no force at all.
  public var isCandidate: Bool { status == .fitted && r2 > Self.smallestR2 }

  /// Below, a form lives on the tolerance of the constraints alone.
  private static let smallestR2 = 1e-4
}
