import ExpressionTrees
import ForceFitting

/// A form in canonical notation with its fit to the training data.
public struct Candidate: Sendable {
  public let tree: ExpressionTree
  public let fit: FitOutcome

  public init(tree: ExpressionTree, fit: FitOutcome) {
    self.tree = tree
    self.fit = fit
  }

  /// Nodes of the canonical tree, leaves included.
  public var complexity: Int { tree.nodeCount }

  /// Loss over the training data, (eV/Å)².
  public var loss: Double { fit.meanSquaredForceError }
}
