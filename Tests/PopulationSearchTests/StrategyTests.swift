import ExpressionTrees
import ForceFitting
import ParetoFronts
import Synchronization
import TestSupport
import Testing

@testable import PopulationSearch

struct EnumerationTests {
  static func options(upTo size: Int) -> SearchOptions {
    var options = SearchOptions()
    options.strategy = .enumerate
    options.threads = 2
    options.grammar.maxComplexity = size
    return options
  }

  @Test("every form up to a size is fitted once, and that size is certified")
  func certified() async throws {
    let search = PopulationSearch(
      problem: try await PopulationSearchTests.problem(), options: Self.options(upTo: 5))
    let sizes = Mutex<[Int]>([])
    let state = await search.search(
      from: SearchState(), record: MemoryRecord(),
      report: { event in sizes.withLock { $0.append(event.state.enumeration.certifiedSize) } })
    #expect(state.end == .exhausted)
    #expect(state.enumeration.certifiedSize == 5)
    // 1 + 2 + 12 + 40 + 253 forms, as FormLevelsTests has them.
    #expect(state.counts.evaluations == 308)
    #expect(state.counts.duplicates == 0)
    let reported = sizes.withLock { $0 }
    #expect(reported == reported.sorted() && reported.last == 5)
  }

  @Test("another grammar is certified anew")
  func otherGrammar() async throws {
    let problem = try await PopulationSearchTests.problem()
    var options = Self.options(upTo: 4)
    let record = MemoryRecord()
    let first = await PopulationSearch(problem: problem, options: options)
      .search(from: SearchState(), record: record)
    options.grammar.operators = [.multiply, .divide]
    options.grammar.maxComplexity = 3
    let second = await PopulationSearch(problem: problem, options: options)
      .search(from: first.extended(stage: 1), record: record)
    #expect(first.enumeration.certifiedSize == 4 && second.enumeration.certifiedSize == 3)
    // What was certified of the larger grammar holds for the smaller one, and not the other way round.
    #expect(second.certifiedComplexity(of: options.grammar) == 4)
    options.grammar.operators.append(.log)
    #expect(second.certifiedComplexity(of: options.grammar) == 0)
  }

  @Test(
    "dropping forms after a rough fit leaves the front as it is",
    arguments: [CutoffMode.shiftedForce, .constraint])
  func dropping(mode: CutoffMode) async throws {
    let problem = try await PopulationSearchTests.problem(mode)
    var options = Self.options(upTo: 6)
    let dropping = await PopulationSearch(problem: problem, options: options).run()
    options.roughMargin = .infinity
    let keeping = await PopulationSearch(problem: problem, options: options).run()
    #expect(dropping.counts.dropped > 700 && keeping.counts.dropped == 0)
    #expect(dropping.front.entries.map(\.complexity) == keeping.front.entries.map(\.complexity))
    for (one, other) in zip(dropping.front.entries, keeping.front.entries) {
      #expect(one.loss <= other.loss * (1 + 1e-4), "\(one.tree) \(other.tree)")
    }
  }
}

struct IslandTests {
  @Test("a search whose forms are listed to a size does not fit smaller ones")
  func knowsLists() async throws {
    let problem = try await PopulationSearchTests.problem()
    let fitted = Mutex<[Candidate]>([])
    var options = PopulationSearchTests.options(evaluations: 6_000, strategy: .auto)
    options.grammar.operators = [.add, .multiply, .divide, .exp]
    let state = await PopulationSearch(problem: problem, options: options).search(
      from: SearchState(), record: MemoryRecord(),
      report: { event in fitted.withLock { $0 += event.fitted } })
    let bred = fitted.withLock { $0 }.filter {
      $0.origin.kind == .mutation || $0.origin.kind == .crossover
    }
    let certified = state.enumeration.certifiedSize
    #expect(certified >= 5 && bred.count > 100)
    for candidate in bred where candidate.complexity <= certified {
      // Whole powers of anything but r are no part of the lists.
      #expect(PackedForm(candidate.tree) == nil, "\(candidate.tree)")
    }
  }

  @Test("what the user gives is fitted first and becomes a parent")
  func seeds() async throws {
    let problem = try await PopulationSearchTests.problem()
    var options = PopulationSearchTests.options(evaluations: 300)
    options.seedPotentials = [
      try ExpressionTree(parsing: "X/r + Y*exp(b*r)"),
      try ExpressionTree(parsing: "Y*exp(-c*r) + Z/r"),
    ]
    let fitted = Mutex<[Candidate]>([])
    let result = await PopulationSearch(problem: problem, options: options).run(
      report: { event in fitted.withLock { $0 += event.fitted } })
    let all = fitted.withLock { $0 }
    #expect(all[0].origin.kind == .seed && all[0].tree.description == "X/r + Y*exp(a*r)")
    #expect(all.count { $0.origin.kind == .seed } == 1)
    #expect(all.contains { $0.origin.parents.contains(1) })
    #expect(try #require(result.front.best(upTo: 10)).fit.r2 > 1 - 1e-6)
  }

  @Test("the sum of two small forms is found by putting them together")
  func composition() async throws {
    let problem = try await SyntheticData.problem(
      "a/r^12 - b/r^6", theta: [4_000, 60], typeNames: ["Ar"], smallestDistance: 2, cutoff: 8)
    var options = PopulationSearchTests.options(evaluations: 12_000, strategy: .auto)
    options.grammar.simplify(typeCount: 1)
    #expect(options.grammar.parameterKinds == [.global])
    let fitted = Mutex<[Candidate]>([])
    let result = await PopulationSearch(problem: problem, options: options).run(
      report: { event in fitted.withLock { $0 += event.fitted } })
    let best = try #require(result.front.best(upTo: 11))
    #expect(best.fit.r2 > 1 - 1e-10, "\(best.tree)")
    #expect(
      fitted.withLock { $0 }.contains {
        $0.origin.kind == .composition && $0.origin.parents.count == 2 && $0.fit.r2 > 1 - 1e-10
      })
  }
}

struct WholeExponentTests {
  @Test(
    "exponents near whole numbers are tried as these, all and each",
    arguments: [
      ("a*r^b", [3.0, -6.03], ["a/r^6"]), ("a*r^b", [3, -6.5], []), ("a*r^b", [3, 2.9], ["a*r^3"]),
      (
        "a*r^b + c*r^d", [3, -11.8, -2, -6.1],
        ["a/r^6 + b/r^12", "a*r^b + c/r^12", "a*r^b + c/r^6"]
      ),
      ("X/r + Y*exp(b*r)", [1, 1, 1, 1, -2], []),
    ])
  func rounding(expression: String, theta: [Double], expected: [String]) throws {
    let tree = try ExpressionTree(parsing: expression)
    let typeCount = tree.parameters.contains { $0.kind == .product } ? 2 : 1
    let fit = FitOutcome(
      theta: theta, meanSquaredForceError: 0.1, r2: 0.9, maxConstraintViolation: 0,
      undeterminedDirections: nil, status: .fitted, evaluations: 1, starts: 1,
      stopReason: .converged)
    let found = WholeExponents(grammar: SearchOptions.Grammar(), typeCount: typeCount)
      .forms(of: Candidate(number: 7, tree: tree, fit: fit), parent: 7)
    #expect(found.map(\.tree.description).sorted() == expected.sorted())
    #expect(found.allSatisfy { $0.origin == CandidateOrigin(.rounding, parents: [7]) })
  }
}

struct SearchStateTests {
  @Test("a list that is cut short by a cancellation is no list")
  func cancelledListing() async throws {
    let search = PopulationSearch(
      problem: try await PopulationSearchTests.problem(), options: EnumerationTests.options(upTo: 9)
    )
    let first = await search.search(
      from: SearchState(), record: MemoryRecord(),
      shouldEnd: {
        $0.state.enumeration.position > 0 && $0.state.enumeration.certifiedSize > 5
          ? .interrupted : nil
      })
    #expect(first.enumeration.position > 0)
    var resumed = first
    resumed.end = nil
    let task = Task { [resumed] in await search.search(from: resumed, record: MemoryRecord()) }
    task.cancel()
    let state = await task.value
    #expect(state.snapshot.enumeration == first.snapshot.enumeration)
  }

  @Test("an entry with whole exponents has had its last fit")
  func polishedRounding() async throws {
    let problem = try await SyntheticData.problem(
      "a/r^3", theta: [40], typeNames: ["Ar"], smallestDistance: 2, cutoff: 8)
    var options = PopulationSearchTests.options(evaluations: 400, strategy: .auto)
    options.grammar.simplify(typeCount: 1)
    let search = PopulationSearch(problem: problem, options: options)
    let record = MemoryRecord()
    let state = await search.polished(
      await search.search(from: SearchState(), record: record), record: record)
    #expect(state.isPolished)
    let again = await search.polished(state, record: record)
    #expect(again.snapshot == state.snapshot)
    #expect(state.population.candidates.contains { $0.origin.kind == .rounding })
  }

  @Test("of a form that is fitted again a population keeps the better fit alone")
  func refits() async throws {
    let tree = try ExpressionTree(parsing: "X/r")
    func candidate(_ loss: Double) -> Candidate {
      Candidate(
        tree: tree,
        fit: FitOutcome(
          theta: [1, 1], meanSquaredForceError: loss, r2: 1 - loss, maxConstraintViolation: 0,
          undeterminedDirections: nil, status: .fitted, evaluations: 1, starts: 1,
          stopReason: .converged))
    }
    var population = Population()
    for loss in [0.5, 0.4, 0.45] { population.insert(candidate(loss)) }
    #expect(population.candidates.map(\.loss) == [0.4])
  }
}
