import AtomicData
import CVectorKernels
import CompressedForces
import ExpressionTrees

/// What all fits to one data set share.
public struct FitProblem: Sendable {
  public let pairTypes: PairTypes
  /// What the grid has nodes for: the pairs of types, or these at some values of their known property.
  public let channels: [PairType]
  public let grid: RadialGrid
  /// Sufficient statistics of the data fitted to.
  public let statistics: SufficientStatistics
  public let treatment: CutoffTreatment
  /// Conditions beside F(r_cut) = 0, which the mode `constraint` brings.
  public let constraints: [PotentialConstraint]
  /// Mean squared reference force, (eV/Å)²; the unit of the loss within a fit.
  public let meanSquaredForce: Double
  /// The loss on the grid of the statistics, and roughly, on few nodes, for the search of starts.
  let fine: Resolution
  let coarse: Resolution
  let kernels: VectorKernels

  /// - Parameters:
  ///   - pairTypes: of the atoms.
  ///   - grid: the one that the statistics are for.
  ///   - statistics: of the forces, or combined with other targets; in mode `switched` of pairs that
  ///     are switched over `switchWidth`.
  ///   - cutoffMode: how the force ends at the cutoff of the grid.
  ///   - switchWidth: Å.
  ///   - constraints: beside that of the cutoff mode.
  ///   - kernels: the vector instructions to use; the fits do not depend on them.
  public init(
    pairTypes: PairTypes, grid: RadialGrid, statistics: SufficientStatistics,
    cutoffMode: CutoffMode, switchWidth: Double = CutoffTreatment.defaultSwitchWidth,
    constraints: [PotentialConstraint] = [],
    kernels: VectorKernels = bestVectorKernels().pointee
  ) {
    self.kernels = kernels
    func resolution(_ statistics: SufficientStatistics, _ grid: RadialGrid) -> Resolution {
      Resolution(
        grid: grid,
        reduced: ReducedStatistics(statistics, grid: grid, kernels: kernels))
    }
    fine = resolution(statistics, grid)
    let rough = statistics.coarsened(from: grid, pointCount: Self.coarsePointCount)
    coarse = resolution(rough.statistics, rough.grid)
    self.pairTypes = pairTypes
    channels = PropertyChannels(of: pairTypes).channels
    precondition(channels.count == grid.pairTypeCount)
    self.grid = grid
    self.statistics = statistics
    self.constraints = constraints
    treatment = CutoffTreatment(
      mode: cutoffMode, cutoff: grid.cutoff, switchWidth: switchWidth)
    meanSquaredForce = statistics.meanSquaredReferenceForce
  }

  /// The same data under other conditions; nothing is factorized anew.
  init(_ other: FitProblem, constraints: [PotentialConstraint]) {
    (pairTypes, channels) = (other.pairTypes, other.channels)
    (grid, statistics) = (other.grid, other.statistics)
    (treatment, meanSquaredForce) = (other.treatment, other.meanSquaredForce)
    (fine, coarse, kernels) = (other.fine, other.coarse, other.kernels)
    self.constraints = constraints
  }

  /// A grid and the loss on it as a sum of squares.
  struct Resolution: Sendable {
    let grid: RadialGrid
    let reduced: ReducedStatistics
  }

  /// Nodes of the widest pair type for the search of starts.
  private static let coarsePointCount = 16

  public var cutoffMode: CutoffMode { treatment.mode }

  public var typeCount: Int { pairTypes.typeNames.count }

  /// An evaluator of the tree's forces on the grid.
  func gridEvaluator(_ tree: ExpressionTree, _ grid: RadialGrid) -> ForceEvaluator {
    ForceEvaluator(
      tree: tree, typeCount: typeCount, pairs: channels, distances: grid.distances,
      pointCounts: grid.pointCounts, kernels: kernels)
  }

  /// An evaluator of the tree at the same distances (Å) for each pair type.
  func evaluator(_ tree: ExpressionTree, distances: [Double]) -> ForceEvaluator {
    ForceEvaluator(
      tree: tree, typeCount: typeCount, pairs: channels, distances: distances,
      pointCounts: Array(repeating: distances.count, count: channels.count), kernels: kernels)
  }
}

extension FitProblem {
  /// The forces of an expression on the grid in the cutoff treatment of the problem, eV/Å, and the
  /// largest violation of a constraint (0 without constraints).
  public func forces(
    of tree: ExpressionTree, theta: [Double]
  ) -> (values: [Double], maxConstraintViolation: Double) {
    let objective = ForceObjective(tree: tree, problem: self, resolution: fine)
    let violation = violations(of: tree, theta: theta)
      .reduce(objective.maxViolation(theta), max)
    return (objective.gridForces(theta), violation)
  }

  /// The forces of an expression on the grid and their derivatives by θ, in the cutoff treatment that
  /// the statistics expect.
  public func linearized(_ tree: ExpressionTree, theta: [Double]) -> ScoreProducts.Potential {
    let objective = ForceObjective(tree: tree, problem: self, resolution: fine)
    return ScoreProducts.Potential(
      forces: objective.gridForces(theta), derivatives: objective.gridDerivatives(theta))
  }

  /// Directions in θ along which no force on the grid, and no constraint, changes to first order.
  public func undeterminedDirections(of tree: ExpressionTree, theta: [Double]) -> Int {
    ForceObjective(tree: tree, problem: self, resolution: fine).undeterminedDirections(theta)
  }
}
