import ExpressionTrees
import ForceFitting

/// What a search may use and how long it may take.
public struct SearchOptions: Sendable {
  /// The grammar of the search.
  public struct Grammar: Sendable, Hashable {
    public var operators: [Operator] = Operator.standard
    public var parameterKinds: [ParameterKind] = [.global, .product]
    /// Exponents that are no parameter.
    public var literalExponents = 2...14
    /// Nodes of the canonical form, at most.
    public var maxComplexity = 20

    public init() {}
  }

  public var grammar = Grammar()
  public var seed: UInt64 = 1
  /// Fits at the same time; no result depends on it.
  public var threads = 1
  /// Candidates fitted, at most.
  public var maxEvaluations: Int?
  /// Candidates fitted between two barriers.
  public var batchSize = 64
  /// The fit of each candidate.
  public var fitting = FittingOptions.quick
  /// The last fit of each entry of the front.
  public var polishing = FittingOptions.polishing

  public init() {}
}
