import AtomicData
import CompressedForces
import ExpressionTrees
import ForceFitting
import ParetoFronts
import Synchronization

/// How long the scores of a front will take: what a time limit leaves for them.
///
/// A direct pass reads all frames, and evaluates each potential at each pair. The first is known from
/// the pass over the baselines, the second from evaluations of the potentials themselves.
final class ScoringForecast: Sendable {
  private let discovery: Discovery
  /// Seconds of a pass without any potential.
  private let readingSeconds: Double
  /// Of the candidates of the last front, by number.
  private let known = Mutex<[Int: Double]>([:])

  /// Passes over the frames: scores and uncertainties.
  private static let passCount = 2.0
  /// What is left for surprises.
  private static let margin = 1.3
  private static let smallest = 0.1

  init(_ discovery: Discovery, marks: Marks) {
    self.discovery = discovery
    let evaluations = marks.scored.reduce(0) { $0 + Self.seconds(of: $1, discovery) }
    readingSeconds = max(0, marks.scoringSeconds - evaluations)
  }

  /// Seconds for a front.
  func seconds(_ front: ParetoFront) -> Double {
    let evaluations = known.withLock { known in
      known = Dictionary(
        uniqueKeysWithValues: front.entries.map {
          ($0.number, known[$0.number] ?? Self.seconds(of: discovery.scored($0), discovery))
        })
      return known.values.reduce(0, +)
    }
    return Self.smallest + Self.margin * Self.passCount * (readingSeconds + evaluations)
  }

  /// Seconds to evaluate a potential at all pairs of the data, on all threads.
  private static func seconds(of potential: ScoredPotential, _ discovery: Discovery) -> Double {
    let survey = discovery.statistics.survey
    let pairCount = survey.samples.reduce(0) { $0 + $1.pairCount }
    let cutoff = discovery.settings.cutoff
    let force = potential.pairPotential(
      pairTypes: discovery.dataset.pairTypes,
      treatment: CutoffTreatment(
        mode: potential.cutoffMode, cutoff: cutoff, switchWidth: discovery.settings.switchWidth)
    ).force
    let distances = (1...64).map { cutoff * Double($0) / 65 }
    var forces = distances
    let clock = ContinuousClock()
    let time = clock.measure {
      distances.withUnsafeBufferPointer { distances in
        forces.withUnsafeMutableBufferPointer { force(0, distances, $0) }
      }
    }
    let threads = Double(max(1, discovery.settings.search.threads))
    return time / .seconds(1) / Double(distances.count) * Double(pairCount) / threads
  }
}
