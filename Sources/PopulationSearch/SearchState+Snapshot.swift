import AtomicData
import ExpressionTrees
import ParetoFronts

extension SearchState {
  /// A state in numbers, the candidates by theirs.
  public struct Snapshot: Sendable, Hashable, Codable {
    public let counts: SearchCounts
    public let end: SearchEnd?
    let lastNumber: Int
    let population: Members
    let sums: Members
    let islands: [IslandSnapshot]
    let enumeration: FormEnumeration.Progress
    let treeSearch: TreeSearch.Statistics
    let turn: Int
    let stage: Int
    let composed: [Int]
    let hasSeeds: Bool
    let polished: [Int]
    let nextPolishing: Int

    /// The members of a population by their numbers.
    struct Members: Sendable, Hashable, Codable {
      let front: [Int]
      let niches: [[Int]]

      /// Of a population without members.
      static let none = Members(Population())

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
        let population = Population(niches: members, front: ParetoFront(entries))
        return population.front.entries.isEmpty == members.joined().isEmpty ? population : nil
      }
    }

    struct IslandSnapshot: Sendable, Hashable, Codable {
      let random: RandomStream
      let members: Members
      let bred: [Int: Int]
      let age: Int
      let stagnation: Int
    }

    private enum Key: String, CodingKey {
      case counts, end, lastNumber, population, sums, islands, enumeration, treeSearch, turn, stage,
        composed, hasSeeds, polished, nextPolishing
    }

    /// The first version had one population, by itself.
    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: Key.self)
      func value<T: Decodable>(_ key: Key, default standard: T) throws -> T {
        try values.decodeIfPresent(T.self, forKey: key) ?? standard
      }
      counts = try values.decode(SearchCounts.self, forKey: .counts)
      end = try values.decodeIfPresent(SearchEnd.self, forKey: .end)
      lastNumber = try values.decode(Int.self, forKey: .lastNumber)
      population =
        try values.decodeIfPresent(Members.self, forKey: .population) ?? Members(from: decoder)
      sums = try value(.sums, default: .none)
      islands = try value(.islands, default: [])
      enumeration = try value(.enumeration, default: FormEnumeration.Progress())
      treeSearch = try value(.treeSearch, default: TreeSearch.Statistics())
      turn = try value(.turn, default: 0)
      stage = try value(.stage, default: 0)
      // Where it was one number, all is put together anew.
      composed = (try? value(.composed, default: nil)) ?? SearchState.nothingComposed
      hasSeeds = try value(.hasSeeds, default: false)
      polished = try values.decode([Int].self, forKey: .polished)
      nextPolishing = try values.decode(Int.self, forKey: .nextPolishing)
    }

    init(_ state: SearchState) {
      // A search that was stopped goes on where it stands.
      let isOver = state.end.map { !$0.isStop } ?? false
      counts = state.counts
      end = isOver ? state.end : nil
      lastNumber = state.lastNumber
      population = Members(state.population)
      sums = Members(state.sums)
      islands = state.islands.map { island in
        IslandSnapshot(
          random: island.random, members: Members(island.population), bred: island.bred,
          age: island.age, stagnation: island.stagnation)
      }
      (enumeration, treeSearch) = (state.enumeration, state.treeSearch)
      (turn, stage, composed, hasSeeds) = (state.turn, state.stage, state.composed, state.hasSeeds)
      polished = state.polished.intersection(state.front.entries.map(\.number)).sorted()
      nextPolishing = state.nextPolishing
    }

    /// Candidates that were recorded up to here.
    public var candidateCount: Int { lastNumber }

    /// Numbers of all candidates that the state needs.
    public var candidates: Set<Int> {
      Set(([population, sums] + islands.map(\.members)).flatMap { $0.front + $0.niches.joined() })
    }
  }

  public var snapshot: Snapshot { Snapshot(self) }

  /// The state that a snapshot was made of.
  ///
  /// - Parameters:
  ///   - snapshot: of a state.
  ///   - candidates: those of `Snapshot.candidates`, by number.
  /// - Returns: nil where one is missing, or the numbers are none that a search has.
  public init?(_ snapshot: Snapshot, candidates: [Int: Candidate]) {
    let progress = snapshot.enumeration
    let numbers =
      [
        snapshot.lastNumber, snapshot.counts.evaluations, snapshot.counts.proposals,
        snapshot.counts.lossEvaluations, snapshot.nextPolishing, snapshot.turn, snapshot.stage,
        snapshot.counts.rejected, snapshot.counts.duplicates, snapshot.counts.dropped,
        snapshot.counts.infeasible, snapshot.counts.polished, progress.position, progress.listed,
        progress.listedSize,
      ] + snapshot.composed
    // Sums of some of them still fit.
    let bound = 1 << 50
    guard snapshot.nextPolishing > 0,
      (progress.earlier.map(\.size) + [progress.certifiedSize])
        .allSatisfy({ (0...PackedForm.maximumNodeCount).contains($0) }),
      numbers.allSatisfy({ (0...bound).contains($0) }),
      snapshot.treeSearch.isSound, snapshot.composed.count == Composition.rankCount,
      let population = snapshot.population.population(candidates),
      let sums = snapshot.sums.population(candidates)
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
    composed = snapshot.composed
    (enumeration, treeSearch) = (progress, snapshot.treeSearch)
    polished = Set(snapshot.polished)
    nextPolishing = snapshot.nextPolishing
    (self.population, self.sums, self.islands) = (population, sums, islands)
  }
}
