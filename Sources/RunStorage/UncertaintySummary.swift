import ExpressionTrees

/// How well the data determine the parameters of an entry.
public struct UncertaintySummary: Sendable, Codable, Equatable {
  /// What counts as independent: `frames` or `groups`.
  public var units: String
  /// Their number among the training frames.
  public var count: Int
  /// By parameter, as the values; parameters that are not determined are left out.
  public var standardErrors: [String: ParameterValue]
  /// The same from fits to resampled blocks of units; null without a bootstrap.
  @Nullable public var bootstrapErrors: [String: ParameterValue]?
  /// Names of values (`b`, `X.O`) that the data do not determine.
  public var undetermined: [String]
  /// Largest over smallest second derivative of the loss, each value in units of its own effect on the
  /// forces; null where a direction is not determined.
  @Nullable public var conditionNumber: Double?
  /// Covariance of the determined values.
  public var covariance: Covariance

  public struct Covariance: Sendable, Codable, Equatable {
    /// Names of the values, `b` and `X.O`.
    public var order: [String]
    /// Row by row.
    public var matrix: [[Double]]

    public init(order: [String], matrix: [[Double]]) {
      self.order = order
      self.matrix = matrix
    }
  }

  public init(
    units: String, count: Int, standardErrors: [String: ParameterValue],
    bootstrapErrors: [String: ParameterValue]?, undetermined: [String], conditionNumber: Double?,
    covariance: Covariance
  ) {
    self.units = units
    self.count = count
    self.standardErrors = standardErrors
    _bootstrapErrors = Nullable(wrappedValue: bootstrapErrors)
    self.undetermined = undetermined
    _conditionNumber = Nullable(wrappedValue: conditionNumber)
    self.covariance = covariance
  }
}
