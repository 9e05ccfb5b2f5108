import ExpressionTrees

/// One potential of a front. Errors in eV/Å.
public struct FrontEntry: Sendable, Codable, Equatable {
  public var complexity: Int
  public var expression: String
  public var parameters: [String: ParameterValue]
  /// Over the training frames, from the statistics.
  public var trainRMSE: Double
  @Nullable public var validationRMSE: Double?
  /// Standard error over frames or groups; null where there are fewer than two.
  @Nullable public var validationRMSEError: Double?
  @Nullable public var validationR2: Double?
  /// Null without folds, and where a fit without one of them has no usable outcome.
  @Nullable public var crossValidation: CrossValidationSummary?
  /// Null without held-out frames.
  @Nullable public var gain: GainSummary?
  /// Over all frames, from the statistics.
  public var compressedRMSE: Double
  /// Over all frames, by the direct sum over pairs.
  public var directRMSE: Double
  public var r2: Double
  /// χ² over its degrees of freedom, over all frames; null where the forces' standard errors are not
  /// known.
  @Nullable public var reducedChiSquared: Double?
  /// The errors in what is matched beside forces; null where nothing is.
  @Nullable public var targets: [TargetScore]?
  /// Largest violation of a constraint, |F(r_cut)| over the pair types among them, in units of the
  /// root mean square reference force.
  public var maxConstraintViolation: Double
  /// In the order of the document's constraints; null where there are none.
  @Nullable public var constraintViolations: [Double]?
  /// Units of the parameters by name; null for one that has a meaning only with r in Å and U in eV.
  @Nullable public var parameterUnits: [String: Nullable<String>]?
  /// Null where it was not asked for.
  @Nullable public var uncertainty: UncertaintySummary?
  public var recommended: Bool
  /// Names of `EmptinessFlag`.
  public var flags: [String]

  public init(
    complexity: Int, expression: String, parameters: [String: ParameterValue], trainRMSE: Double,
    validationRMSE: Double?, validationRMSEError: Double? = nil, validationR2: Double?,
    crossValidation: CrossValidationSummary? = nil, gain: GainSummary? = nil,
    compressedRMSE: Double, directRMSE: Double, r2: Double, reducedChiSquared: Double? = nil,
    targets: [TargetScore]? = nil,
    maxConstraintViolation: Double,
    constraintViolations: [Double]? = nil, parameterUnits: [String: Nullable<String>]? = nil,
    uncertainty: UncertaintySummary? = nil, recommended: Bool, flags: [String]
  ) {
    self.complexity = complexity
    self.expression = expression
    self.parameters = parameters
    self.trainRMSE = trainRMSE
    _validationRMSE = Nullable(wrappedValue: validationRMSE)
    _validationRMSEError = Nullable(wrappedValue: validationRMSEError)
    _validationR2 = Nullable(wrappedValue: validationR2)
    _crossValidation = Nullable(wrappedValue: crossValidation)
    _gain = Nullable(wrappedValue: gain)
    self.compressedRMSE = compressedRMSE
    self.directRMSE = directRMSE
    self.r2 = r2
    _reducedChiSquared = Nullable(wrappedValue: reducedChiSquared)
    _targets = Nullable(wrappedValue: targets)
    self.maxConstraintViolation = maxConstraintViolation
    _constraintViolations = Nullable(wrappedValue: constraintViolations)
    _parameterUnits = Nullable(wrappedValue: parameterUnits)
    _uncertainty = Nullable(wrappedValue: uncertainty)
    self.recommended = recommended
    self.flags = flags
  }

  enum CodingKeys: String, CodingKey {
    case complexity, expression, parameters, trainRMSE, validationRMSE, validationRMSEError
    case validationR2, crossValidation, gain
    case compressedRMSE, directRMSE, reducedChiSquared, targets, maxConstraintViolation,
      constraintViolations
    case parameterUnits, uncertainty, recommended, flags
    case r2 = "R2"
  }
}

/// A potential beside the front. Errors in eV/Å, from the statistics.
public struct AlternativeEntry: Sendable, Codable, Equatable {
  public var complexity: Int
  public var expression: String
  public var parameters: [String: ParameterValue]
  public var trainRMSE: Double
  @Nullable public var validationRMSE: Double?

  public init(
    complexity: Int, expression: String, parameters: [String: ParameterValue], trainRMSE: Double,
    validationRMSE: Double?
  ) {
    self.complexity = complexity
    self.expression = expression
    self.parameters = parameters
    self.trainRMSE = trainRMSE
    _validationRMSE = Nullable(wrappedValue: validationRMSE)
  }
}

/// In JSON a number, or an object of numbers by the name of a type or of a pair of types.
extension ParameterValue: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else {
      self = .byName(try container.decode([String: Double].self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let value): try container.encode(value)
    case .byName(let factors): try container.encode(factors)
    }
  }
}
