import ExpressionTrees
import ParetoFronts

/// A canonical form to be fitted.
struct Proposal: Sendable {
  let origin: CandidateOrigin
  let tree: ExpressionTree
  /// θ inherited from where it came; nil for none.
  var theta: [Double]?
  /// The island it was bred on.
  var island: Int?
  /// The path through the grammar that led to it.
  var path: [UInt8]?
}

/// A strategy: what chooses the forms that are fitted next.
///
/// All that its choices depend on is in the `SearchState`, so that a search can go on from there.
protocol FormSource: Sendable {
  /// The next forms, about `size` of them, none that was fitted before; none where there are no more.
  ///
  /// In a cancelled task the result has no meaning.
  /// - Throws: what the record throws.
  mutating func batch(
    size: Int, state: inout SearchState, record: some SearchRecord
  ) async throws -> [Proposal]
}
