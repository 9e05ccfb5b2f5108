import AtomicData
import ExpressionTrees
import ForceFitting
import ParetoFronts

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Monte Carlo tree search over the grammar.
///
/// Expressions are built in prefix order, each choice filling the leftmost open place; a node of the
/// tree is a prefix. A proposal descends from the root by an upper confidence bound (UCT: Kocsis,
/// Szepesvári, ECML 2006, doi 10.1007/11871842_29), adds one child and completes it at random, in part
/// with parts of good expressions; the fit's reward goes back along the path. A node keeps the best
/// reward below it, not the mean, as in the Symbolic Physics Learner (Sun et al., ICLR 2023,
/// arXiv:2205.13134): the aim is one good form, and most completions of the best prefix are bad.
/// Children come one by one as visits do (progressive unpruning: Chaslot et al., New Math. Nat. Comput. 4
/// (2008) 343, doi 10.1142/S1793005708001094), since a place has up to 35 choices. Some steps go to any
/// child: what counts is the best form found, not the rewards on the way (after Tolpin, Shimony, AAAI
/// 2012, arXiv:1207.5536, who do so at the root).
///
/// A batch is drawn from the statistics alone; a visit counts when it is made, its reward at the
/// barrier, which spreads the proposals of a batch.
struct TreeSearch: FormSource {
  private let grammar: Grammar
  private let allowed: SearchOptions.Grammar
  private let notation: CanonicalForm.Notation
  private let typeCount: Int
  private let seed: UInt64

  /// Weight of the unknown in the upper confidence bound.
  private static let exploration = 0.2
  /// Share of the steps down to a child at random, whatever its value. The bound alone would soon come
  /// back to one path: the visits of the others grow as the logarithm of all.
  private static let randomShare = 0.3
  /// The value of a node is its reward over the best of all, to this power: near the best, small
  /// differences count.
  private static let sharpness = 4.0
  /// Open children of a node with n visits, at most: so many times √n.
  private static let width = 1.5
  /// Proposals for one new form before the search counts as exhausted, and the fewest for a batch.
  private static let patience = 200
  private static let leastAttempts = 5_000
  /// Tells the random numbers from those of the islands.
  private static let purpose: UInt64 = 2

  init(options: SearchOptions, typeCount: Int) {
    allowed = options.grammar
    grammar = Grammar(options.grammar)
    notation = CanonicalForm.Notation(operators: options.grammar.operators)
    self.typeCount = typeCount
    seed = options.seed
  }

  func batch(
    size: Int, state: inout SearchState, record: some SearchRecord
  ) async throws -> [Proposal] {
    var random =
      state.treeSearch.random
      ?? RandomStream(seed: seed, purpose: Self.purpose, UInt64(state.stage))
    var batch: [Proposal] = []
    var chosen: Set<ExpressionTree> = []
    var attempts = 0
    let mostAttempts = max(size * Self.patience, Self.leastAttempts)
    while batch.count < size, attempts < mostAttempts, !Task.isCancelled {
      // Asked for together: that costs a record less than one by one.
      var drawn: [Proposal] = []
      let missing = size - batch.count
      for _ in 0..<missing {
        guard let path = path(&state.treeSearch, &random) else { break }
        attempts += 1
        state.counts.proposals += 1
        if let proposal = proposal(path) {
          drawn.append(proposal)
        } else {
          state.counts.rejected += 1
        }
      }
      for (proposal, isKnown) in zip(drawn, try record.areKnown(drawn.map(\.tree))) {
        if !isKnown, chosen.insert(proposal.tree).inserted {
          batch.append(proposal)
        } else {
          state.counts.duplicates += 1
        }
      }
      if isExhausted(state.treeSearch) { break }
    }
    state.treeSearch.random = random
    return batch
  }

  /// The canonical form of a complete path; nil where there is none within the grammar.
  private func proposal(_ path: [UInt8]) -> Proposal? {
    guard
      let form = CanonicalForm(
        of: Prefix(path).tree, typeCount: typeCount, resolvesSigns: true, notation: notation),
      allowed.allows(form.tree)
    else { return nil }
    return Proposal(origin: CandidateOrigin(.treeSearch), tree: form.tree, path: path)
  }

  // MARK: The tree

  /// A node on the way down, and what may follow its prefix.
  private struct Step {
    let node: Int
    let choices: Grammar.Choices
  }

  /// Whether every path was proposed.
  private func isExhausted(_ statistics: Statistics) -> Bool {
    grammar.choices(after: Prefix()).isSubset(of: statistics.closed(0))
  }

  /// The choices of a complete expression, chosen by the statistics; nil where none is left.
  private func path(_ statistics: inout Statistics, _ random: inout RandomStream) -> [UInt8]? {
    statistics.makeRoom()
    while !isExhausted(statistics) {
      var prefix = Prefix()
      var trail: [Step] = []
      var node = 0
      while true {
        let step = Step(node: node, choices: grammar.choices(after: prefix))
        let open = step.choices.subtracting(statistics.closed(node))
        // Of no search: a node is closed with its last choice. Statistics from elsewhere may hold one.
        if open.isEmpty {
          close(statistics.choice(node), trail, &statistics)
          break
        }
        trail.append(step)
        let children = statistics.children(of: node).filter {
          open.contains(Grammar.Choices(statistics.choice($0)))
        }
        let untried = open.subtracting(
          Grammar.Choices(children.map { statistics.choice($0) }))
        let width = Self.width * Double(statistics.visits(node)).squareRoot()
        if !untried.isEmpty, children.isEmpty || Double(children.count) < width {
          extend(&prefix, trail, by: untried, &statistics, &random)
          return prefix.path
        }
        node =
          random.nextUnit() < Self.randomShare
          ? children[random.nextInt(below: children.count)]
          : favourite(children, of: node, statistics)
        prefix.append(statistics.choice(node))
      }
    }
    return nil
  }

  /// The child with the highest upper confidence bound; of equals, the oldest.
  private func favourite(_ children: [Int], of node: Int, _ statistics: Statistics) -> Int {
    let logarithm = log(Double(max(1, statistics.visits(node))))
    let best = max(statistics.reward(0), .leastNormalMagnitude)
    let bounds = children.map { child in
      pow(statistics.reward(child) / best, Self.sharpness)
        + Self.exploration * (logarithm / Double(max(1, statistics.visits(child)))).squareRoot()
    }
    var chosen = 0
    for place in bounds.indices where bounds[place] > bounds[chosen] { chosen = place }
    return children[chosen]
  }

  /// One choice more, as a new node unless it completes the expression, and a random completion.
  private func extend(
    _ prefix: inout Prefix, _ trail: [Step], by untried: Grammar.Choices,
    _ statistics: inout Statistics, _ random: inout RandomStream
  ) {
    for step in trail { statistics.countVisit(step.node) }
    let choice = grammar.draw(from: untried, after: prefix, &random)
    prefix.append(choice)
    guard !prefix.isComplete else { return close(choice, trail, &statistics) }
    statistics.countVisit(statistics.appendChild(choice, to: trail[trail.count - 1].node))
    grammar.complete(&prefix, models: statistics.models.paths, &random)
  }

  /// Marks a choice at the end of the trail as done with, and every node that has no other left.
  private func close(_ choice: UInt8, _ trail: [Step], _ statistics: inout Statistics) {
    var choice = choice
    for step in trail.reversed() {
      statistics.close(choice, in: step.node)
      guard step.choices.isSubset(of: statistics.closed(step.node)) else { return }
      choice = statistics.choice(step.node)
    }
  }
}

extension TreeSearch {
  /// With each node of the canonical form the error counts for so many times more.
  private static let errorPerNode = 1.005
  /// Error at which the reward is one half: smaller ones make no great difference any more.
  private static let goodError = 0.1

  /// Reward of a fit, 0...1: g/(g + e·1.005ⁿ) for n nodes and the error e = √(1 − R²), in units of that
  /// of U = 0; 0 for what is no candidate.
  ///
  /// Sun et al. have ηⁿ/(1 + e). Here rewards are compared as ratios, which are those of the errors: near
  /// the floor of noisy data R² hardly differs.
  static func reward(_ candidate: Candidate) -> Double {
    guard candidate.fit.isCandidate else { return 0 }
    let error = max(0, 1 - candidate.fit.r2).squareRoot()
    return goodError / (goodError + error * pow(errorPerNode, Double(candidate.complexity)))
  }
}
