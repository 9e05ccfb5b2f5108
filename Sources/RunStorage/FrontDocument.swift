import ExpressionTrees

/// A front with what it was found on: `front.json`. Forces in eV/Å, lengths in Å.
///
/// Holds no times, hosts, paths or thread counts: equal seed, data, options and budget give equal
/// bytes. `fit` and `evaluate` print the same with one entry.
public struct FrontDocument: Sendable, Codable, Equatable {
  public var formatVersion = 1
  public var dataset: DatasetSummary
  public var units = "eV, Å"
  /// r_cut, Å.
  public var cutoff: Double
  public var cutoffMode: String
  public var seed: UInt64
  public var grammar: GrammarSummary
  /// Every canonical form with at most this many nodes was fitted.
  public var certifiedComplexity: Int
  /// Candidates fitted.
  public var evaluations: Int
  /// Null where the data are too few to choose its smoothing.
  @Nullable public var floor: FloorSummary?
  public var baselines: [BaselineSummary]
  public var front: [FrontEntry]

  public init(
    dataset: DatasetSummary, cutoff: Double, cutoffMode: String, seed: UInt64,
    grammar: GrammarSummary, certifiedComplexity: Int, evaluations: Int, floor: FloorSummary?,
    baselines: [BaselineSummary], front: [FrontEntry]
  ) {
    self.dataset = dataset
    self.cutoff = cutoff
    self.cutoffMode = cutoffMode
    self.seed = seed
    self.grammar = grammar
    self.certifiedComplexity = certifiedComplexity
    self.evaluations = evaluations
    _floor = Nullable(wrappedValue: floor)
    self.baselines = baselines
    self.front = front
  }
}

public struct DatasetSummary: Sendable, Codable, Equatable {
  public var name: String
  public var sha256: String
  public var frames: Int
  /// Root mean square of all reference force components, eV/Å.
  public var rmsForce: Double

  public init(name: String, sha256: String, frames: Int, rmsForce: Double) {
    self.name = name
    self.sha256 = sha256
    self.frames = frames
    self.rmsForce = rmsForce
  }
}

public struct GrammarSummary: Sendable, Codable, Equatable {
  public var operators: [String]
  public var parameters: [String]
  public var maxComplexity: Int

  public init(operators: [String], parameters: [String], maxComplexity: Int) {
    self.operators = operators
    self.parameters = parameters
    self.maxComplexity = maxComplexity
  }
}

/// The best free-form pair force, eV/Å.
public struct FloorSummary: Sendable, Codable, Equatable {
  /// Over all frames, fitted to the training frames.
  public var RMSE: Double
  /// Mean over the folds of the training frames, each predicted by the others.
  public var crossValidatedRMSE: Double
  @Nullable public var validationRMSE: Double?

  public init(RMSE: Double, crossValidatedRMSE: Double, validationRMSE: Double?) {
    self.RMSE = RMSE
    self.crossValidatedRMSE = crossValidatedRMSE
    _validationRMSE = Nullable(wrappedValue: validationRMSE)
  }
}

public struct BaselineSummary: Sendable, Codable, Equatable {
  public var name: String
  public var directRMSE: Double
  @Nullable public var validationRMSE: Double?
  public var R2: Double

  public init(name: String, directRMSE: Double, validationRMSE: Double?, R2: Double) {
    self.name = name
    self.directRMSE = directRMSE
    _validationRMSE = Nullable(wrappedValue: validationRMSE)
    self.R2 = R2
  }
}

public struct FrontEntry: Sendable, Codable, Equatable {
  public var complexity: Int
  public var expression: String
  public var parameters: [String: ParameterValue]
  /// Over the training frames, from the statistics.
  public var trainRMSE: Double
  @Nullable public var validationRMSE: Double?
  @Nullable public var validationR2: Double?
  /// Over all frames, from the statistics.
  public var compressedRMSE: Double
  /// Over all frames, by the direct sum over pairs.
  public var directRMSE: Double
  public var R2: Double
  /// Largest |F(r_cut)| over the pair types, in units of the root mean square reference force.
  public var maxConstraintViolation: Double
  public var recommended: Bool
  public var flags: [String]

  public init(
    complexity: Int, expression: String, parameters: [String: ParameterValue], trainRMSE: Double,
    validationRMSE: Double?, validationR2: Double?, compressedRMSE: Double, directRMSE: Double,
    R2: Double, maxConstraintViolation: Double, recommended: Bool, flags: [String]
  ) {
    self.complexity = complexity
    self.expression = expression
    self.parameters = parameters
    self.trainRMSE = trainRMSE
    _validationRMSE = Nullable(wrappedValue: validationRMSE)
    _validationR2 = Nullable(wrappedValue: validationR2)
    self.compressedRMSE = compressedRMSE
    self.directRMSE = directRMSE
    self.R2 = R2
    self.maxConstraintViolation = maxConstraintViolation
    self.recommended = recommended
    self.flags = flags
  }
}

/// A value that is written as `null` where there is none, instead of being left out.
@propertyWrapper
public struct Nullable<Value: Sendable & Codable & Equatable>: Sendable, Codable, Equatable {
  public var wrappedValue: Value?

  public init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    wrappedValue = container.decodeNil() ? nil : try container.decode(Value.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
  }
}

/// In JSON a number, or an object of numbers by type name.
extension ParameterValue: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else {
      self = .perType(try container.decode([String: Double].self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let value): try container.encode(value)
    case .perType(let factors): try container.encode(factors)
    }
  }
}
