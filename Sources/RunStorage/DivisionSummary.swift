/// How the frames of a document are divided.
public struct DivisionSummary: Sendable, Codable, Equatable {
  /// Null where none were asked for.
  @Nullable public var folds: Int?
  @Nullable public var group: String?
  /// Values of the group key that are held out; null where a share is.
  @Nullable public var heldOut: [String]?
  /// What counts as independent: `frames` or `groups`.
  public var units: String
  /// Units that the errors over the folds, and over the validation frames, are made of; null without.
  @Nullable public var trainingUnits: Int?
  @Nullable public var validationUnits: Int?

  public init(
    folds: Int?, group: String?, heldOut: [String]?, units: String, trainingUnits: Int?,
    validationUnits: Int?
  ) {
    _folds = Nullable(wrappedValue: folds)
    _group = Nullable(wrappedValue: group)
    _heldOut = Nullable(wrappedValue: heldOut)
    self.units = units
    _trainingUnits = Nullable(wrappedValue: trainingUnits)
    _validationUnits = Nullable(wrappedValue: validationUnits)
  }
}
