import ExpressionTrees

/// The potential whose forces were taken off the data before anything was fitted.
public struct BackgroundSummary: Sendable, Codable, Equatable {
  /// Of a known potential; null for an expression.
  @Nullable public var name: String?
  public var expression: String
  /// As in an entry of the front, eV and Å.
  public var parameters: [String: ParameterValue]
  public var cutoffMode: String

  public init(
    name: String?, expression: String, parameters: [String: ParameterValue], cutoffMode: String
  ) {
    _name = Nullable(wrappedValue: name)
    self.expression = expression
    self.parameters = parameters
    self.cutoffMode = cutoffMode
  }

  /// How people call it.
  public var title: String { name ?? expression }
}
