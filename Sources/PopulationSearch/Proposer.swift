import AtomicData
import ExpressionTrees
import ForceFitting
import ParetoFronts

/// Draws new forms; no form twice.
struct Proposer: Sendable {
  private let grammar: SearchOptions.Grammar
  private let typeCount: Int
  private let notation: CanonicalForm.Notation
  private let generator: GenomeGenerator
  private let variation: Variation

  /// Share of proposals made from nothing, once there are parents.
  private static let freshShare = 0.1
  private static let crossoverShare = 0.3
  /// Size of fresh expressions, at most.
  private static let freshSize = 12
  /// Proposals for one new form before the search counts as exhausted.
  private static let patience = 200

  init(problem: FitProblem, options: SearchOptions) {
    grammar = options.grammar
    typeCount = problem.typeCount
    notation = CanonicalForm.Notation(operators: options.grammar.operators)
    generator = GenomeGenerator(grammar: grammar, typeCount: typeCount)
    variation = Variation(
      generator: generator, mendsCutoff: problem.cutoffMode == .constraint)
  }

  /// Up to `size` new forms; fewer where many proposals bring no more.
  ///
  /// - Parameter areKnown: which forms were fitted before.
  /// - Throws: what `areKnown` throws.
  func batch(
    size: Int, island: inout Island, counts: inout SearchCounts,
    areKnown: ([ExpressionTree]) throws -> [Bool]
  ) throws -> [Proposal] {
    var batch: [Proposal] = []
    var chosen: Set<ExpressionTree> = []
    var attempts = 0
    while batch.count < size, attempts < size * Self.patience {
      // Asked for together: that costs a record less than one by one.
      let missing = size - batch.count
      attempts += missing
      counts.proposals += missing
      let drawn = (0..<missing).compactMap { _ in proposal(&island) }
      counts.rejected += missing - drawn.count
      for (proposal, isKnown) in zip(drawn, try areKnown(drawn.map(\.tree))) {
        if !isKnown, chosen.insert(proposal.tree).inserted {
          batch.append(proposal)
        } else {
          counts.duplicates += 1
        }
      }
    }
    return batch
  }

  /// Nil where what was drawn has no canonical form within the grammar.
  private func proposal(_ island: inout Island) -> Proposal? {
    let (genome, origin) = genome(island, &island.random)
    let raw = genome.expression
    guard
      let form = CanonicalForm(
        of: raw.tree, theta: raw.theta, typeCount: typeCount, resolvesSigns: true,
        notation: notation),
      grammar.allows(form.tree)
    else { return nil }
    return Proposal(origin: origin, tree: form.tree, theta: form.theta)
  }

  private func genome(
    _ island: Island, _ random: inout RandomStream
  ) -> (Genome, CandidateOrigin) {
    let draw = random.nextUnit()
    guard draw > Self.freshShare, let candidate = island.parent(&random) else {
      let size = 1 + random.nextInt(below: max(1, min(Self.freshSize, grammar.maxComplexity)))
      let genes =
        random.nextUnit() < 0.7
        ? generator.term(size: size, &random) : generator.tree(size: size, &random)
      return (Genome(genes), CandidateOrigin(.fresh))
    }
    var child = genome(of: candidate)
    var origin = CandidateOrigin(.mutation, parents: [candidate.number])
    if draw < Self.freshShare + Self.crossoverShare, let other = island.parent(&random) {
      child = variation.crossover(child, genome(of: other), &random)
      origin = CandidateOrigin(.crossover, parents: [candidate.number, other.number])
      if random.nextUnit() < 0.7 { return (child, origin) }
    }
    repeat { child = variation.mutated(child, &random) } while random.nextUnit() < 0.35
    return (child, origin)
  }

  private func genome(of candidate: Candidate) -> Genome {
    Genome(tree: candidate.tree, theta: candidate.fit.theta, typeCount: typeCount)
  }
}

extension SearchOptions.Grammar {
  /// Whether a canonical form is one of the grammar.
  public func allows(_ tree: ExpressionTree) -> Bool {
    guard tree.nodeCount <= maxComplexity else { return false }
    return tree.nodes.allSatisfy { node in
      switch node {
      case .distance: true
      case .known(let quantity): known.contains(quantity)
      case .parameter(let number): parameterKinds.contains(tree.parameters[number].kind)
      // 1 is the numerator of an inverse; the unary minus is the sign of a canonical form.
      case .literal(let value): value == 1 || literalExponents.contains(value)
      case .operation(let operation): operation == .negate || operators.contains(operation)
      }
    }
  }
}
