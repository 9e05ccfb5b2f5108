import ExpressionTrees
import ParetoFronts
import Synchronization

/// What a search must not forget: the forms it has fitted, and where it stands.
public protocol SearchRecord: Sendable {
  /// Whether each of some canonical forms was fitted before.
  func areKnown(_ forms: [ExpressionTree]) throws -> [Bool]

  /// Takes in what was fitted since the last call, and the state after it. Called at every barrier.
  func record(_ candidates: [Candidate], state: SearchState) throws
}

/// A record in memory, for searches that nobody resumes.
public final class MemoryRecord: SearchRecord {
  private let forms = Mutex<Set<ExpressionTree>>([])

  public init() {}

  public func areKnown(_ forms: [ExpressionTree]) -> [Bool] {
    self.forms.withLock { known in forms.map(known.contains) }
  }

  public func record(_ candidates: [Candidate], state: SearchState) {
    forms.withLock { $0.formUnion(candidates.map(\.tree)) }
  }
}
