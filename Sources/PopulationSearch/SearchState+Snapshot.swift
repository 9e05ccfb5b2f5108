import AtomicData
import ParetoFronts

extension SearchState {
  /// A state in numbers, the candidates by theirs.
  public struct Snapshot: Sendable, Hashable, Codable {
    public let counts: SearchCounts
    public let end: SearchEnd?
    let lastNumber: Int
    let population: Members
    let islands: [IslandSnapshot]
    let enumeration: FormEnumeration.Progress
    let treeSearch: TreeSearch.Statistics
    let turn: Int
    let stage: Int
    let hasSeeds: Bool
    let polished: [Int]
    let nextPolishing: Int

    /// The members of a population by their numbers.
    struct Members: Sendable, Hashable, Codable {
      let front: [Int]
      let niches: [[Int]]

      init(_ population: Population) {
        front = population.front.entries.map(\.number)
        niches = population.niches.map { $0.map(\.number) }
      }

      /// Nil where one is missing, or the numbers are none that a population has.
      func population(_ candidates: [Int: Candidate]) -> Population? {
        guard front.isEmpty == niches.allSatisfy(\.isEmpty) else { return nil }
        let members = niches.map { $0.compactMap { candidates[$0] } }
        let entries = front.compactMap { candidates[$0] }
        guard members.map(\.count) == niches.map(\.count), entries.count == front.count else {
          return nil
        }
        return Population(niches: members, front: ParetoFront(entries))
      }
    }

    struct IslandSnapshot: Sendable, Hashable, Codable {
      let random: RandomStream
      let members: Members
      let bred: [Int: Int]
      let age: Int
      let stagnation: Int
    }

    /// Candidates that were recorded up to here.
    public var candidateCount: Int { lastNumber }

    /// Numbers of all candidates that the state needs.
    public var candidates: Set<Int> {
      Set(([population] + islands.map(\.members)).flatMap { $0.front + $0.niches.joined() })
    }
  }

  public var snapshot: Snapshot {
    // A search that was stopped goes on where it stands.
    let isOver = end.map { !$0.isStop } ?? false
    let kept = Set(front.entries.map(\.number))
    return Snapshot(
      counts: counts, end: isOver ? end : nil, lastNumber: lastNumber,
      population: Snapshot.Members(population),
      islands: islands.map { island in
        Snapshot.IslandSnapshot(
          random: island.random, members: Snapshot.Members(island.population), bred: island.bred,
          age: island.age, stagnation: island.stagnation)
      },
      enumeration: enumeration, treeSearch: treeSearch, turn: turn, stage: stage,
      hasSeeds: hasSeeds, polished: polished.intersection(kept).sorted(),
      nextPolishing: nextPolishing)
  }

  /// The state that a snapshot was made of.
  ///
  /// - Parameter candidates: those of `Snapshot.candidates`, by number.
  /// - Returns: nil where one is missing, or the numbers are none that a search has.
  public init?(_ snapshot: Snapshot, candidates: [Int: Candidate]) {
    let progress = snapshot.enumeration
    let numbers = [
      snapshot.lastNumber, snapshot.counts.evaluations, snapshot.counts.proposals,
      snapshot.counts.lossEvaluations, snapshot.nextPolishing, snapshot.turn, snapshot.stage,
      progress.certifiedSize, progress.position, progress.listed,
    ]
    let bound = 1 << 60
    guard snapshot.nextPolishing > 0, numbers.allSatisfy({ (0...bound).contains($0) }),
      snapshot.treeSearch.isSound,
      let population = snapshot.population.population(candidates)
    else { return nil }
    var islands: [Island] = []
    for kept in snapshot.islands {
      guard let population = kept.members.population(candidates),
        ([kept.age, kept.stagnation] + kept.bred.values).allSatisfy({ (0...bound).contains($0) })
      else { return nil }
      islands.append(
        Island(
          random: kept.random, population: population, bred: kept.bred, age: kept.age,
          stagnation: kept.stagnation))
    }
    counts = snapshot.counts
    end = snapshot.end
    lastNumber = snapshot.lastNumber
    (turn, stage, hasSeeds) = (snapshot.turn, snapshot.stage, snapshot.hasSeeds)
    (enumeration, treeSearch) = (progress, snapshot.treeSearch)
    polished = Set(snapshot.polished)
    nextPolishing = snapshot.nextPolishing
    (self.population, self.islands) = (population, islands)
  }
}
