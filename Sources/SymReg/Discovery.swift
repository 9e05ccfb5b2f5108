import AtomicData
import CompressedForces
import ExpressionTrees
import ForceFitting
import ParetoFronts
import PopulationSearch
import RunStorage

/// From reference forces to a Pareto front: read, compress, search, score.
///
/// ```swift
/// let discovery = try await Discovery.open([DataSource(parsing: "water-dimer.extxyz")])
/// let outcome = try await discovery.search()
/// print(try outcome.document.json())
/// ```
public struct Discovery: Sendable {
  public let settings: DiscoverySettings
  public let dataset: Dataset
  /// The frames that everything is fitted to: those of `dataset`, or what the background leaves of them.
  public let frames: any FrameSource
  /// SHA-256 of the bytes of all files in a row, hexadecimal.
  public let sha256: String
  /// The data as the fits see it.
  public let statistics: ForceStatistics
  /// What `settings.constraints` means for the data.
  public let constraints: [PotentialConstraint]
  /// What documents call the data: the name of the files, unless a run has called them otherwise.
  public var dataName: String
  /// The searches of a run before this one: their grammars and seeds count in its documents.
  public var earlierSearches: [SearchOptions] = []

  /// Reads and compresses the data.
  ///
  /// - Parameters:
  ///   - sources: the data files, at least one.
  ///   - settings: everything that decides what is found.
  ///   - cache: where statistics are kept for the next time; the results are the same.
  ///   - report: told what is being done.
  /// - Throws: `InputError` where a file cannot be used or no pair is within the cutoff.
  public static func open(
    _ sources: [DataSource], settings: DiscoverySettings = DiscoverySettings(),
    cache: StatisticsCache? = nil,
    report: @escaping @Sendable (Progress) -> Void = { _ in }
  ) async throws -> Discovery {
    try settings.validate()
    let threads = settings.search.threads
    let dataset = try await Dataset.open(
      sources, options: settings.readingOptions, threads: threads,
      progress: { report(.reading(bytes: $0, of: $1)) })
    var settings = settings
    settings.search.grammar.adopt(dataset.pairTypes)
    try settings.validate(dataset.pairTypes)
    for tree in settings.search.seedPotentials { try dataset.pairTypes.require(tree) }
    let frames: any FrameSource =
      try settings.background.map {
        try BackgroundSubtraction(of: $0, from: dataset, cutoff: settings.cutoff)
      } ?? dataset
    let sha256 = try DataDigest.sha256(ofFiles: sources.map(\.path))
    let compress = {
      report(.compressing(frames: dataset.frameCount))
      return try await ForceStatistics(
        compressing: frames, cutoff: settings.cutoff, targets: settings.targets,
        shiftsEnergies: settings.shiftsEnergies,
        switchWidth: settings.cutoffMode == .switched ? settings.switchWidth : nil,
        threads: threads)
    }
    let statistics =
      if let cache {
        try await cache.statistics(
          key: try statisticsKey(dataset, sha256: sha256, settings: settings),
          isExpected: { $0.survey.frameCount == dataset.frameCount }, compute: compress,
          report: { report(.cached($0)) })
      } else { try await compress() }
    for target in statistics.targets where target.training.gram.allSatisfy({ $0 == 0 }) {
      throw InputError(
        "expected pairs that have \(target.target.rawValue) to match, found none that do",
        remedy: "leave out its weight; forces between molecules need frames with several")
    }
    let constraints = try settings.constraints.resolved(
      pairTypes: dataset.pairTypes,
      smallestDistances: statistics.survey.smallestDistances(dataset.pairTypes),
      cutoff: settings.cutoff,
      compositions: dataset.moleculeCompositions)
    return Discovery(
      settings: settings, dataset: dataset, frames: frames, sha256: sha256, statistics: statistics,
      constraints: constraints, dataName: dataset.name)
  }

  /// What `open` is doing.
  public enum Progress: Sendable {
    case reading(bytes: Int, of: Int)
    case compressing(frames: Int)
    case cached(StatisticsCache.Event)
  }

  /// Fits one expression to the training frames, from many starts.
  ///
  /// - Returns: the document with one entry, or with none where the fit has no usable outcome.
  /// - Throws: `InputError` where a constraint names a parameter the expression does not have, or where
  ///   there is no force to fit and the expression cannot be zero.
  ///
  /// - Parameters:
  ///   - tree: the potential U(r|θ).
  ///   - bootstrapSamples: fits to resampled data for a second estimate of the standard errors; 0 for
  ///     none.
  public func fit(
    _ tree: ExpressionTree, bootstrapSamples: Int = 0
  ) async throws -> (document: FrontDocument, fit: FitOutcome) {
    try settings.validateForFits()
    try dataset.pairTypes.require(tree)
    let typeNames = dataset.pairTypes.typeNames
    let parameters = tree.parameters.map { "\($0.kind.rawValue) \($0.name)" }
      .joined(separator: ", ")
    if let stray = constraints.first(where: { !$0.concerns(tree, typeNames: typeNames) }) {
      throw InputError(
        "expected constraints on parameters of \(tree) (\(parameters)) with the types "
          + "\(typeNames.joined(separator: ", ")), found "
          + "\"\(stray.text(pairTypes: dataset.pairTypes))\"")
    }
    guard !hasNoForce || constraints.isEmpty else {
      throw InputError(
        "expected forces to fit under constraints, found none above rounding",
        remedy: "leave out the constraints")
    }
    let fit =
      hasNoForce
      ? try fitWithoutForce(tree)
      : ParameterFit(
        problem: problem(cutoffMode: settings.cutoffMode),
        options: FittingOptions.thorough.with(settings.optimizer), seed: settings.search.seed
      ).fit(tree)
    var entries: [FrontEntry] = []
    var trust: Trust?
    if fit.status != .failed {
      let potential = ScoredPotential(
        tree: tree, theta: fit.theta, cutoffMode: settings.cutoffMode)
      entries = zip([potential], try await scores(of: [potential])).map(entry)
      entries = try await withUncertainties(
        entries, [potential], bootstrapSamples: fit.status == .fitted ? bootstrapSamples : 0)
      let known = try await trusted(entries, [potential])
      (entries, trust) = (known.entries, known.trust)
    }
    let marks = try await marks()
    return (try document(entries: entries, marks: marks, evaluations: 1, trust: trust), fit)
  }

  /// Fits several expressions, as a front: with errors on held-out frames, flags and one recommended.
  ///
  /// - Parameter trees: chosen without the data. Those that have no usable fit are left out, not those
  ///   that a smaller one beats.
  /// - Throws: `InputError` where a constraint of the settings cannot be.
  public func front(of trees: [ExpressionTree]) async throws -> FrontDocument {
    try settings.validateForFits()
    let problem = problem(cutoffMode: settings.cutoffMode)
    let options = FittingOptions.thorough.with(settings.optimizer)
    let seed = settings.search.seed
    let fits = await concurrently(hasNoForce ? [] : trees) { tree in
      (tree, ParameterFit(problem: problem, options: options, seed: seed).fit(tree))
    }
    let potentials = fits.filter(\.1.isCandidate).map {
      ScoredPotential(tree: $0, theta: $1.theta, cutoffMode: settings.cutoffMode)
    }.enumerated().sorted {
      ($0.element.tree.complexity, $0.offset) < ($1.element.tree.complexity, $1.offset)
    }.map(\.element)
    let scored = zip(potentials, try await scores(of: potentials)).map(entry)
    let (entries, trust) = try await recommended(
      try await withUncertainties(scored, potentials), potentials, isTrusted: true, formCount: 1)
    return try document(
      entries: entries, marks: try await marks(), evaluations: trees.count, trust: trust)
  }

  /// Scores one expression with given parameters.
  ///
  /// - Throws: `ParameterMismatch` where the values do not fit the expression and the types.
  public func evaluate(
    _ tree: ExpressionTree, parameters: [String: ParameterValue]
  ) async throws -> FrontDocument {
    try dataset.pairTypes.require(tree)
    let potential = ScoredPotential(
      tree: tree, theta: try tree.theta(of: parameters, typeNames: dataset.pairTypes.typeNames),
      cutoffMode: settings.cutoffMode)
    let entries = zip([potential], try await scores(of: [potential])).map(entry)
    let known = try await trusted(entries, [potential], isFitted: false)
    let marks = try await marks()
    return try document(
      entries: known.entries, marks: marks, evaluations: 0, trust: known.trust)
  }

  /// The fits to the training frames.
  ///
  /// - Parameter isConstrained: whether the constraints count that the user asks for.
  func problem(cutoffMode: CutoffMode, isConstrained: Bool = true) -> FitProblem {
    let targets = statistics.targets.map {
      (statistics: $0.eliminated, weight: settings.targetWeights[$0.target] ?? 0)
    }
    return FitProblem(
      pairTypes: dataset.pairTypes, grid: statistics.grid,
      statistics: statistics.training.combined(with: targets), cutoffMode: cutoffMode,
      switchWidth: settings.switchWidth, constraints: isConstrained ? constraints : [])
  }
}

extension PairTypes {
  /// - Throws: `InputError` for an expression with a quantity that is not known, or beside parameters it
  ///   does not go with.
  func require(_ tree: ExpressionTree) throws {
    guard let first = tree.known.first else { return }
    let known = known
    if let unknown = tree.known.first(where: { !known.contains($0) }) {
      guard unknown.isIndicator else {
        throw InputError(
          "expected a known property for Q in \(tree), found none",
          remedy: "say --property q=COLUMN, or give the parameter another name")
      }
      let bonds = Int(unknown.rawValue)
      throw InputError(
        "expected pairs \(bonds) bond\(bonds > 1 ? "s" : "") apart for \(unknown.name) in \(tree), found "
          + (bondClasses == nil ? "none told apart" : "none"),
        remedy: bondClasses == nil
          ? "say --by-bonds, or give the parameter another name" : "leave it out")
    }
    guard tree.hasConsistentLeaves else {
      throw InputError(
        "expected global and product parameters beside \(first.name), found others in \(tree)",
        remedy: "write X for A[] and S~")
    }
  }
}

extension SearchOptions.Grammar {
  /// Takes from the data what expressions may use.
  public mutating func adopt(_ pairTypes: PairTypes) {
    known = pairTypes.known
    simplify(typeCount: pairTypes.typeNames.count)
  }
}

extension DistanceSurvey {
  /// Å, by pair of types.
  fileprivate func smallestDistances(_ types: PairTypes) -> [Double?] {
    let sampled = types.sampledPairs
    return types.pairs.map { pair in
      zip(sampled, samples).filter { ($0.0.first, $0.0.second) == (pair.first, pair.second) }
        .compactMap(\.1.smallest).min()
    }
  }
}
