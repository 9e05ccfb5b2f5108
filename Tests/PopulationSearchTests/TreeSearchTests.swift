import AtomicData
import ExpressionTrees
import ForceFitting
import Foundation
import ParetoFronts
import TestSupport
import Testing

@testable import PopulationSearch

struct TreeSearchTests {
  static func problem(_ mode: CutoffMode = .shiftedForce) async throws -> FitProblem {
    try await SyntheticData.problem(
      "X/r + Y*exp(b*r)", theta: [0.8, -1.7, 9, 14, -2.6], mode: mode)
  }

  static func options(
    evaluations: Int?, threads: Int = 2, strategy: SearchOptions.Strategy = .mcts
  ) -> SearchOptions {
    var options = SearchOptions()
    options.strategy = strategy
    options.maxEvaluations = evaluations
    options.threads = threads
    return options
  }

  /// A grammar of small forms.
  static func grammar(
    _ operators: [Operator], _ kinds: [ParameterKind], size: Int
  ) -> SearchOptions.Grammar {
    var grammar = SearchOptions.Grammar()
    (grammar.operators, grammar.parameterKinds, grammar.maxComplexity) = (operators, kinds, size)
    return grammar
  }

  /// A record to which every form is known.
  struct Omniscience: SearchRecord {
    func areKnown(_ forms: [ExpressionTree]) -> [Bool] { forms.map { _ in true } }
    func record(_ candidates: [Candidate], state: SearchState) {}
  }

  // MARK: The search

  @Test("the planted law is found by tree search alone, in one notation or another")
  func planted() async throws {
    // With about every second seed; islands find it with each.
    let result = await PopulationSearch(
      problem: try await Self.problem(), options: Self.options(evaluations: 4_000)
    ).run()
    let best = try #require(result.front.best(upTo: 12))
    #expect(best.fit.r2 > 1 - 1e-6, "\(best.tree)")
  }

  @Test("the same seed finds the same on any number of threads", arguments: CutoffMode.allCases)
  func determinism(mode: CutoffMode) async throws {
    let problem = try await Self.problem(mode)
    var states: [SearchState] = []
    for threads in [1, 3] {
      let search = PopulationSearch(
        problem: problem, options: Self.options(evaluations: 800, threads: threads))
      states.append(await search.search(from: SearchState(), record: MemoryRecord()))
    }
    #expect(states[0].snapshot == states[1].snapshot)
    #expect(states[0].front.entries == states[1].front.entries)
    #expect(states[0].counts.evaluations == 800)
    #expect(states[0].treeSearch != TreeSearch.Statistics())
  }

  @Test("another seed, and another stage, searches elsewhere")
  func seeds() async throws {
    let problem = try await Self.problem()
    var options = Self.options(evaluations: nil)
    var batches: [[ExpressionTree]] = []
    for (seed, stage) in [(1, 0), (2, 0), (1, 1)] as [(UInt64, Int)] {
      options.seed = seed
      var state = SearchState().extended(stage: stage)
      batches.append(
        try await TreeSearch(options: options, typeCount: problem.typeCount)
          .batch(size: 64, state: &state, record: MemoryRecord()).map(\.tree))
    }
    #expect(Set(batches).count == 3)
  }

  @Test("no form is proposed twice, and none outside the grammar")
  func noRepetition() async throws {
    var options = Self.options(evaluations: 3_000)
    options.grammar = Self.grammar([.add, .multiply, .divide, .power], [.product], size: 9)
    let record = ResumptionTests.KeepingRecord()
    let search = PopulationSearch(problem: try await Self.problem(), options: options)
    let state = await search.search(from: SearchState(), record: record)
    let trees = record.all.filter { $0.origin.kind == .treeSearch }.map(\.tree)
    #expect(trees.count == 3_000)
    #expect(Set(trees).count == trees.count)
    for tree in trees {
      #expect(options.grammar.allows(tree), "\(tree)")
      #expect(CanonicalForm(of: tree)?.tree.nodes == tree.nodes, "\(tree)")
    }
    let counts = state.counts
    #expect(counts.proposals == trees.count + counts.duplicates + counts.rejected)
  }

  // MARK: Exhaustion

  @Test(
    "a small grammar is exhausted, and nothing that the enumeration lists is left out",
    arguments: [
      ([.multiply, .divide], [.global, .product], 3),
      ([.add, .subtract, .multiply, .divide, .exp], [.global, .product], 5),
      ([.add, .multiply, .divide], [.product], 6), ([.exp, .negate], [.global, .product], 6),
      ([.subtract, .multiply, .inverse, .gauss], [.product, .mean], 5),
      ([.multiply, .tanh, .sqrt, .square, .log], [.pair], 5),
      ([.power], [.product], 3),
    ] as [([Operator], [ParameterKind], Int)])
  func exhaustion(operators: [Operator], kinds: [ParameterKind], size: Int) async throws {
    let problem = try await Self.problem(.none)
    var fitted: [Set<ExpressionTree>] = []
    for strategy in [SearchOptions.Strategy.enumerate, .mcts] {
      var options = Self.options(evaluations: nil, strategy: strategy)
      options.grammar = Self.grammar(operators, kinds, size: size)
      options.fitting.starts = 1
      // Listed forms that are dropped leave no record.
      options.roughMargin = .infinity
      let record = ResumptionTests.KeepingRecord()
      let state = await PopulationSearch(problem: problem, options: options)
        .search(from: SearchState(), record: record)
      #expect(state.end == .exhausted)
      fitted.append(Set(record.all.filter { $0.origin.kind != .polishing }.map(\.tree)))
    }
    // Of signs and inverses the list has more than the grammar.
    let grammar = Self.grammar(operators, kinds, size: size)
    let listed = fitted[0].filter(grammar.allows).subtracting(fitted[1])
    #expect(!fitted[1].isEmpty)
    #expect(listed.isEmpty, "\(listed.map(\.description))")
  }

  @Test(
    "grammars without parameters, or without operators of two operands, come to an end",
    arguments: [
      ([.divide], [], 7), ([.exp, .tanh], [], 9), ([.power], [], 3), ([], [], 5),
      ([.negate], [.global], 20), ([.sqrt, .inverse], [.pair], 12),
    ] as [([Operator], [ParameterKind], Int)])
  func withoutParameters(operators: [Operator], kinds: [ParameterKind], size: Int) async throws {
    var options = Self.options(evaluations: 100_000)
    options.grammar = Self.grammar(operators, kinds, size: size)
    let result = await PopulationSearch(problem: try await Self.problem(.none), options: options)
      .run()
    #expect(result.end == .exhausted)
    #expect(result.counts.evaluations > 0)
  }

  @Test("where every form is known the attempts are bounded, and the batch is empty")
  func nothingNew() async throws {
    var state = SearchState()
    let search = TreeSearch(options: Self.options(evaluations: nil), typeCount: 2)
    let batch = try await search.batch(size: 8, state: &state, record: Omniscience())
    #expect(batch.isEmpty)
    #expect((5_000..<6_000).contains(state.counts.proposals))
    #expect(state.counts.proposals == state.counts.duplicates + state.counts.rejected)
  }
}

struct TreeSearchStatisticsTests {
  /// A candidate with this R².
  static func candidate(_ tree: ExpressionTree, r2: Double) -> Candidate {
    Candidate(
      tree: tree,
      fit: FitOutcome(
        theta: [], meanSquaredForceError: 1 - r2, r2: r2, maxConstraintViolation: 0,
        undeterminedDirections: 0, status: .fitted, evaluations: 1, starts: 1,
        stopReason: .converged))
  }

  /// A state after so many batches of forms, whose fits are made up.
  static func state(
    batches: Int, size: Int, grammar: SearchOptions.Grammar = SearchOptions.Grammar(),
    each: (SearchState) -> Void = { _ in }
  ) async throws -> SearchState {
    var options = SearchOptions()
    options.grammar = grammar
    let search = TreeSearch(options: options, typeCount: 2)
    let record = MemoryRecord()
    var state = SearchState()
    for _ in 0..<batches {
      let batch = try await search.batch(size: size, state: &state, record: record)
      let candidates = state.take(
        batch.map { proposal in
          var random = RandomStream(seed: proposal.tree.stableHash)
          let fitted = Self.candidate(proposal.tree, r2: random.nextUnit())
          return FittedProposal(candidate: fitted, path: proposal.path)
        })
      record.record(candidates, state: state)
      each(state)
    }
    return state
  }

  @Test("statistics stay bounded, sound and small as text, and the search goes on")
  func bounded() async throws {
    var largest = 0
    let state = try await Self.state(batches: 16, size: 2_000) { state in
      #expect(state.treeSearch.isSound)
      largest = max(largest, state.treeSearch.nodeCount)
    }
    #expect(state.lastNumber == 32_000)
    #expect((10_000...TreeSearch.Statistics.capacity).contains(largest))
    let text = try JSONEncoder().encode(state.treeSearch)
    #expect(text.count < 800_000)
    #expect(
      try JSONDecoder().decode(TreeSearch.Statistics.self, from: text) == state.treeSearch)
  }

  @Test("a reward reaches every prefix of its path, and the best is kept")
  func rewards() throws {
    var statistics = TreeSearch.Statistics()
    let path: [UInt8] = [8, 0, 1]
    let first = statistics.appendChild(path[0], to: 0)
    let second = statistics.appendChild(path[1], to: first)
    let other = statistics.appendChild(path[2], to: first)
    let tree = try ExpressionTree(parsing: "r/a")
    for r2 in [0.5, 0.9, 0.1] { statistics.learn(path, Self.candidate(tree, r2: r2)) }
    let reward = TreeSearch.reward(Self.candidate(tree, r2: 0.9))
    for node in [0, first, second] { #expect(abs(statistics.reward(node) - reward) < 1e-9) }
    #expect(statistics.reward(other) == 0)
  }

  @Test("a better fit is rewarded more, a larger form less, and no candidate not at all")
  func rewardOrder() throws {
    let tree = try ExpressionTree(parsing: "X/r")
    let larger = try ExpressionTree(parsing: "X/(r + a)")
    let rewards = [0.9999, 0.99, 0.5].map { TreeSearch.reward(Self.candidate(tree, r2: $0)) }
    #expect(rewards == rewards.sorted(by: >))
    #expect(rewards.allSatisfy { (0...1).contains($0) })
    #expect(
      TreeSearch.reward(Self.candidate(larger, r2: 0.9))
        < TreeSearch.reward(Self.candidate(tree, r2: 0.9)))
    var failed = Self.candidate(tree, r2: 0.9).fit
    for status in [FitOutcome.Status.infeasible, .failed, .dropped] {
      failed.status = status
      #expect(TreeSearch.reward(Candidate(tree: tree, fit: failed)) == 0)
    }
    #expect(TreeSearch.reward(Self.candidate(tree, r2: .nan)) == 0)
  }

  @Test(
    "damaged statistics are refused",
    arguments: [
      ("visits", "short"), ("rewards", "short"), ("closed", "long"), ("choices", "empty"),
      ("firstChild", "20000"), ("firstChild", "-1"), ("nextSibling", "1"), ("firstChild", "1"),
      ("visits", "-1"), ("rewards", "-1"), ("choices", "64"), ("rewards", "2000000000"),
    ])
  func damage(array: String, what: String) async throws {
    let state = try await Self.state(batches: 2, size: 64)
    var object = try #require(
      try JSONSerialization.jsonObject(with: JSONEncoder().encode(state.snapshot))
        as? [String: Any])
    var statistics = try #require(object["treeSearch"] as? [String: Any])
    var values = try #require(statistics[array] as? [Int])
    switch what {
    case "short": values.removeLast()
    case "long": values.append(0)
    case "empty": values = []
    default: values[values.count / 2] = try #require(Int(what))
    }
    statistics[array] = values
    object["treeSearch"] = statistics
    #expect(try Self.restored(object, state) == nil)
  }

  @Test("damaged models are refused", arguments: [[], [8], [8, 0, 0, 0], [200]] as [[Int]])
  func damagedModels(path: [Int]) async throws {
    let state = try await Self.state(batches: 2, size: 64)
    var object = try #require(
      try JSONSerialization.jsonObject(with: JSONEncoder().encode(state.snapshot))
        as? [String: Any])
    var statistics = try #require(object["treeSearch"] as? [String: Any])
    var models = try #require(statistics["models"] as? [String: Any])
    var paths = try #require(models["paths"] as? [[Int]])
    #expect(try Self.restored(object, state) != nil)
    paths[0] = path
    models["paths"] = paths
    statistics["models"] = models
    object["treeSearch"] = statistics
    #expect(try Self.restored(object, state) == nil)
  }

  static func restored(_ object: [String: Any], _ state: SearchState) throws -> SearchState? {
    let snapshot = try JSONDecoder().decode(
      SearchState.Snapshot.self, from: JSONSerialization.data(withJSONObject: object))
    let members =
      state.population.candidates + state.front.entries + state.sums.candidates
      + state.sums.front.entries
    return SearchState(
      snapshot, candidates: Dictionary(members.map { ($0.number, $0) }) { first, _ in first })
  }

  @Test("statistics of another grammar lead to no form outside of the grammar, and to an end")
  func otherGrammar() async throws {
    var state = try await Self.state(batches: 4, size: 256)
    var options = SearchOptions()
    options.grammar = TreeSearchTests.grammar([.multiply, .tanh], [.global], size: 5)
    let search = TreeSearch(options: options, typeCount: 2)
    let record = MemoryRecord()
    var batch: [Proposal]
    repeat {
      batch = try await search.batch(size: 64, state: &state, record: record)
      for proposal in batch { #expect(options.grammar.allows(proposal.tree), "\(proposal.tree)") }
      let fitted = batch.map {
        FittedProposal(candidate: Self.candidate($0.tree, r2: 0.5), path: $0.path)
      }
      record.record(state.take(fitted), state: state)
    } while !batch.isEmpty
    #expect(state.treeSearch.isSound)
  }

  @Test(
    "every random completion is an expression within the size, of choices that are allowed",
    arguments: [Operator.standard, Operator.allCases, [.exp], []])
  func completions(operators: [Operator]) {
    for size in [1, 2, 3, 7, 20] {
      let grammar = TreeSearch.Grammar(
        TreeSearchTests.grammar(operators, ParameterKind.allCases, size: size))
      var models: [[UInt8]] = []
      for seed in 0..<500 as Range<UInt64> {
        var random = RandomStream(seed: seed)
        var prefix = TreeSearch.Prefix()
        for _ in 0..<random.nextInt(below: 6) where !prefix.isComplete {
          let choices = grammar.choices(after: prefix)
          prefix.append(grammar.draw(from: choices, after: prefix, &random))
        }
        grammar.complete(&prefix, models: models, &random)
        #expect(prefix.isComplete)
        #expect(prefix.path.count <= size)
        #expect(TreeSearch.Grammar.end(of: prefix.path, from: 0) == prefix.path.count)
        #expect(prefix.tree.nodeCount == prefix.path.count)
        var again = TreeSearch.Prefix()
        for choice in prefix.path {
          let isAllowed = grammar.choices(after: again).contains(TreeSearch.Grammar.Choices(choice))
          #expect(isAllowed, "seed \(seed): \(prefix.tree)")
          again.append(choice)
        }
        if seed % 10 == 0 { models.append(prefix.path) }
      }
    }
  }
}
