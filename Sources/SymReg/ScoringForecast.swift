import AtomicData
import CompressedForces
import ExpressionTrees
import ForceFitting
import ParetoFronts
import Synchronization

/// How long the scores of a front will take: what a time limit leaves for them.
///
/// A pass reads all frames and evaluates each potential at each pair; another one does so for the
/// uncertainties, with each derivative. The parts are measured on baselines and on the first frames.
final class ScoringForecast: Sendable {
  private let discovery: Discovery
  /// Of a pass without any potential.
  private let readingSeconds: Double
  /// Of a derivative in a pass for uncertainties, and of a potential in one for held-out errors.
  private let secondsPerParameter: Double
  /// Of a fit without a fold, by value of θ, on all threads.
  private let foldSecondsPerParameter: Double
  /// Of the potentials of the last front, by the numbers of their candidates.
  private let known = Mutex<[Int: Double]>([:])

  /// What is left for surprises.
  private static let margin = 1.3
  private static let smallest = 0.1
  private static let repeats = 8
  /// Of a pass over the first frames, seconds.
  private static let shortestPass = 0.3

  /// - Throws: `InputError` where a frame cannot be used.
  init(_ discovery: Discovery, marks: Marks) async throws {
    self.discovery = discovery
    let evaluations = marks.scored.reduce(0) { $0 + Self.seconds(of: $1, discovery) }
    readingSeconds = max(0, marks.scoringSeconds - evaluations)
    secondsPerParameter = try await Self.secondsPerParameter(discovery, marks.scored)
    foldSecondsPerParameter = try await Self.foldSecondsPerParameter(discovery, marks.scored)
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
    return Self.smallest + Self.margin * (readingSeconds + evaluations)
      + uncertaintySeconds(front.entries)
  }

  /// Seconds for the uncertainties, the errors on held-out frames and the flags alone.
  func uncertaintySeconds(_ candidates: [Candidate]) -> Double {
    let parameters = candidates.reduce(0) { $0 + $1.fit.theta.count }
    let assessment =
      discovery.hasFolds || discovery.statistics.validation != nil
      ? readingSeconds + secondsPerParameter * Double(candidates.count) : 0
    return Self.margin
      * (readingSeconds + assessment
        + (secondsPerParameter + foldSecondsPerParameter) * Double(parameters))
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
    // The shortest of some: one that another process interrupts lasts a hundred times as long.
    let time =
      (0..<Self.repeats).map { _ in
        ContinuousClock().measure {
          distances.withUnsafeBufferPointer { distances in
            forces.withUnsafeMutableBufferPointer { force(0, distances, $0) }
          }
        }
      }.min() ?? .zero
    let threads = Double(max(1, discovery.settings.search.threads))
    return time / .seconds(1) / Double(distances.count) * Double(pairCount) / threads
  }

  /// All folds of a baseline fitted anew; a value where there is nothing to measure.
  private static func foldSecondsPerParameter(
    _ discovery: Discovery, _ potentials: [ScoredPotential]
  ) async throws -> Double {
    let parameters = potentials.last?.theta.count ?? 0
    guard discovery.hasFolds, parameters > 0, let potential = potentials.last else { return 0 }
    let start = ContinuousClock.now
    _ = try await discovery.assessment(of: [potential], isFitted: true, formCount: 1)
    return (ContinuousClock.now - start) / .seconds(1) / Double(parameters)
  }

  private static func secondsPerParameter(
    _ discovery: Discovery, _ potentials: [ScoredPotential]
  ) async throws -> Double {
    let parameters = potentials.reduce(0) { $0 + $1.theta.count }
    guard parameters > 0 else { return 0 }
    let clock = ContinuousClock()
    var first = FirstFrames(source: discovery.frames, blockCount: 64)
    // Enough frames that beginning a pass does not count.
    while true {
      let start = clock.now
      let counts = try await first.reduce(
        laneCount: 16, threads: discovery.settings.search.threads, into: 0
      ) { $0 += $1.count }
      let read = clock.now
      _ = try await discovery.uncertainties(of: potentials, over: first)
      let seconds = (clock.now - read) / .seconds(1)
      let share = Double(counts.reduce(0, +)) / Double(discovery.dataset.frameCount)
      if seconds >= Self.shortestPass || share >= 1 {
        return max(0, seconds - (read - start) / .seconds(1)) / share / Double(parameters)
      }
      first.blockCount *= 4
    }
  }
}

/// What a time limit leaves for scores, once the search has ended.
struct ScoringTime: Sendable {
  let deadline: ContinuousClock.Instant
  let forecast: ScoringForecast

  /// How late a result may come.
  private static let tolerance = 1.0

  /// Whether so many seconds and the uncertainties of a front fit in.
  func allows(_ seconds: Double, for front: [Candidate]) -> Bool {
    .now + .seconds(seconds + forecast.uncertaintySeconds(front) - Self.tolerance) < deadline
  }
}

/// The first blocks of other frames.
private struct FirstFrames: FrameSource {
  let source: any FrameSource
  var blockCount: Int

  var pairTypes: PairTypes { source.pairTypes }
  var pairSelection: PairSelection { source.pairSelection }
  var foldCount: Int { source.foldCount }

  func makeBlockReader() throws -> any FrameBlockReader {
    Reader(reader: try source.makeBlockReader(), left: blockCount)
  }

  private final class Reader: FrameBlockReader {
    private let reader: any FrameBlockReader
    private var left: Int

    init(reader: any FrameBlockReader, left: Int) {
      self.reader = reader
      self.left = left
    }

    func next() throws -> FrameBlock? {
      guard left > 0 else { return nil }
      left -= 1
      return try reader.next()
    }
  }
}
