import ExpressionTrees
import ForceFitting
import ParetoFronts

/// Sums, differences and small products of the best forms found so far, and of the best sums of terms among
/// them, and squares of them with a shift, as in Morse's potential; the best first.
///
/// A pair potential is mostly a sum of a few terms, and each of them explains something by itself: the
/// terms are found among the small forms, and put together here. The larger keeps its θ at first, while
/// that of the smaller, which explained all forces before, is searched for anew.
struct Composition: FormSource {
  private let grammar: SearchOptions.Grammar
  private let typeCount: Int
  private let threads: Int
  private let notation: CanonicalForm.Notation
  /// Asked for what needs no fit any more.
  var enumeration: FormEnumeration

  /// Blocks of each size, of either population.
  private static let blocksPerSize = 8
  /// Sums of the ranks of two blocks.
  static let rankCount = 2 * blocksPerSize - 1
  /// Nodes of the smaller of two blocks, at most.
  private static let largestBlock = 8
  /// Nodes of the smaller factor of a product, at most.
  private static let largestFactor = 5

  init(problem: FitProblem, options: SearchOptions, enumeration: FormEnumeration) {
    grammar = options.grammar
    typeCount = problem.typeCount
    threads = options.threads
    notation = CanonicalForm.Notation(operators: grammar.operators)
    self.enumeration = enumeration
  }

  func batch(
    size: Int, state: inout SearchState, record: some SearchRecord
  ) async throws -> [Proposal] {
    var batch: [Proposal] = []
    var chosen: Set<ExpressionTree> = []
    let groups = pairsByRank([state.population, state.sums], newerThan: state.composed)
    for (rank, pairs) in groups.enumerated() where !Task.isCancelled && batch.count < size {
      let proposals = await proposals(pairs)
      state.counts.proposals += proposals.count
      let drawn = proposals.compactMap { $0 }
      state.counts.rejected += proposals.count - drawn.count
      let isKnown = try record.areKnown(drawn.map(\.tree))
      for (proposal, isKnown) in zip(drawn, isKnown) {
        if !isKnown, !enumeration.holds(proposal.tree, state.enumeration),
          chosen.insert(proposal.tree).inserted
        {
          batch.append(proposal)
        } else {
          state.counts.duplicates += 1
        }
      }
      // What finds no room comes again.
      if batch.count <= size { state.composed[rank] = state.lastNumber }
    }
    return Array(batch.prefix(size))
  }

  /// Pairs of blocks in one piece of work.
  private static let pairsPerPiece = 64

  private func proposals(_ pairs: [(Block, Block)]) async -> [Proposal?] {
    let pieces = stride(from: 0, to: pairs.count, by: Self.pairsPerPiece).map {
      pairs[$0..<min($0 + Self.pairsPerPiece, pairs.count)]
    }
    let proposals = await pieces.mapInParallel(threads: threads) { piece in
      piece.flatMap { a, b -> [Proposal?] in
        let sums = operations(b.candidate).map { joined(a.candidate, b.candidate, $0) }
        return sums + (a.candidate == b.candidate ? squares(of: a.candidate) : [])
      }
    }
    return Array(proposals.joined())
  }

  private struct Block: Sendable {
    let candidate: Candidate
    let rank: Int
  }

  /// Pairs of blocks, the smaller one second, by the sum of their ranks; of two that are both older than
  /// the number of their sum all was tried.
  private func pairsByRank(
    _ populations: [Population], newerThan numbers: [Int]
  ) -> [[(Block, Block)]] {
    // Of a form in both populations the better rank counts.
    var ranks: [ExpressionTree: Block] = [:]
    for niche in populations.flatMap(\.niches) {
      for (rank, candidate) in niche.prefix(Self.blocksPerSize).enumerated()
      where rank < ranks[candidate.tree]?.rank ?? .max {
        ranks[candidate.tree] = Block(candidate: candidate, rank: rank)
      }
    }
    let blocks = ranks.values.sorted {
      ($0.candidate.complexity, $0.candidate.number) < (
        $1.candidate.complexity, $1.candidate.number
      )
    }
    var pairs = [[(Block, Block)]](repeating: [], count: Self.rankCount)
    for (k, a) in blocks.enumerated() {
      for b in blocks[...k] where b.candidate.complexity <= Self.largestBlock {
        guard a.candidate.complexity + b.candidate.complexity < grammar.maxComplexity else { break }
        let rank = a.rank + b.rank
        guard max(a.candidate.number, b.candidate.number) > numbers[rank] else { continue }
        pairs[rank].append((a, b))
      }
    }
    return pairs
  }

  private func operations(_ smaller: Candidate) -> [Operator] {
    let all: [Operator] =
      smaller.complexity <= Self.largestFactor ? [.add, .subtract, .multiply] : [.add, .subtract]
    return all.filter(grammar.operators.contains)
  }

  private func joined(_ a: Candidate, _ b: Candidate, _ operation: Operator) -> Proposal? {
    let larger = Genome(tree: a.tree, theta: a.fit.theta, typeCount: typeCount)
    let unknown = b.fit.theta.map { _ in Double.nan }
    let smaller = Genome(tree: b.tree, theta: unknown, typeCount: typeCount)
    return proposal(
      larger.genes + smaller.genes + [.operation(operation)], parents: [a.number, b.number])
  }

  /// (u + a)^2, and so with a product parameter.
  private func squares(of block: Candidate) -> [Proposal?] {
    guard block.complexity <= Self.largestBlock, grammar.operators.contains(.power),
      grammar.literalExponents.contains(2)
    else { return [] }
    let unknown = block.fit.theta.map { _ in Double.nan }
    let genome = Genome(tree: block.tree, theta: unknown, typeCount: typeCount)
    return grammar.parameterKinds.map { kind in
      let count = Parameter(name: "", kind: kind).valueCount(typeCount: typeCount)
      let shift = Genome.Gene.parameter(kind, Array(repeating: .nan, count: count))
      return proposal(
        genome.genes + [shift, .operation(.add), .literal(2), .operation(.power)],
        parents: [block.number])
    }
  }

  private func proposal(_ genes: [Genome.Gene], parents: [Int]) -> Proposal? {
    let raw = Genome(genes).expression
    guard
      let form = CanonicalForm(
        of: raw.tree, theta: raw.theta, typeCount: typeCount, resolvesSigns: true,
        notation: notation),
      grammar.allows(form.tree)
    else { return nil }
    return Proposal(
      origin: CandidateOrigin(.composition, parents: parents), tree: form.tree, theta: form.theta)
  }
}
