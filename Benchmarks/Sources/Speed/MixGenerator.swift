import Foundation
import SymReg
import Synchronization

/// Draws the reference mix from what a search proposes.
struct MixGenerator: Sendable {
  let problem: FitProblem
  let evaluations: Int
  let seed: UInt64

  static let sizes = 5...20
  /// Share of the mix with R² above `usefulR2` as the search fitted it; the others are drawn from
  /// the proposals at or below. A margin above the 70 % asked for.
  static let usefulShare = 0.75
  static let usefulR2 = 0.2

  /// Everything a search proposed and fitted, in order.
  func proposals(threads: Int) async -> [Candidate] {
    var options = SearchOptions()
    options.seed = seed
    options.threads = threads
    options.maxEvaluations = evaluations
    let fitted = Mutex<[Candidate]>([])
    _ = await PopulationSearch(problem: problem, options: options).run(
      report: { event in
        fitted.withLock { $0 += event.fitted.filter { $0.origin.kind != .polishing } }
      })
    return fitted.withLock { $0 }
  }

  /// A sample of the mean size asked for: each proposal counts exp(−tilt·nodes), with the one tilt
  /// that gives the mean.
  func mix(from proposals: [Candidate]) -> ReferenceMix {
    let suitable = proposals.filter { Self.sizes.contains($0.tree.nodeCount) && isRepeatable($0) }
    let useful = suitable.filter(isUseful)
    let others = suitable.filter { !isUseful($0) }
    let usefulCount = Int((Double(ReferenceMix.count) * Self.usefulShare).rounded())
    var random = RandomStream(seed: seed, purpose: 2)
    var chosen =
      sample(useful, count: usefulCount, &random)
      + sample(others, count: ReferenceMix.count - usefulCount, &random)
    chosen.sort { ($0.nodeCount, $0.description) < ($1.nodeCount, $1.description) }
    return ReferenceMix(trees: chosen)
  }

  private func isUseful(_ candidate: Candidate) -> Bool {
    candidate.fit.isCandidate && candidate.fit.r2 > Self.usefulR2
  }

  /// Whether the tree comes back from its text, and is canonical without knowing any sign.
  private func isRepeatable(_ candidate: Candidate) -> Bool {
    guard let parsed = try? ExpressionTree(parsing: candidate.tree.description),
      let canonical = CanonicalForm(of: parsed, typeCount: problem.typeCount)
    else { return false }
    return parsed.nodes == candidate.tree.nodes && canonical.tree.nodes == parsed.nodes
  }

  /// Without repetition: the `count` smallest of exponential variates with rates of the weights
  /// (Efraimidis, Spirakis, Inf. Process. Lett. 97, 181 (2006), doi 10.1016/j.ipl.2005.11.003).
  private func sample(
    _ candidates: [Candidate], count: Int, _ random: inout RandomStream
  ) -> [ExpressionTree] {
    let tilt = tilt(of: candidates)
    let keyed = candidates.map { candidate in
      (
        key: -log(1 - random.nextUnit()) * exp(tilt * Double(candidate.tree.nodeCount)),
        tree: candidate.tree
      )
    }
    return keyed.sorted { $0.key < $1.key }.prefix(count).map(\.tree)
  }

  private func tilt(of candidates: [Candidate]) -> Double {
    var (low, high) = (-3.0, 3.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      var (weight, sum) = (0.0, 0.0)
      for candidate in candidates {
        let size = Double(candidate.tree.nodeCount)
        let own = exp(-middle * (size - ReferenceMix.meanNodeCount))
        weight += own
        sum += own * size
      }
      if sum > ReferenceMix.meanNodeCount * weight { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
