/// A method of local minimization.
public enum Optimizer: String, Sendable, Hashable, CaseIterable, Codable {
  /// Levenberg–Marquardt on the reduced residual, in an augmented Lagrangian.
  case gaussNewton = "gauss-newton"
  /// NLopt's augmented Lagrangian with L-BFGS inside: the reference.
  case nlopt
}

/// Settings of the parameter fit.
public struct FittingOptions: Sendable, Hashable {
  /// Local minimizations from different starting points, at most.
  public var starts: Int
  /// No further start once this many ended at the best loss so far, within `agreement`.
  public var sufficientAgreements: Int
  /// Relative difference of two losses that count as one minimum.
  public var agreement = 1e-4
  /// Objective evaluations of one local minimization, at most.
  public var evaluationsPerStart: Int
  /// Relative change of the loss at which a local minimization stops.
  public var relativeTolerance: Double
  /// Largest |F(r_cut)| of a feasible fit, in units of the root mean square reference force.
  public var feasibilityTolerance = 1e-4
  /// Whether the best fit is finished: driven on to constraints that hold to rounding, where that costs
  /// nothing, and its undetermined directions counted.
  public var finishesFit = true
  public var optimizer = Optimizer.gaussNewton
  /// Searches of starts before a form is dropped after a rough fit; more than one where the first leads
  /// near what would be of use, or nowhere.
  public var roughSearches = 1
  public var startSearch = StartSearchOptions()

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
  public static let quick = {
    var options = FittingOptions(
      starts: 2, sufficientAgreements: 2, evaluationsPerStart: 100, relativeTolerance: 1e-6)
    options.finishesFit = false
    return options
  }()

  /// NLopt's augmented Lagrangian from plain starts, for comparisons.
  public static let reference = {
    var options = FittingOptions(
      starts: 50, sufficientAgreements: .max, evaluationsPerStart: 4_000, relativeTolerance: 1e-9)
    options.finishesFit = false
    return options.with(.nlopt)
  }()

  /// The same by another method; NLopt goes with plain starts, as it did before there was another.
  public func with(_ optimizer: Optimizer) -> FittingOptions {
    var options = self
    options.optimizer = optimizer
    if optimizer == .nlopt { options.startSearch = .plain }
    return options
  }
}

/// How a starting point is looked for.
public struct StartSearchOptions: Sendable, Hashable {
  /// Some of the best points descend a little way on the coarse grid.
  public struct Stage: Sendable, Hashable {
    /// Points that take part.
    public var count: Int
    /// Evaluations of each on the coarse grid.
    public var evaluations: Int

    public init(count: Int, evaluations: Int) {
      self.count = count
      self.evaluations = evaluations
    }
  }

  /// Points drawn at random for each parameter that is no coefficient of a term.
  public var drawsPerShape = 25
  /// Points drawn, at most.
  public var maximumDraws = 100
  /// Draws in which the product parameters of shapes have one value for all types, for each other draw:
  /// ranges and exponents differ less between types than amplitudes do.
  public var alikeShare = 0.4
  public var stages = [Stage(count: 16, evaluations: 12), Stage(count: 4, evaluations: 50)]

  public init() {}

  /// The best of four points, and no descent.
  public static let plain = {
    var options = StartSearchOptions()
    options.drawsPerShape = 4
    options.maximumDraws = 4
    options.alikeShare = 0
    options.stages = []
    return options
  }()
}
