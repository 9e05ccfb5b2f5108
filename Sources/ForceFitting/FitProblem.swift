import AtomicData
import CompressedForces
import ExpressionTrees

/// What all fits to one data set share.
public struct FitProblem: Sendable {
  public let pairTypes: PairTypes
  public let grid: RadialGrid
  /// Sufficient statistics of the data fitted to.
  public let statistics: SufficientStatistics
  public let cutoffMode: CutoffMode
  /// Mean squared reference force, (eV/Å)²; the unit of the loss within a fit.
  public let meanSquaredForce: Double

  public init(
    pairTypes: PairTypes, grid: RadialGrid, statistics: SufficientStatistics,
    cutoffMode: CutoffMode
  ) {
    self.pairTypes = pairTypes
    self.grid = grid
    self.statistics = statistics
    self.cutoffMode = cutoffMode
    meanSquaredForce = statistics.meanSquaredForce
  }

  public var typeCount: Int { pairTypes.typeNames.count }

  /// An evaluator of the tree's forces on the grid.
  func gridEvaluator(_ tree: ExpressionTree) -> ForceEvaluator {
    ForceEvaluator(
      tree: tree, typeCount: typeCount, pairs: pairs, distances: grid.distances,
      pointCounts: grid.pointCounts)
  }

  /// An evaluator of the tree's forces at the cutoff, one for each pair type.
  func cutoffEvaluator(_ tree: ExpressionTree) -> ForceEvaluator {
    ForceEvaluator(
      tree: tree, typeCount: typeCount, pairs: pairs, distances: [grid.cutoff],
      pointCounts: Array(repeating: 1, count: pairTypes.count))
  }

  private var pairs: [(first: Int, second: Int)] { pairTypes.pairs.map { ($0.first, $0.second) } }
}
