import AtomicData
import ParetoFronts

/// A population that breeds by itself, with random numbers of its own.
struct Island: Sendable {
  var random: RandomStream
  var population = Population()
  /// Forms bred here, by size.
  var bred: [Int: Int] = [:]
  /// Barriers since it began, and since its front last improved.
  var age = 0
  var stagnation = 0

  /// - Parameter number: tells its random numbers from those of other islands.
  static func empty(seed: UInt64, stage: Int, number: Int) -> Island {
    Island(random: RandomStream(seed: seed, purpose: 1, UInt64(stage), UInt64(number)))
  }

  /// Takes in what was bred here.
  mutating func take(_ candidates: [Candidate]) {
    let before = population.front.entries.map(\.loss)
    for candidate in candidates {
      bred[candidate.complexity, default: 0] += 1
      population.insert(candidate)
    }
    age += 1
    stagnation = population.front.entries.map(\.loss) == before ? stagnation + 1 : 0
  }

  /// Begins with what others have found.
  mutating func begin(with candidates: [Candidate]) {
    population = Population()
    for candidate in candidates { population.insert(candidate) }
    (bred, age, stagnation) = ([:], 0, 0)
  }

  // MARK: Parents

  /// Share of parents taken from the front.
  private static let frontShare = 0.4

  /// A parent: an entry of the front, or a good one of a size of which few were bred.
  ///
  /// Sizes are drawn with weights that fall with the number of forms bred of them, after the adaptive
  /// parsimony of PySR (Cranmer, arXiv:2305.01582, section 2).
  func parent(_ random: inout RandomStream) -> Candidate? {
    let sizes = population.sizes
    guard !sizes.isEmpty else { return nil }
    if random.nextUnit() < Self.frontShare {
      let front = population.front.entries
      return front[random.nextInt(below: front.count)]
    }
    let average = Double(bred.values.reduce(0, +)) / Double(max(1, bred.count))
    let weights = sizes.map { 1 / (1 + Double(bred[$0] ?? 0) / max(1, average)) }
    var draw = random.nextUnit() * weights.reduce(0, +)
    let place = weights.firstIndex { weight in
      draw -= weight
      return draw < 0
    }
    let niche = population.niche(sizes[place ?? sizes.count - 1])
    // A tournament of two.
    return niche[min(random.nextInt(below: niche.count), random.nextInt(below: niche.count))]
  }
}
