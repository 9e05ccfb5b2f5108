import AtomicData
import CompressedForces
import ExpressionTrees
import ForceFitting
import ParetoFronts
import PopulationSearch
import RunStorage

/// Validation by folds, and the errors of losses on held-out frames.
extension Discovery {
  /// Whether the user asks for cross-validation.
  public var hasFolds: Bool { settings.reading.foldCount != nil }

  /// Losses on held-out frames, with how they vary from unit to unit.
  ///
  /// - Parameters:
  ///   - potentials: all in one cutoff mode.
  ///   - isFitted: whether their parameters come from the training frames, and are fitted anew without
  ///     each fold.
  ///   - formCount: forms that were tried to find them.
  func assessment(
    of potentials: [ScoredPotential], isFitted: Bool, formCount: Int
  ) async throws -> Assessment {
    var result = Assessment(
      isStable: potentials.map { _ in true }, formCount: formCount)
    guard !hasNoForce, let mode = potentials.first?.cutoffMode else { return result }
    let crossValidates = hasFolds && isFitted
    guard crossValidates || statistics.validation != nil else { return result }
    let problem = problem(cutoffMode: mode)
    let own = potentials.map { problem.forces(of: $0.tree, theta: $0.theta).values }
    var folds: [[[Double]?]] = potentials.map { _ in statistics.folds.map { _ in nil } }
    if crossValidates { folds = await foldForces(potentials, mode) }
    result.isStable = folds.map { forces in
      !crossValidates
        || zip(statistics.folds, forces).allSatisfy { $0.weight == 0 || $1 != nil }
    }
    let held = potentials.indices.map { number -> ErrorMoments.Potential in
      // Without a fit the entry's own forces fill the place; nobody sees what comes of it.
      let training = folds[number].map { crossValidates ? $0 ?? own[number] : nil }
      return ErrorMoments.Potential(
        forces: training + [statistics.validation == nil ? nil : own[number]])
    }
    let moments = try await ErrorMoments.measured(
      of: held, over: frames, statistics: statistics, keepsGroups: keepsGroups,
      threads: settings.search.threads)
    result.crossValidation = moments.folds.map(LossTable.init)
    result.validation = moments.validation.map(LossTable.init)
    return result
  }

  /// Frames with one value of the group key are one unit.
  var keepsGroups: Bool { settings.reading.groupKey != nil }

  /// By potential and fold: the forces on the grid of the fit without the fold, from where the fit to all
  /// ended; nil where it has no usable outcome.
  private func foldForces(
    _ potentials: [ScoredPotential], _ mode: CutoffMode
  ) async -> [[[Double]?]] {
    let problems = statistics.folds.indices.map { foldProblem(without: $0, mode) }
    let jobs = potentials.indices.flatMap { number in problems.indices.map { (number, $0) } }
    let fits = await concurrently(jobs) { number, fold -> [Double]? in
      guard let problem = problems[fold] else { return nil }
      let potential = potentials[number]
      guard let theta = self.refitted(potential, problem) else { return nil }
      return problem.forces(of: potential.tree, theta: theta).values
    }
    let count = problems.count
    return potentials.indices.map { Array(fits[$0 * count..<($0 + 1) * count]) }
  }

  private func foldProblem(without fold: Int, _ mode: CutoffMode) -> FitProblem? {
    statistics.training(without: fold, weights: targetWeights).map { part in
      FitProblem(
        pairTypes: dataset.pairTypes, grid: statistics.grid, statistics: part, cutoffMode: mode,
        switchWidth: settings.switchWidth, constraints: constraints)
    }
  }

  /// θ fitted to another problem, from where it stands; from other starts where that leads nowhere.
  func refitted(_ potential: ScoredPotential, _ problem: FitProblem) -> [Double]? {
    if potential.tree.parameters.isEmpty { return potential.theta }
    var options = FittingOptions.polishing.with(settings.optimizer)
    options.finishesFit = false
    for starts in [1, options.starts] {
      options.starts = starts
      let fit = ParameterFit(problem: problem, options: options, seed: settings.search.seed)
        .fit(potential.tree, warmStart: potential.theta)
      if fit.status == .fitted { return fit.theta }
    }
    return nil
  }

  /// The results of jobs in their order, on the threads of the settings.
  ///
  /// - Parameter report: called after each with the number of those that are done.
  func concurrently<Job: Sendable, Result: Sendable>(
    _ jobs: [Job], _ work: @escaping @Sendable (Job) -> Result,
    report: @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) async -> [Result] {
    await withTaskGroup(of: (Int, Result).self) { group in
      var results: [Int: Result] = [:]
      var started = 0
      func startNext() {
        guard started < jobs.count else { return }
        let (number, job) = (started, jobs[started])
        started += 1
        group.addTask { (number, work(job)) }
      }
      for _ in 0..<max(1, settings.search.threads) { startNext() }
      while let (number, result) = await group.next() {
        results[number] = result
        report(results.count, jobs.count)
        startNext()
      }
      return jobs.indices.compactMap { results[$0] }
    }
  }

  /// What documents say of the division; nil where all frames train and no folds are asked for.
  func division(_ assessment: Assessment) -> DivisionSummary? {
    guard hasFolds || statistics.validation != nil else { return nil }
    let reading = settings.reading
    return DivisionSummary(
      folds: reading.foldCount, group: reading.groupKey,
      heldOut: reading.heldOutGroups.isEmpty ? nil : reading.heldOutGroups,
      units: keepsGroups ? "groups" : "frames",
      trainingUnits: assessment.crossValidation?.unitCount,
      validationUnits: assessment.validation?.unitCount)
  }
}

extension LossTable {
  init(_ moments: ErrorMoments) {
    self.init(
      losses: moments.losses, covariance: moments.covariance, lowerCounts: moments.lowerCounts,
      unitCount: moments.unitCount)
  }
}

extension Discovery {
  /// The entries with their losses on held-out frames and the gains over each other.
  func assessed(_ entries: [FrontEntry], _ assessment: Assessment) -> [FrontEntry] {
    var entries = entries
    for place in entries.indices {
      if let table = assessment.validation {
        entries[place].validationRMSEError = table.rmse(of: place).standardError
      }
      if let table = assessment.crossValidation, assessment.isStable[place] {
        let (rmse, r2) = (table.rmse(of: place), table.r2(of: place))
        entries[place].crossValidation = CrossValidationSummary(
          rmse: rmse.value, rmseError: rmse.standardError, r2: r2.value,
          r2Error: r2.standardError)
      }
    }
    guard let measure = assessment.measure else { return entries }
    let table = measure.table
    let stable = entries.indices.filter { assessment.isStable[$0] }
    let best = stable.min { table.losses[$0] < table.losses[$1] }
    for place in stable {
      let smaller = stable.last { $0 < place }
      func gain(over other: Int?) -> LossTable.Estimate {
        let excess = table.excess(of: place, over: other)
        return LossTable.Estimate(value: 0 - excess.value, standardError: excess.standardError)
      }
      let nothing = gain(over: nil)
      let next = smaller.map { gain(over: $0) }
      let lowest = best.map { table.excess(of: place, over: $0) }
      entries[place].gain = GainSummary(
        measure: measure.name, overNothing: nothing.value,
        overNothingError: nothing.standardError, overSmaller: next?.value,
        overSmallerError: next?.standardError, behindBest: lowest?.value ?? 0,
        behindBestError: lowest?.standardError)
    }
    return entries
  }
}
