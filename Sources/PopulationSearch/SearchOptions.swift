import AtomicData
import ExpressionTrees
import ForceFitting

/// What a search may use and how long it may take.
public struct SearchOptions: Sendable {
  /// The grammar of the search.
  public struct Grammar: Sendable, Hashable {
    public var operators: [Operator] = Operator.standard
    public var parameterKinds: [ParameterKind] = [.global, .product]
    /// What the data say of a pair and expressions may use.
    public var known: [KnownQuantity] = []
    /// Exponents that are no parameter.
    public var literalExponents = 2...14
    /// Nodes of the canonical form, at most.
    public var maxComplexity = 20

    public init() {}

    /// With one type of atoms every kind of parameter is a number, and global ones may have any sign.
    public mutating func simplify(typeCount: Int) {
      if typeCount == 1, parameterKinds.contains(.global) { parameterKinds = [.global] }
    }
  }

  /// How the forms to fit are chosen.
  public enum Strategy: String, Sendable, Hashable, CaseIterable {
    /// The small forms one by one, then islands, and the larger forms between.
    case auto
    /// Every form, smallest first.
    case enumerate
    /// Genetic programming on islands.
    case islands
    /// Monte Carlo tree search over the grammar.
    case mcts
  }

  public var grammar = Grammar()
  public var strategy = Strategy.auto
  /// Forms to begin with, of the grammar.
  public var seedPotentials: [ExpressionTree] = []
  public var seed: UInt64 = 1
  /// Fits at the same time; no result depends on it.
  public var threads = 1
  /// Candidates fitted, at most.
  public var maxEvaluations: Int?
  /// Populations that breed apart.
  public var islandCount = 4
  /// Forms of each island between two barriers.
  public var batchSize = 64
  /// The fit of each candidate.
  public var fitting = FittingOptions.quick
  /// A form whose rough fit, on the coarse grid, is so many times what would be of use gets no other.
  public var roughMargin = 1.5
  /// The last fit of each entry of the front.
  public var polishing = FittingOptions.polishing

  public init() {}
}
