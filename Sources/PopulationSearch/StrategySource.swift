import ExpressionTrees
import ForceFitting
import ParetoFronts

/// The strategies, and whose turn it is.
struct StrategySource: FormSource {
  private let options: SearchOptions
  private let seeds: [Proposal]
  private var enumeration: FormEnumeration
  private var islands: IslandSource
  private var composition: Composition
  private var treeSearch: TreeSearch

  /// With `auto`, sizes are enumerated first while the forms listed are not more than this.
  private static let listedFirst = 3_000
  /// Fits of small forms take a fraction of the time of others: a batch of the list is so many times as large.
  private static let listedShare = 2
  /// With `auto`, of so many batches then one is of the enumeration and one puts forms together.
  private static let interval = 4

  init(problem: FitProblem, options: SearchOptions) {
    self.options = options
    enumeration = FormEnumeration(options: options)
    islands = IslandSource(problem: problem, options: options, enumeration: enumeration)
    composition = Composition(problem: problem, options: options, enumeration: enumeration)
    treeSearch = TreeSearch(options: options, typeCount: problem.typeCount)
    let notation = CanonicalForm.Notation(operators: options.grammar.operators)
    seeds = options.seedPotentials.compactMap { tree in
      CanonicalForm(of: tree, resolvesSigns: true, notation: notation)
        .flatMap { options.grammar.allows($0.tree) ? $0.tree : nil }
        .map { Proposal(origin: CandidateOrigin(.seed), tree: $0) }
    }
  }

  mutating func batch(
    size: Int, state: inout SearchState, record: some SearchRecord
  ) async throws -> [Proposal] {
    if !state.hasSeeds {
      state.hasSeeds = true
      let isKnown = try record.areKnown(seeds.map(\.tree))
      var chosen: Set<ExpressionTree> = []
      let new = zip(seeds, isKnown).filter { !$1 && chosen.insert($0.tree).inserted }.map(\.0)
      if !new.isEmpty { return Array(new.prefix(size)) }
    }
    state.turn += 1
    let small = min(size, options.batchSize * options.islandCount)
    let large = min(size, options.batchSize * FormEnumeration.batchFactor)
    switch options.strategy {
    case .enumerate:
      return try await enumeration.batch(size: large, state: &state, record: record)
    case .islands:
      return try await islands.batch(size: small, state: &state, record: record)
    case .mcts:
      return try await treeSearch.batch(size: small, state: &state, record: record)
    case .auto:
      await enumeration.prepare(&state.enumeration)
      let isFirst = state.enumeration.listed <= Self.listedFirst
      let place = state.turn % Self.interval
      let isNext = isFirst || place == 0
      if isNext, !enumeration.isComplete(state.enumeration) {
        let size = min(size, isFirst ? large : Self.listedShare * large)
        let batch = try await enumeration.batch(size: size, state: &state, record: record)
        if !batch.isEmpty { return batch }
      }
      islands.enumeration = enumeration
      composition.enumeration = enumeration
      if place == 1 {
        let batch = try await composition.batch(size: large, state: &state, record: record)
        if !batch.isEmpty { return batch }
      }
      let batch = try await islands.batch(size: small, state: &state, record: record)
      guard batch.isEmpty, !Task.isCancelled else { return batch }
      return try await enumeration.batch(size: large, state: &state, record: record)
    }
  }
}
