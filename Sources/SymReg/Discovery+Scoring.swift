import AtomicData
import CompressedForces
import ExpressionTrees
import ForceFitting
import ParetoFronts
import PopulationSearch
import RunStorage

/// An expression with parameter values and a cutoff treatment.
struct ScoredPotential: Sendable {
  let tree: ExpressionTree
  let theta: [Double]
  let cutoffMode: CutoffMode
}

extension ScoredPotential {
  /// U and f for every pair of kinds in a cutoff treatment, by the tree, one distance at a time.
  func pairPotential(pairTypes: PairTypes, treatment: CutoffTreatment) -> PairPotential {
    let (tree, theta, pairs) = (tree, theta, pairTypes.kindPairs)
    let layout = tree.layout(typeCount: pairTypes.typeNames.count)
    let atCutoff = pairs.map {
      tree.value(at: treatment.cutoff, theta: theta, pair: $0, layout: layout)
    }
    let value = { @Sendable (pair: Int, distance: Double) -> PotentialValue in
      treatment.value(
        tree.value(at: distance, theta: theta, pair: pairs[pair], layout: layout),
        atDistance: distance, cutoffValue: atCutoff[pair])
    }
    return PairPotential(
      force: { pair, distances, forces in
        for k in distances.indices { forces[k] = -value(pair, distances[k]).derivative }
      },
      energy: { pair, distances, energies in
        for k in distances.indices { energies[k] = value(pair, distances[k]).energy }
      })
  }
}

/// Losses of one potential, (eV/Å)².
struct Score: Sendable {
  /// From the statistics.
  let training: Double
  let validation: Double?
  let compressed: Double
  /// By the direct sum over pairs.
  let direct: MatchingErrors
  let targets: [TargetScore]
  /// In units of the root mean square reference force.
  let maxConstraintViolation: Double
  /// In the order of the discovery's constraints.
  let constraintViolations: [Double]
  /// Directions in θ that change no force.
  let undeterminedDirections: Int
}

extension Discovery {
  /// Scores potentials from the statistics, and by one direct pass over all frames.
  ///
  /// The direct sum evaluates the trees one distance at a time: nothing of the fast path is in it.
  func scores(of potentials: [ScoredPotential]) async throws -> [Score] {
    let candidates = potentials.map {
      $0.pairPotential(
        pairTypes: dataset.pairTypes,
        treatment: CutoffTreatment(
          mode: $0.cutoffMode, cutoff: settings.cutoff, switchWidth: settings.switchWidth))
    }
    let direct = try await DirectForceMatching(source: frames, cutoff: settings.cutoff)
      .errors(
        of: candidates, targets: settings.targets,
        energyOffsets: settings.shiftsEnergies ? statistics.survey.meanEnergies : [],
        threads: settings.search.threads)
    if hasNoForce { return scoresWithoutForce(direct) }
    // A problem factorizes the statistics: one for each mode.
    let problems = Dictionary(
      uniqueKeysWithValues: Set(potentials.map(\.cutoffMode)).map { ($0, problem(cutoffMode: $0)) })
    return zip(potentials, direct).compactMap { potential, direct in
      guard let problem = problems[potential.cutoffMode] else { return nil }
      let forces = problem.forces(of: potential.tree, theta: potential.theta)
      let zero = Array(repeating: 0.0, count: forces.values.count)
      let targets = statistics.targets.compactMap { target -> TargetScore? in
        guard let errors = direct.targets[target.target] else { return nil }
        // Without a cutoff treatment U does not follow from the forces up to the cutoff.
        let isLinear = target.target != .energies || potential.cutoffMode != .none
        let loss =
          isLinear
          ? target.loss(of: forces.values)
          : .init(training: errors.training, validation: errors.validation, all: errors.all)
        return TargetScore(
          target: target.target.rawValue, trainRMSE: loss.training.squareRoot(),
          validationRMSE: loss.validation?.squareRoot(),
          compressedRMSE: loss.all.squareRoot(), directRMSE: errors.all.squareRoot(),
          r2: Self.r2(errors.all, ofTarget: target.loss(of: zero).all))
      }
      return Score(
        training: statistics.training.meanSquaredForceError(of: forces.values),
        validation: statistics.validation?.meanSquaredForceError(of: forces.values),
        compressed: statistics.all.meanSquaredForceError(of: forces.values), direct: direct,
        targets: targets,
        maxConstraintViolation: forces.maxConstraintViolation,
        constraintViolations: problem.violations(of: potential.tree, theta: potential.theta),
        undeterminedDirections: problem.undeterminedDirections(
          of: potential.tree, theta: potential.theta))
    }
  }

  /// 0 where there is nothing to explain, as for one energy beside its shift.
  private static func r2(_ loss: Double, ofTarget reference: Double) -> Double {
    let r2 = 1 - loss / reference
    return r2.isFinite ? r2 : 0
  }

  /// Relative difference of the compressed from the direct RMSE that an entry may have.
  private static let resolution = 1e-5
  /// Difference of the losses that is none, in mean squares of the reference force: what an exact law
  /// leaves on the grid.
  private static let rounding = 1e-10

  private func isResolved(_ entry: FrontEntry) -> Bool {
    let direct = Self.square(entry.directRMSE)
    let bound =
      2 * Self.resolution * direct
      + Self.rounding * statistics.all.meanSquaredReferenceForce
    return abs(Self.square(entry.compressedRMSE) - direct) <= bound
  }

  /// The front as the direct sum sees it.
  ///
  /// A form with structure finer than the grid, such as a pole between two nodes, has a loss from the
  /// statistics that is not its own. Such forms give way to those that come next.
  ///
  /// - Parameter time: what is left; where it is too short, alternatives and uncertainties are left out.
  func resolvedEntries(
    of result: SearchResult, time: ScoringTime? = nil, hasUncertainties: Bool = true
  ) async throws -> (candidates: [Candidate], entries: [FrontEntry], isWhole: Bool) {
    var pool = result.front.entries + result.runnersUp
    let clock = ContinuousClock()
    while true {
      let start = clock.now
      let front = ParetoFront(pool).entries
      let potentials = front.map { scored($0) }
      let entries = zip(potentials, try await scores(of: potentials)).map(entry)
      // What is matched beside forces may carry a form that is worse than no force.
      let resolved = zip(front, entries).filter { isResolved($0.1) && $0.1.r2 > 0 }
      let another = (clock.now - start) / .seconds(1)
      if resolved.count == front.count || time?.allows(another, for: front) == false {
        let (candidates, entries) = (resolved.map(\.0), resolved.map(\.1))
        guard hasUncertainties, time?.allows(0, for: candidates) ?? true else {
          return (candidates, entries, false)
        }
        return (candidates, try await withUncertainties(entries, candidates.map(scored)), true)
      }
      let sound = Set(resolved.map(\.0.tree))
      let unsound = Set(front.map(\.tree)).subtracting(sound)
      pool.removeAll { unsound.contains($0.tree) }
    }
  }

  /// A candidate in the cutoff mode of the search.
  func scored(_ candidate: Candidate) -> ScoredPotential {
    ScoredPotential(
      tree: candidate.tree, theta: candidate.fit.theta, cutoffMode: settings.cutoffMode)
  }

  func entry(_ potential: ScoredPotential, _ score: Score) -> FrontEntry {
    let names = dataset.pairTypes.typeNames
    let validationMeanSquare = statistics.validation?.meanSquaredReferenceForce
    let units = zip(potential.tree.parameters, potential.tree.units()).map {
      ($0.name, Nullable(wrappedValue: $1))
    }
    return FrontEntry(
      complexity: potential.tree.complexity, expression: potential.tree.description,
      parameters: potential.tree.values(of: potential.theta, typeNames: names),
      trainRMSE: score.training.squareRoot(), validationRMSE: score.validation?.squareRoot(),
      validationR2: score.validation.flatMap { loss in
        validationMeanSquare.map { r2(loss, of: $0) }
      },
      compressedRMSE: score.compressed.squareRoot(),
      directRMSE: score.direct.forces.all.squareRoot(),
      r2: r2(score.direct.forces.all, of: statistics.all.meanSquaredReferenceForce),
      reducedChiSquared: reducedChiSquared(
        score.direct.forces.all, parameterCount: potential.theta.count),
      targets: score.targets.isEmpty ? nil : score.targets,
      maxConstraintViolation: score.maxConstraintViolation,
      constraintViolations: constraints.isEmpty ? nil : score.constraintViolations,
      parameterUnits: Dictionary(units, uniquingKeysWith: { first, _ in first }),
      recommended: false,
      flags: score.undeterminedDirections > 0
        ? [EmptinessFlag.undeterminedParameters.rawValue] : [])
  }

  private static func square(_ value: Double) -> Double { value * value }

  func document(
    entries: [FrontEntry], marks: Marks, evaluations: Int, certifiedComplexity: Int = 0,
    alternatives: [AlternativeEntry]? = nil, trust: Trust? = nil
  ) throws -> FrontDocument {
    let searches = earlierSearches + [settings.search]
    let seeds = Set(searches.map(\.seed))
    return FrontDocument(
      dataset: datasetSummary,
      cutoff: settings.cutoff, cutoffMode: settings.cutoffMode.rawValue,
      constraints: constraints.isEmpty
        ? nil : constraints.map { $0.text(pairTypes: dataset.pairTypes) },
      background: try backgroundSummary(),
      seed: seeds.count == 1 ? settings.search.seed : nil,
      grammar: FrontMerge.grammar(
        searches.map { GrammarSummary($0.grammar, property: dataset.options.propertyColumn) }),
      certifiedComplexity: certifiedComplexity, evaluations: evaluations, floor: marks.floor,
      baselines: marks.baselines, division: trust?.division,
      recommendation: trust?.recommendation, warnings: trust?.warnings, front: entries,
      alternatives: alternatives)
  }
}
