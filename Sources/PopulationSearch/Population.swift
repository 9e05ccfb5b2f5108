import AtomicData
import ParetoFronts

/// The best candidates of every complexity: a population in which sizes do not compete.
///
/// The idea of keeping the best of each niche is that of MAP-Elites (Mouret, Clune, arXiv:1504.04909),
/// with complexity as the one niche.
struct Population: Sendable {
  /// Candidates of each complexity, best first.
  private var byComplexity: [Int: [Candidate]] = [:]
  private(set) var front = ParetoFront()

  /// Candidates kept of one complexity.
  static let nicheSize = 8
  /// Losses closer than this, relatively, come from the same family in another notation.
  static let sameLoss = 1e-7
  init() {}

  /// The population whose niches and front are these.
  init(niches: [[Candidate]], front: ParetoFront) {
    for niche in niches where !niche.isEmpty { byComplexity[niche[0].complexity] = niche }
    self.front = front
  }

  mutating func insert(_ candidate: Candidate) {
    guard candidate.fit.isCandidate else { return }
    front.insert(candidate)
    var niche = byComplexity[candidate.complexity, default: []]
    if let place = niche.firstIndex(where: { $0.tree == candidate.tree }) {
      // Of a form fitted again the better fit stays.
      guard candidate.loss < niche[place].loss else { return }
      niche.remove(at: place)
    }
    let known = niche.firstIndex {
      abs($0.loss - candidate.loss) <= Self.sameLoss * candidate.loss
    }
    if let known {
      // Of equals that with fewer parameters, as one with whole exponents.
      guard candidate.tree.parameters.count < niche[known].tree.parameters.count else { return }
      niche.remove(at: known)
    }
    let place = niche.firstIndex { candidate.loss < $0.loss } ?? niche.count
    niche.insert(candidate, at: place)
    byComplexity[candidate.complexity] = Array(niche.prefix(Self.nicheSize))
  }

  /// By rising complexity, each by rising loss.
  var niches: [[Candidate]] { byComplexity.sorted { $0.key < $1.key }.map(\.value) }

  /// By rising complexity and loss.
  var candidates: [Candidate] { Array(niches.joined()) }

  /// The sizes that have candidates, rising.
  var sizes: [Int] { byComplexity.keys.sorted() }

  /// Candidates of a size, best first.
  func niche(_ complexity: Int) -> [Candidate] { byComplexity[complexity] ?? [] }

  /// Loss up to which a form of this size can enter its niche.
  func entranceLoss(_ complexity: Int) -> Double {
    let niche = niche(complexity)
    return niche.count < Self.nicheSize ? .infinity : niche[niche.count - 1].loss
  }
}
