import AtomicData
import ExpressionTrees
import ForceFitting
import ParetoFronts

/// A canonical form to be fitted, with θ inherited from where it came.
struct Proposal: Sendable {
  let tree: ExpressionTree
  let theta: [Double]
}

/// Draws new forms; no form twice.
struct Proposer {
  private let grammar: SearchOptions.Grammar
  private let typeCount: Int
  private let notation: CanonicalForm.Notation
  private let generator: GenomeGenerator
  private let variation: Variation
  private var random: RandomStream
  private var seen: Set<[KeyElement]> = []

  /// Share of proposals made from nothing, once there are parents.
  private static let freshShare = 0.1
  private static let crossoverShare = 0.3
  /// Size of fresh expressions, at most.
  private static let freshSize = 12

  init(problem: FitProblem, options: SearchOptions) {
    grammar = options.grammar
    typeCount = problem.typeCount
    notation = CanonicalForm.Notation(operators: options.grammar.operators)
    generator = GenomeGenerator(grammar: grammar, typeCount: typeCount)
    variation = Variation(
      generator: generator, mendsCutoff: problem.cutoffMode == .constraint)
    random = RandomStream(seed: options.seed, purpose: 1)
  }

  /// Up to `size` new forms; fewer where `patience` proposals per form bring no more.
  mutating func batch(
    size: Int, population: Population, counts: inout SearchCounts, patience: Int
  ) -> [Proposal] {
    var batch: [Proposal] = []
    var attempts = 0
    while batch.count < size, attempts < size * patience {
      attempts += 1
      counts.proposals += 1
      let raw = genome(population).expression
      guard
        let form = CanonicalForm(
          of: raw.tree, theta: raw.theta, typeCount: typeCount, resolvesSigns: true,
          notation: notation),
        isWithinGrammar(form.tree)
      else {
        counts.rejected += 1
        continue
      }
      guard seen.insert(key(of: form.tree)).inserted else {
        counts.duplicates += 1
        continue
      }
      batch.append(Proposal(tree: form.tree, theta: form.theta))
    }
    return batch
  }

  private mutating func genome(_ population: Population) -> Genome {
    let draw = random.nextUnit()
    guard draw > Self.freshShare, let candidate = population.parent(&random) else {
      let size = 1 + random.nextInt(below: max(1, min(Self.freshSize, grammar.maxComplexity)))
      return Genome(
        random.nextUnit() < 0.7
          ? generator.term(size: size, &random) : generator.tree(size: size, &random))
    }
    let parent = genome(of: candidate)
    var child = parent
    if draw < Self.freshShare + Self.crossoverShare, let other = population.parent(&random) {
      child = variation.crossover(parent, genome(of: other), &random)
      if random.nextUnit() < 0.7 { return child }
    }
    repeat { child = variation.mutated(child, &random) } while random.nextUnit() < 0.35
    return child
  }

  private func genome(of candidate: Candidate) -> Genome {
    Genome(tree: candidate.tree, theta: candidate.fit.theta, typeCount: typeCount)
  }

  private func isWithinGrammar(_ tree: ExpressionTree) -> Bool {
    guard tree.nodeCount <= grammar.maxComplexity else { return false }
    return tree.nodes.allSatisfy { node in
      switch node {
      case .distance: true
      case .parameter(let number): grammar.parameterKinds.contains(tree.parameters[number].kind)
      // 1 is the numerator of an inverse; the unary minus is the sign of a canonical form.
      case .literal(let value): value == 1 || grammar.literalExponents.contains(value)
      case .operation(let operation): operation == .negate || grammar.operators.contains(operation)
      }
    }
  }

  /// A node, a parameter by its kind alone: in a proposal each occurs once.
  private enum KeyElement: Hashable {
    case parameter(ParameterKind)
    case other(ExpressionTree.Node)
  }

  private func key(of tree: ExpressionTree) -> [KeyElement] {
    tree.nodes.map { node in
      guard case .parameter(let number) = node else { return .other(node) }
      return .parameter(tree.parameters[number].kind)
    }
  }
}
