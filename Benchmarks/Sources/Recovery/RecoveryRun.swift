import Foundation
import PlantedLaws
import SymReg

/// One search for one planted law, and what came of it.
struct RecoveryRun: Codable, Sendable {
  let law: String
  let shape: String
  /// In root mean square forces.
  let noise: Double
  let seed: UInt64
  let plantedComplexity: Int
  let isRecovered: Bool
  /// Where the law stands; nil where it was not recovered.
  let place: Place?
  /// Nil where the law was not recovered.
  let ground: Judge.Ground?
  /// What became of a law that was not recovered; nil where it was.
  let fate: Fate?
  /// The smallest entry that is the law; else the best entry of at most its size.
  let expression: String?
  let complexity: Int?
  /// Its error to the forces of the data, by the direct sum, in root mean square forces.
  let error: Double?
  /// The error of its family to the forces without noise, whole exponents as they are: above 1e-6 where
  /// a law found by its form has another whole exponent than the planted one.
  let familyError: Double?
  /// Of the search, until the first entry that is the law stood in the front, whatever became of it.
  let seconds: Double?
  /// Fits until then.
  let fits: Int?
  /// Forms fitted in the whole search.
  let forms: Int
  /// Error that the grid of the search makes in the law itself, in root mean square forces: above
  /// 1e-6 it, too, can stand in the way.
  let gridError: Double

  enum Place: String, Codable, Sendable {
    case front
    /// Among the forms beside the front, as good as the best of at most its size but for the noise.
    case alternatives
  }

  /// Training error of an alternative over that of the front's best of at most the planted size: nearer,
  /// noise decides between them.
  static let equalError = 1.005

  /// How a law was missed.
  enum Fate: String, Codable, Sendable {
    /// No entry that is the law ever stood in the front.
    case unseen
    /// One did, and gave way to others.
    case displaced
    /// One stood in the search's last front, and its scores by the direct sum kept it out.
    case refused
  }

  /// What ends a search.
  struct Budget: Sendable {
    /// Of wall time, the last fits and scores included; nil: none.
    var seconds: Double?
    /// Forms fitted; nil: no limit.
    var forms: Int?
  }

  static func measured(
    _ data: PlantedData, noise: Double, budget: Budget, judge: Judge
  ) async throws -> RecoveryRun {
    var settings = DiscoverySettings()
    settings.search.grammar.parameterKinds = data.law.parameterKinds
    settings.search.seed = data.seed
    settings.search.threads = data.threads
    settings.search.maxEvaluations = budget.forms
    let (discovery, file) = try await data.opened(noise: noise, settings: settings)
    defer { try? FileManager.default.removeItem(at: file) }
    let marks = try await discovery.marks()
    let history = FrontHistory()
    let deadline = budget.seconds.map { ContinuousClock.now + .seconds($0) }
    let outcome = try await discovery.search(marks: marks, deadline: deadline) { history.take($0) }
    return try await judged(outcome, history, data, noise: noise, judge: judge)
  }

  private static func judged(
    _ outcome: SearchOutcome, _ history: FrontHistory, _ data: PlantedData, noise: Double,
    judge: Judge
  ) async throws -> RecoveryRun {
    let rms = outcome.document.dataset.rmsForce
    let size = data.law.complexity
    let entries = zip(outcome.document.front, outcome.candidates).map { $0 }
      .filter { $0.0.complexity <= size }
    let grounds = try await grounds(
      of: entries.map { ($0.1, $0.0.directRMSE / rms) }, noise: noise, judge: judge)
    let inFront = grounds.lazy.compactMap(\.self).first
    let alternative =
      inFront == nil ? try await alternative(outcome.document, size: size, judge: judge) : nil
    let found = inFront ?? alternative?.ground
    let first = try await firstAppearance(in: history, size: size, noise: noise, rms, judge)
    let fate =
      found != nil
      ? nil : try await fate(of: first, outcome.state.front, size: size, judge: judge)
    let place = grounds.firstIndex { $0 != nil } ?? entries.indices.last
    let shown = alternative == nil ? place.map { entries[$0] } : nil
    var familyError: Double?
    let (tree, theta) = (
      alternative?.tree ?? shown?.1.tree, alternative?.theta ?? shown?.1.fit.theta
    )
    if let tree, let theta {
      let error = try await judge.familyError(of: tree, theta: theta)
      familyError = error.isFinite ? error : nil
    }
    return RecoveryRun(
      law: data.law.name, shape: data.shape.rawValue, noise: noise, seed: data.seed,
      plantedComplexity: size, isRecovered: found != nil,
      place: inFront != nil ? .front : alternative != nil ? .alternatives : nil, ground: found,
      fate: fate, expression: tree?.description, complexity: tree?.nodeCount,
      error: shown.map { $0.0.directRMSE / rms }, familyError: familyError, seconds: first?.seconds,
      fits: first?.fits,
      forms: outcome.state.counts.evaluations, gridError: judge.gridError)
  }

  /// The first alternative that is the law, among those that noise alone sets behind the front.
  private static func alternative(
    _ document: FrontDocument, size: Int, judge: Judge
  ) async throws -> (tree: ExpressionTree, theta: [Double], ground: Judge.Ground)? {
    let best = document.front.last { $0.complexity <= size }?.trainRMSE ?? .infinity
    for entry in document.alternatives ?? []
    where entry.complexity <= size && entry.trainRMSE <= equalError * best {
      let tree = try ExpressionTree(parsing: entry.expression)
      let theta = try tree.theta(of: entry.parameters, typeNames: judge.law.typeNames)
      if let ground = try await judge.ground(of: tree, theta: theta) {
        return (tree, theta, ground)
      }
    }
    return nil
  }

  /// The grounds on which candidates are the law, each tried by itself.
  ///
  /// - Parameter candidates: with their errors in root mean square forces.
  private static func grounds(
    of candidates: [(Candidate, error: Double)], noise: Double, judge: Judge
  ) async throws -> [Judge.Ground?] {
    try await withThrowingTaskGroup(of: (Int, Judge.Ground?).self) { group in
      for (number, (candidate, error)) in candidates.enumerated() {
        group.addTask {
          let ground = try await judge.ground(of: candidate.tree, theta: candidate.fit.theta)
          let isExact = noise == 0 && error <= Judge.entryTolerance
          return (number, ground ?? (isExact ? .error : nil))
        }
      }
      return try await group.reduce(into: Array(repeating: nil, count: candidates.count)) {
        $0[$1.0] = $1.1
      }
    }
  }

  private static func fate(
    of first: FrontHistory.Appearance?, _ front: ParetoFront, size: Int, judge: Judge
  ) async throws -> Fate {
    let last = front.entries.filter { $0.complexity <= size }
    let grounds = try await grounds(of: last.map { ($0, .infinity) }, noise: 0, judge: judge)
    if grounds.contains(where: { $0 != nil }) { return .refused }
    return first == nil ? .unseen : .displaced
  }

  /// The first entry that is the law: the losses of those that stood in the front only for a while are
  /// those of the training frames.
  private static func firstAppearance(
    in history: FrontHistory, size: Int, noise: Double, _ rms: Double, _ judge: Judge
  ) async throws -> FrontHistory.Appearance? {
    let appearances = history.appearances.filter { $0.candidate.complexity <= size }
    let grounds = try await grounds(
      of: appearances.map { ($0.candidate, $0.candidate.loss.squareRoot() / rms) }, noise: noise,
      judge: judge)
    return zip(appearances, grounds).first { $0.1 != nil }?.0
  }
}
