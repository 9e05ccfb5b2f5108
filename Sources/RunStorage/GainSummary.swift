/// How far an entry is from others on the same held-out frames: differences of losses with their own
/// errors, in units of the loss of U = 0, that is, of R².
public struct GainSummary: Sendable, Codable, Equatable {
  /// What the losses are over.
  public enum Measure: String, Sendable, Codable {
    case crossValidation = "cross-validation"
    case validation
  }

  public var measure: Measure
  public var overNothing: Double
  @Nullable public var overNothingError: Double?
  /// Over the entry before it; null for the first.
  @Nullable public var overSmaller: Double?
  @Nullable public var overSmallerError: Double?
  /// Behind the entry with the lowest loss.
  public var behindBest: Double
  @Nullable public var behindBestError: Double?

  public init(
    measure: Measure, overNothing: Double, overNothingError: Double?, overSmaller: Double?,
    overSmallerError: Double?, behindBest: Double, behindBestError: Double?
  ) {
    self.measure = measure
    self.overNothing = overNothing
    _overNothingError = Nullable(wrappedValue: overNothingError)
    _overSmaller = Nullable(wrappedValue: overSmaller)
    _overSmallerError = Nullable(wrappedValue: overSmallerError)
    self.behindBest = behindBest
    _behindBestError = Nullable(wrappedValue: behindBestError)
  }
}
