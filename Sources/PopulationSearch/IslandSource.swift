import AtomicData
import ExpressionTrees
import ForceFitting
import ParetoFronts

/// Genetic programming on islands: each breeds from its own population, on a thread of its own; now and
/// then the best migrate to the next island, and an island that has come to a standstill begins anew.
///
/// Islands keep a search from being taken over by one family (Cohoon, Hegde, Martin, Richards, Proc. 2nd
/// Int. Conf. Genetic Algorithms (1987) 148); beginning anew while the others keep what was found
/// follows the age-layered populations of Hornby (GECCO 2006, doi 10.1145/1143997.1144142).
struct IslandSource: FormSource {
  private let proposer: Proposer
  private let options: SearchOptions
  /// Asked for what needs no fit any more.
  var enumeration: FormEnumeration

  /// Barriers between migrations.
  private static let migrationInterval = 4
  /// Barriers without a better front after which an island begins anew.
  private static let patience = 40

  init(problem: FitProblem, options: SearchOptions, enumeration: FormEnumeration) {
    proposer = Proposer(problem: problem, options: options)
    self.options = options
    self.enumeration = enumeration
  }

  func batch(
    size: Int, state: inout SearchState, record: some SearchRecord
  ) async throws -> [Proposal] {
    begin(&state)
    let count = max(1, state.islands.count)
    let sizes = (0..<count).map { size / count + ($0 < size % count ? 1 : 0) }
    let (islands, progress) = (state.islands, state.enumeration)
    let bred = await Array(zip(islands, sizes)).enumerated().map { ($0.offset, $0.element) }
      .mapInParallel(threads: options.threads) { [self] number, part in
        var counts = SearchCounts()
        var island = part.0
        let result = Result {
          try proposer.batch(
            size: part.1, island: &island, counts: &counts,
            areKnown: { forms in
              let isListed = forms.map { enumeration.holds($0, progress) }
              let open = forms.indices.filter { !isListed[$0] }
              var answers = isListed
              for (k, isKnown) in zip(open, try record.areKnown(open.map { forms[$0] })) {
                answers[k] = isKnown
              }
              return answers
            })
        }
        return Bred(island: island, counts: counts, proposals: result, number: number)
      }
    var batch: [Proposal] = []
    var chosen: Set<ExpressionTree> = []
    for part in bred {
      state.islands[part.number] = part.island
      state.counts.add(part.counts)
      for var proposal in try part.proposals.get() {
        guard chosen.insert(proposal.tree).inserted else {
          state.counts.duplicates += 1
          continue
        }
        proposal.island = part.number
        batch.append(proposal)
      }
    }
    return batch
  }

  private struct Bred: Sendable {
    let island: Island
    let counts: SearchCounts
    let proposals: Result<[Proposal], any Error>
    let number: Int
  }

  // MARK: Between barriers

  private func begin(_ state: inout SearchState) {
    while state.islands.count < options.islandCount {
      let number = state.islands.count
      var island = Island.empty(seed: options.seed, stage: state.stage, number: number)
      island.begin(with: share(of: state.population, number))
      state.islands.append(island)
    }
    guard let age = state.islands.first?.age, age % Self.migrationInterval == 0, age > 0 else {
      return
    }
    migrate(&state.islands)
    if let number = state.islands.firstIndex(where: { $0.stagnation >= Self.patience }) {
      let age = state.islands[number].age
      state.islands[number].begin(with: smallForms(of: state.population))
      state.islands[number].age = age
    }
  }

  /// The front, and of the others every so many.
  private func share(of population: Population, _ number: Int) -> [Candidate] {
    population.niches.flatMap { niche in
      niche.indices.filter { $0 == 0 || $0 % options.islandCount == number }.map { niche[$0] }
    }
  }

  /// Building blocks: the best forms of up to half the largest size.
  private func smallForms(of population: Population) -> [Candidate] {
    population.candidates.filter { 2 * $0.complexity <= options.grammar.maxComplexity }
  }

  /// Every island gets what the one before has in its front.
  private func migrate(_ islands: inout [Island]) {
    let fronts = islands.map(\.population.front.entries)
    for number in islands.indices {
      for candidate in fronts[(number + islands.count - 1) % islands.count] {
        islands[number].population.insert(candidate)
      }
    }
  }
}
