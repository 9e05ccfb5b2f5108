import AtomicData
import CompressedForces
import ExpressionTrees
import ForceFitting
import RunStorage

extension Discovery {
  /// Blocks of training frames that a bootstrap draws from: many, since the scatter of B blocks knows
  /// the errors to a share of 1/√(2B), and as many as fit into memory.
  var bootstrapBlockCount: Int {
    let size = statistics.grid.totalCount * statistics.grid.totalCount * 8
    return min(200, max(20, (256 << 20) / (size * (1 + statistics.targets.count))))
  }

  /// Fits from which a scatter can be told.
  private static let fewestFits = 10

  /// How well the data determine the parameters of fitted potentials: the sandwich estimate, from one
  /// pass over the training frames.
  ///
  /// Frames are the units, or groups where the data were divided by a key.
  ///
  /// - Parameter source: some of the frames; nil: all.
  func uncertainties(
    of potentials: [ScoredPotential], over source: (any FrameSource)? = nil
  ) async throws -> [ParameterUncertainty] {
    guard !potentials.isEmpty else { return [] }
    let problem = problem(cutoffMode: potentials[0].cutoffMode)
    let linearized = potentials.map { problem.linearized($0.tree, theta: $0.theta) }
    let scores = try await ScoreProducts(
      of: linearized, over: source ?? frames, statistics: statistics, weights: targetWeights,
      keepsGroups: keepsGroups, threads: settings.search.threads)
    return zip(potentials, scores.products).map { potential, products in
      ParameterUncertainty(
        of: potential.tree, theta: potential.theta, problem: problem, scores: products,
        unitCount: scores.unitCount)
    }
  }

  /// Standard errors of θ from fits to blocks of frames drawn with repetition (Efron, Ann. Stat. 7, 1
  /// (1979), doi 10.1214/aos/1176344552), each from where the fit to all ended.
  ///
  /// - Parameter samples: fits; those without a usable outcome are left out.
  /// - Returns: nil where hardly any fit has one.
  func bootstrapErrors(of potential: ScoredPotential, samples: Int) async throws -> [Double]? {
    let blocks = try await BlockStatistics(
      of: frames, like: statistics, count: bootstrapBlockCount,
      threads: settings.search.threads)
    let seed = settings.search.seed
    var options = FittingOptions.polishing.with(settings.optimizer)
    options.starts = 1
    options.finishesFit = false
    let layout = potential.tree.layout(typeCount: dataset.pairTypes.typeNames.count)
    let fits = await withTaskGroup(of: (Int, [Double]?).self) { group in
      var fits: [[Double]?] = Array(repeating: nil, count: samples)
      var started = 0
      func startNext() {
        guard started < samples else { return }
        let sample = started
        started += 1
        group.addTask { [options] in
          var random = RandomStream(seed: seed, purpose: 0xB007, UInt64(sample))
          let problem = FitProblem(
            pairTypes: dataset.pairTypes, grid: statistics.grid,
            statistics: blocks.resampled(weights: targetWeights, &random),
            cutoffMode: potential.cutoffMode, switchWidth: settings.switchWidth,
            constraints: constraints)
          let fit = ParameterFit(problem: problem, options: options, seed: seed)
            .fit(potential.tree, warmStart: potential.theta)
          let theta = potential.tree.signed(like: potential.theta, fit.theta, layout)
          return (sample, fit.status == .fitted ? theta : nil)
        }
      }
      for _ in 0..<max(1, settings.search.threads) { startNext() }
      while let (sample, theta) = await group.next() {
        fits[sample] = theta
        startNext()
      }
      return fits.compactMap { $0 }
    }
    guard fits.count >= Self.fewestFits else { return nil }
    return potential.theta.indices.map { k in
      let count = Double(fits.count)
      let mean = fits.reduce(0) { $0 + $1[k] } / count
      return (fits.reduce(0) { $0 + ($1[k] - mean) * ($1[k] - mean) } / (count - 1)).squareRoot()
    }
  }

  /// The entries with how well the data determine their parameters.
  func withUncertainties(
    _ entries: [FrontEntry], _ potentials: [ScoredPotential], bootstrapSamples: Int = 0
  ) async throws -> [FrontEntry] {
    guard !hasNoForce else { return entries }
    var entries = entries
    let uncertainties = try await uncertainties(of: potentials)
    for (place, uncertainty) in uncertainties.enumerated() {
      let tree = potentials[place].tree
      guard !tree.parameters.isEmpty else { continue }
      let bootstrap =
        bootstrapSamples > 0
        ? try await bootstrapErrors(of: potentials[place], samples: bootstrapSamples) : nil
      entries[place].uncertainty = summary(of: uncertainty, tree: tree, bootstrap: bootstrap)
    }
    return entries
  }

  /// In the order of the statistics' targets.
  var targetWeights: [Double] {
    statistics.targets.map { settings.targetWeights[$0.target] ?? 0 }
  }

  func summary(
    of uncertainty: ParameterUncertainty, tree: ExpressionTree, bootstrap: [Double]?
  ) -> UncertaintySummary {
    let types = dataset.pairTypes
    let names = tree.valueNames(pairTypes: types)
    let missing = Set(uncertainty.undetermined)
    let determined = names.indices.filter { !missing.contains($0) }
    let count = names.count
    return UncertaintySummary(
      units: keepsGroups ? "groups" : "frames", count: uncertainty.unitCount,
      standardErrors: tree.finiteValues(of: uncertainty.standardErrors, typeNames: types.typeNames),
      bootstrapErrors: bootstrap.map {
        tree.finiteValues(of: $0, typeNames: types.typeNames)
      }, undetermined: missing.sorted().map { names[$0] },
      conditionNumber: uncertainty.conditionNumber.isFinite ? uncertainty.conditionNumber : nil,
      covariance: UncertaintySummary.Covariance(
        order: determined.map { names[$0] },
        matrix: determined.map { row in
          determined.map { uncertainty.covariance[row * count + $0] }
        }))
  }
}

extension ExpressionTree {
  /// θ with the signs of product parameters as another has them: X and −X are the same, and which of
  /// them is the gauge's may depend on noise.
  func signed(like other: [Double], _ theta: [Double], _ layout: ParameterLayout) -> [Double] {
    var theta = theta
    for (parameter, range) in zip(parameters, layout.ranges) where parameter.kind == .product {
      let product = range.reduce(0) { $0 + theta[$1] * other[$1] }
      if product < 0 { for k in range { theta[k] = -theta[k] } }
    }
    return theta
  }

  /// Names of the values of θ: `b`, `X.O`, `A.H-O`.
  func valueNames(pairTypes: PairTypes) -> [String] {
    parameters.flatMap { parameter -> [String] in
      switch parameter.kind {
      case .global: [parameter.name]
      case .product, .mean: pairTypes.typeNames.map { "\(parameter.name).\($0)" }
      case .pair:
        pairTypes.pairs.indices.map {
          "\(parameter.name).\(pairTypes.name(ofPair: $0))"
        }
      }
    }
  }

  /// Values by name without those that are no number.
  func finiteValues(of theta: [Double], typeNames: [String]) -> [String: ParameterValue] {
    values(of: theta, typeNames: typeNames).compactMapValues { value in
      switch value {
      case .number(let number): return number.isFinite ? value : nil
      case .byName(let numbers):
        let finite = numbers.filter { $0.value.isFinite }
        return finite.isEmpty ? nil : .byName(finite)
      }
    }
  }
}
