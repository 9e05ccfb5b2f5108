import AtomicData
import CompressedForces
import ExpressionTrees
import ForceFitting
import RunStorage

/// What every front is shown with: how far nothing, known potentials and any pair force get.
public struct Marks: Sendable {
  /// Nil where the data are too few to choose its smoothing.
  public var floor: FloorSummary?
  public var baselines: [BaselineSummary]
  /// Wall time of the direct sums over the potentials below.
  public internal(set) var scoringSeconds = 0.0
  var scored: [ScoredPotential] = []
}

extension Discovery {
  /// The floor and the baselines of the data.
  ///
  /// Baselines: U = 0; q-SPC/Fw as published, where the types are H and O and there is no background;
  /// its form refitted.
  public func marks() async throws -> Marks {
    let folds = statistics.folds.filter { $0.weight > 0 }
    let potentials = try baselinePotentials()
    let clock = ContinuousClock()
    let start = clock.now
    let baselines = try await baselines(potentials)
    return Marks(
      floor: folds.count > 1 ? try floor() : nil, baselines: baselines,
      scoringSeconds: (clock.now - start) / .seconds(1), scored: potentials.map(\.potential))
  }

  /// The loss of the best free-form pair force.
  ///
  /// - Throws: where LAPACK finds no solution.
  public func floor() throws -> FloorSummary {
    let floor = try ForceFloor(of: statistics)
    let loss = statistics.all.meanSquaredForceError(of: floor.gridValues)
    return FloorSummary(
      rmse: loss.squareRoot(),
      crossValidatedRMSE: floor.crossValidatedRMSE,
      validationRMSE: floor.validationRMSE,
      reducedChiSquared: reducedChiSquared(loss, parameterCount: 0))
  }

  private static func zeroScore(_ target: TargetStatistics) -> TargetScore {
    let n = target.training.dimension - target.shiftCount
    let loss = target.loss(of: Array(repeating: 0, count: n))
    return TargetScore(
      target: target.target.rawValue, trainRMSE: loss.training.squareRoot(),
      validationRMSE: loss.validation?.squareRoot(), compressedRMSE: loss.all.squareRoot(),
      directRMSE: loss.all.squareRoot(), r2: 0)
  }

  private typealias NamedPotential = (name: String, potential: ScoredPotential)

  private func baselinePotentials() throws -> [NamedPotential] {
    var named: [NamedPotential] = []
    let names = dataset.pairTypes.typeNames
    // A published potential is made to stand alone, not on a background.
    if settings.background == nil, let water = KnownPotential.named("q-SPC/Fw"),
      let parameters = water.parameters, names == water.typeNames
    {
      let tree = try ExpressionTree(parsing: water.expression)
      named.append(
        (
          "q-SPC/Fw",
          ScoredPotential(
            tree: tree, theta: try tree.theta(of: parameters, typeNames: names), cutoffMode: .none)
        ))
    }
    if !hasNoForce, let form = KnownPotential.named("Coulomb+Lennard-Jones") {
      // Coulomb forces cannot vanish at the cutoff by themselves: where that is asked for, shifted.
      let mode = settings.cutoffMode == .constraint ? .shiftedForce : settings.cutoffMode
      let tree = try ExpressionTree(parsing: form.expression)
      let fit = ParameterFit(
        problem: problem(cutoffMode: mode, isConstrained: false),
        options: FittingOptions.thorough.with(settings.optimizer), seed: settings.search.seed
      ).fit(tree)
      if fit.status == .fitted {
        named.append(
          (
            "\(form.name), refitted (\(mode.rawValue))",
            ScoredPotential(tree: tree, theta: fit.theta, cutoffMode: mode)
          ))
      }
    }
    return named
  }

  private func baselines(_ named: [NamedPotential]) async throws -> [BaselineSummary] {
    let scores = try await scores(of: named.map(\.potential))
    let all = statistics.all.meanSquaredReferenceForce
    let zero = BaselineSummary(
      name: settings.background.map { "U = 0 (\($0.title) alone)" } ?? "U = 0",
      directRMSE: all.squareRoot(),
      validationRMSE: statistics.validation?.meanSquaredReferenceForce.squareRoot(), r2: 0,
      targets: statistics.targets.isEmpty ? nil : statistics.targets.map(Self.zeroScore))
    return [zero]
      + zip(named, scores).map { named, score in
        BaselineSummary(
          name: named.name, directRMSE: score.direct.forces.all.squareRoot(),
          validationRMSE: score.direct.forces.validation?.squareRoot(),
          r2: r2(score.direct.forces.all, of: all),
          targets: score.targets.isEmpty ? nil : score.targets)
      }
  }
}
