/// The errors of an entry on the training frames, each scored by parameters fitted without its fold.
/// The form was found on all of them.
public struct CrossValidationSummary: Sendable, Codable, Equatable {
  /// eV/Å
  public var rmse: Double
  /// Standard error over frames or groups; null for fewer than two.
  @Nullable public var rmseError: Double?
  public var r2: Double
  @Nullable public var r2Error: Double?

  public init(rmse: Double, rmseError: Double?, r2: Double, r2Error: Double?) {
    self.rmse = rmse
    _rmseError = Nullable(wrappedValue: rmseError)
    self.r2 = r2
    _r2Error = Nullable(wrappedValue: r2Error)
  }

  enum CodingKeys: String, CodingKey {
    case rmse = "RMSE"
    case rmseError = "RMSEError"
    case r2 = "R2"
    case r2Error = "R2Error"
  }
}
