import ExpressionTrees

/// placeholder until the strategy is written
struct TreeSearch: FormSource {
  struct Statistics: Sendable, Hashable, Codable {}
  init(options: SearchOptions) {}
  mutating func batch(
    size: Int, state: inout SearchState, record: some SearchRecord
  ) async throws -> [Proposal] { [] }
}
