import AtomicData
import CVectorKernels
import ExpressionTrees
import ForceFitting
import ParetoFronts
import Synchronization
import TestSupport
import Testing

@testable import PopulationSearch

struct PopulationSearchTests {
  static func problem(_ mode: CutoffMode = .shiftedForce) async throws -> FitProblem {
    try await SyntheticData.problem(
      "X/r + Y*exp(b*r)", theta: [0.8, -1.7, 9, 14, -2.6], mode: mode)
  }

  /// Forms between two barriers of islands.
  static let batchSize = SearchOptions().batchSize * SearchOptions().islandCount

  static func options(
    evaluations: Int, threads: Int = 2, seed: UInt64 = 1,
    strategy: SearchOptions.Strategy = .islands
  ) -> SearchOptions {
    var options = SearchOptions()
    options.strategy = strategy
    options.maxEvaluations = evaluations
    options.threads = threads
    options.seed = seed
    return options
  }

  @Test("the same seed finds the same on any number of threads", arguments: CutoffMode.allCases)
  func determinism(mode: CutoffMode) async throws {
    let problem = try await Self.problem(mode)
    var results: [SearchResult] = []
    for threads in [1, 3] {
      results.append(
        await PopulationSearch(
          problem: problem, options: Self.options(evaluations: 300, threads: threads)
        ).run())
    }
    for other in results.dropFirst() {
      #expect(other.counts == results[0].counts)
      #expect(other.front.entries.map(\.tree) == results[0].front.entries.map(\.tree))
      #expect(other.front.entries.map(\.fit) == results[0].front.entries.map(\.fit))
    }
    #expect(results[0].counts.evaluations == 300)
    #expect(results[0].end == .evaluationLimit)
  }

  @Test("the same seed finds the same at every level of the vector kernels")
  func levels() async throws {
    let best = try await Self.problem()
    var snapshots: [SearchState.Snapshot] = []
    var fronts: [[FitOutcome]] = []
    for level in [VectorLevelBaseline, VectorLevelAVX2, VectorLevelAVX512] {
      guard let kernels = vectorKernels(level)?.pointee else { continue }
      let problem = FitProblem(
        pairTypes: best.pairTypes, grid: best.grid, statistics: best.statistics,
        cutoffMode: best.cutoffMode, kernels: kernels)
      let search = PopulationSearch(problem: problem, options: Self.options(evaluations: 200))
      let record = MemoryRecord()
      let state = await search.polished(
        await search.search(from: SearchState(), record: record), record: record)
      snapshots.append(state.snapshot)
      let fits = state.front.entries.map(\.fit)
      #expect(fits == fronts.first ?? fits)
      fronts.append(fits)
    }
    #expect(snapshots.count > 1 || VectorLevelBaseline == bestVectorKernels().pointee.level)
    #expect(Set(snapshots).count == 1)
  }

  @Test("another seed searches elsewhere")
  func seeds() async throws {
    let problem = try await Self.problem()
    let one = await PopulationSearch(
      problem: problem, options: Self.options(evaluations: 64, seed: 1)
    ).run()
    let other = await PopulationSearch(
      problem: problem, options: Self.options(evaluations: 64, seed: 2)
    ).run()
    #expect(one.counts != other.counts)
  }

  @Test("the planted law is found")
  func planted() async throws {
    let result = await PopulationSearch(
      problem: try await Self.problem(), options: Self.options(evaluations: 2_500)
    ).run()
    let best = try #require(result.front.best(upTo: 10))
    #expect(best.fit.r2 > 1 - 1e-6, "\(best.tree)")
  }

  @Test("every entry of a constrained search is feasible by re-evaluation")
  func feasible() async throws {
    let problem = try await Self.problem(.constraint)
    let result = await PopulationSearch(
      problem: problem, options: Self.options(evaluations: 1_500)
    ).run()
    #expect(!result.front.entries.isEmpty)
    for entry in result.front.entries {
      let violation = problem.forces(of: entry.tree, theta: entry.fit.theta).maxConstraintViolation
      #expect(violation <= 1e-4, "\(entry.tree)")
      #expect(entry.fit.r2 > 0)
    }
  }

  @Test("a reason to end is heeded at the next barrier, with what there is")
  func ends() async throws {
    let result = await PopulationSearch(
      problem: try await Self.problem(), options: Self.options(evaluations: 10_000)
    ).run(shouldEnd: { _ in .interrupted })
    #expect(result.end == .interrupted)
    #expect((1...Self.batchSize).contains(result.counts.evaluations))
    #expect(!result.front.entries.isEmpty)
  }

  @Test("the barriers report every candidate fitted, once")
  func reports() async throws {
    let fitted = Mutex<[ExpressionTree]>([])
    let result = await PopulationSearch(
      problem: try await Self.problem(), options: Self.options(evaluations: 150)
    ).run(report: { event in fitted.withLock { $0 += event.fitted.map(\.tree) } })
    let trees = fitted.withLock { $0 }
    #expect(trees.count == result.counts.evaluations)
    #expect(Set(trees).count == trees.count)
  }

  @Test("a grammar with few forms is exhausted, not searched for ever")
  func exhaustion() async throws {
    var options = Self.options(evaluations: 100_000)
    options.grammar.maxComplexity = 3
    options.grammar.operators = [.multiply, .divide]
    let result = await PopulationSearch(problem: try await Self.problem(), options: options).run()
    #expect(result.end == .exhausted)
    #expect(result.counts.evaluations < 100)
    #expect(result.front.entries.contains { $0.tree.description == "X/r" })
  }
}

struct ProposerTests {
  @Test(
    "grammars without binary operators, or with one kind of parameter, bring what they can",
    arguments: [
      ([Operator.exp], [ParameterKind.global]), ([.exp, .negate], [.global, .product]),
      ([.power], [.product]), ([.add], [.global]), ([.divide], []), ([.multiply, .exp], [.pair]),
      ([.multiply, .inverse, .square, .gauss], [.global, .product]),
      ([.erfc, .sqrt, .log], [.pair]),
      ([.divide, .exp], [.mean, .product]),
    ])
  func smallGrammars(operators: [Operator], kinds: [ParameterKind]) async throws {
    for strategy in [SearchOptions.Strategy.auto, .islands] {
      try await smallGrammar(operators, kinds, strategy)
    }
  }

  private func smallGrammar(
    _ operators: [Operator], _ kinds: [ParameterKind], _ strategy: SearchOptions.Strategy
  ) async throws {
    var options = SearchOptions()
    options.strategy = strategy
    options.maxEvaluations = 40
    options.grammar.operators = operators
    options.grammar.parameterKinds = kinds
    options.grammar.maxComplexity = 6
    let result = await PopulationSearch(
      problem: try await PopulationSearchTests.problem(.none), options: options
    ).run()
    #expect(result.counts.evaluations + result.counts.proposals > 0)
    for entry in result.front.entries {
      for case .operation(let operation) in entry.tree.nodes {
        #expect(operators.contains(operation) || operation == .negate, "\(entry.tree)")
      }
      #expect(entry.tree.parameters.allSatisfy { kinds.contains($0.kind) }, "\(entry.tree)")
    }
  }

  @Test("a search with every operator and kind proposes each of them, and finds")
  func wholeGrammar() async throws {
    var options = PopulationSearchTests.options(evaluations: 600)
    options.grammar.operators = Operator.allCases
    options.grammar.parameterKinds = ParameterKind.allCases
    let problem = try await PopulationSearchTests.problem()
    let fitted = Mutex<[ExpressionTree]>([])
    let result = await PopulationSearch(problem: problem, options: options).run(
      report: { event in fitted.withLock { $0 += event.fitted.map(\.tree) } })
    let trees = fitted.withLock { $0 }
    for operation in Operator.allCases {
      #expect(trees.contains { $0.nodes.contains(.operation(operation)) }, "\(operation)")
    }
    for kind in ParameterKind.allCases {
      #expect(trees.contains { $0.parameters.contains { $0.kind == kind } }, "\(kind)")
    }
    #expect(result.front.entries.contains { $0.fit.r2 > 0.9 })
  }

  @Test("no form is proposed twice, and none outside the grammar")
  func noRepetition() async throws {
    var options = SearchOptions()
    options.grammar.maxComplexity = 9
    options.grammar.operators = [.add, .multiply, .divide, .power]
    options.grammar.parameterKinds = [.product]
    let problem = try await PopulationSearchTests.problem()
    let proposer = Proposer(problem: problem, options: options)
    let record = MemoryRecord()
    var state = SearchState()
    var island = Island.empty(seed: 1, stage: 0, number: 0)
    var counts = SearchCounts()
    var seen: Set<String> = []
    for round in 0..<6 {
      let batch = try proposer.batch(
        size: 64, island: &island, counts: &counts, areKnown: record.areKnown)
      for proposal in batch {
        let text = proposal.tree.description
        #expect(seen.insert(text).inserted, "\(text) came twice")
        #expect(proposal.tree.nodeCount <= 9)
        #expect(proposal.tree.parameters.allSatisfy { $0.kind == .product })
        #expect(!text.contains("exp"))
        #expect(CanonicalForm(of: proposal.tree)?.tree.nodes == proposal.tree.nodes)
      }
      let fit = ParameterFit(problem: problem, options: .quick, seed: 1)
      let candidates = batch.map { Candidate(tree: $0.tree, fit: fit.fit($0.tree)) }
      let taken =
        round < 2 ? state.take(candidates.map { FittedProposal(candidate: $0) }) : candidates
      if round < 2 { island.take(taken) }
      record.record(taken, state: state)
    }
    #expect(counts.proposals == seen.count + counts.duplicates + counts.rejected)
  }
}

struct VariationTests {
  @Test(
    "crossover and mutation make complete expressions of all kinds of parameters",
    arguments: [Operator.standard, Operator.allCases])
  func complete(operators: [Operator]) {
    var grammar = SearchOptions.Grammar()
    grammar.parameterKinds = ParameterKind.allCases
    grammar.operators = operators
    let generator = GenomeGenerator(grammar: grammar, typeCount: 2)
    for mendsCutoff in [false, true] {
      let variation = Variation(generator: generator, mendsCutoff: mendsCutoff)
      for seed in 0..<3_000 as Range<UInt64> {
        var random = RandomStream(seed: seed)
        let one = Genome(generator.tree(size: 1 + random.nextInt(below: 15), &random))
        let other = Genome(generator.term(size: 1 + random.nextInt(below: 9), &random))
        let children = [
          variation.crossover(one, other, &random), variation.mutated(one, &random),
          variation.mutated(other, &random),
        ]
        for child in children {
          #expect(child.isComplete, "seed \(seed): \(child.genes)")
          let (tree, theta) = child.expression
          #expect(theta.count == tree.layout(typeCount: 2).count, "seed \(seed): \(tree)")
          #expect(
            (try? ExpressionTree(parsing: tree.description)) == tree, "seed \(seed): \(tree)")
        }
      }
    }
  }
}

extension Genome {
  /// Whether every operation finds its operands and one value is left.
  fileprivate var isComplete: Bool {
    var depth = 0
    for gene in genes {
      depth -= gene.arity
      if depth < 0 { return false }
      depth += 1
    }
    return depth == 1
  }
}
