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
  /// Conditions on the potentials beside that of the cutoff mode, in words; null without any.
  @Nullable public var constraints: [String]?
  /// What was taken off the reference forces beforehand; null without it.
  @Nullable public var background: BackgroundSummary?
  /// Null for the front of several runs or stages with different seeds.
  @Nullable public var seed: UInt64?
  public var grammar: GrammarSummary
  /// Every canonical form with at most this many nodes was fitted.
  public var certifiedComplexity: Int
  /// Candidates fitted.
  public var evaluations: Int
  /// Null where the data are too few to choose its smoothing.
  @Nullable public var floor: FloorSummary?
  public var baselines: [BaselineSummary]
  /// Null where all frames train and no folds are asked for.
  @Nullable public var division: DivisionSummary?
  /// By what the recommended entry was chosen, or why none was; null in documents of one form.
  @Nullable public var recommendation: String?
  /// What is to be known of the data, a sentence each; empty where nothing is.
  @Nullable public var warnings: [String]?
  public var front: [FrontEntry]
  /// Forms nearly as good as the best of their size, by rising complexity and training error; null in
  /// documents of one form.
  @Nullable public var alternatives: [AlternativeEntry]?

  public init(
    dataset: DatasetSummary, cutoff: Double, cutoffMode: String, constraints: [String]? = nil,
    background: BackgroundSummary? = nil, seed: UInt64?,
    grammar: GrammarSummary, certifiedComplexity: Int, evaluations: Int, floor: FloorSummary?,
    baselines: [BaselineSummary], division: DivisionSummary? = nil,
    recommendation: String? = nil, warnings: [String]? = nil,
    front: [FrontEntry], alternatives: [AlternativeEntry]? = nil
  ) {
    self.dataset = dataset
    self.cutoff = cutoff
    self.cutoffMode = cutoffMode
    _constraints = Nullable(wrappedValue: constraints)
    _background = Nullable(wrappedValue: background)
    _seed = Nullable(wrappedValue: seed)
    self.grammar = grammar
    self.certifiedComplexity = certifiedComplexity
    self.evaluations = evaluations
    _floor = Nullable(wrappedValue: floor)
    self.baselines = baselines
    _division = Nullable(wrappedValue: division)
    _recommendation = Nullable(wrappedValue: recommendation)
    _warnings = Nullable(wrappedValue: warnings)
    self.front = front
    _alternatives = Nullable(wrappedValue: alternatives)
  }
}

/// The data of a front.
public struct DatasetSummary: Sendable, Codable, Equatable {
  public var name: String
  public var sha256: String
  public var frames: Int
  /// Root mean square of all reference force components, eV/Å.
  public var rmsForce: Double
  /// R² of a potential that misses the forces by their standard errors alone; null where these are not
  /// known.
  @Nullable public var noiseCeilingR2: Double?
  /// How frames and force components weigh in all errors, in words; null where all weigh alike.
  @Nullable public var weights: String?

  public init(
    name: String, sha256: String, frames: Int, rmsForce: Double, noiseCeilingR2: Double? = nil,
    weights: String? = nil
  ) {
    _weights = Nullable(wrappedValue: weights)
    self.name = name
    self.sha256 = sha256
    self.frames = frames
    self.rmsForce = rmsForce
    _noiseCeilingR2 = Nullable(wrappedValue: noiseCeilingR2)
  }
}

/// The forms that a search could find.
public struct GrammarSummary: Sendable, Codable, Equatable {
  public var operators: [String]
  public var parameters: [String]
  /// Column of the known property whose products are Q; null where there is none.
  @Nullable public var property: String?
  /// Known quantities that expressions may use; null without any.
  @Nullable public var known: [String]?
  public var maxComplexity: Int

  public init(
    operators: [String], parameters: [String], property: String? = nil, known: [String] = [],
    maxComplexity: Int
  ) {
    _known = Nullable(wrappedValue: known.isEmpty ? nil : known)
    self.operators = operators
    self.parameters = parameters
    _property = Nullable(wrappedValue: property)
    self.maxComplexity = maxComplexity
  }
}

/// The best free-form pair force, eV/Å.
public struct FloorSummary: Sendable, Codable, Equatable {
  /// Over all frames, fitted to the training frames.
  public var rmse: Double
  /// Mean over the folds of the training frames, each predicted by the others.
  public var crossValidatedRMSE: Double
  @Nullable public var validationRMSE: Double?
  /// Mean square of the errors in units of the forces' standard errors, over all frames; null where
  /// these are not known.
  @Nullable public var reducedChiSquared: Double?

  public init(
    rmse: Double, crossValidatedRMSE: Double, validationRMSE: Double?,
    reducedChiSquared: Double? = nil
  ) {
    _reducedChiSquared = Nullable(wrappedValue: reducedChiSquared)
    self.rmse = rmse
    self.crossValidatedRMSE = crossValidatedRMSE
    _validationRMSE = Nullable(wrappedValue: validationRMSE)
  }

  enum CodingKeys: String, CodingKey {
    case rmse = "RMSE"
    case crossValidatedRMSE, validationRMSE, reducedChiSquared
  }
}

/// What a front is compared with. Errors in eV/Å.
public struct BaselineSummary: Sendable, Codable, Equatable {
  public var name: String
  public var directRMSE: Double
  @Nullable public var validationRMSE: Double?
  public var r2: Double
  /// The errors in what is matched beside forces; null where nothing is.
  @Nullable public var targets: [TargetScore]?

  public init(
    name: String, directRMSE: Double, validationRMSE: Double?, r2: Double,
    targets: [TargetScore]? = nil
  ) {
    _targets = Nullable(wrappedValue: targets)
    self.name = name
    self.directRMSE = directRMSE
    _validationRMSE = Nullable(wrappedValue: validationRMSE)
    self.r2 = r2
  }

  enum CodingKeys: String, CodingKey {
    case name, directRMSE, validationRMSE, targets
    case r2 = "R2"
  }
}
