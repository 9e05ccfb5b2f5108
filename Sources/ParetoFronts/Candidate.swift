import ExpressionTrees
import ForceFitting

/// A form in canonical notation with its fit to the training data.
public struct Candidate: Sendable, Hashable {
  /// In the order of the run, from 1; 0 outside of a run.
  public var number: Int
  public let origin: CandidateOrigin
  public let tree: ExpressionTree
  public let fit: FitOutcome
  /// Loss over the validation data, (eV/Å)²; nil without such data, and before the last fit.
  public let validationLoss: Double?

  public init(
    number: Int = 0, origin: CandidateOrigin = CandidateOrigin(), tree: ExpressionTree,
    fit: FitOutcome, validationLoss: Double? = nil
  ) {
    self.number = number
    self.origin = origin
    self.tree = tree
    self.fit = fit
    self.validationLoss = validationLoss
  }

  /// Nodes of the canonical tree, leaves included.
  public var complexity: Int { tree.nodeCount }

  /// Loss over the training data, (eV/Å)².
  public var loss: Double { fit.meanSquaredForceError }
}

/// How a candidate came to be.
public struct CandidateOrigin: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Listed with all forms of its size.
    case enumeration
    /// Given by the user.
    case seed
    /// Drawn from the grammar alone.
    case fresh
    /// A sum, difference or product of two, or the square of one with a shift.
    case composition
    /// A path of the tree search.
    case treeSearch
    /// The form of its parent with whole exponents in place of values near them.
    case rounding
    case mutation
    case crossover
    /// The form of its parent, fitted thoroughly.
    case polishing
  }

  public var kind: Kind
  /// Numbers of the candidates it was made of: none, one or two.
  public var parents: [Int]

  public init(_ kind: Kind = .fresh, parents: [Int] = []) {
    self.kind = kind
    self.parents = parents
  }
}
