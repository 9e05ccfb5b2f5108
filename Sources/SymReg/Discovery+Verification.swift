import AtomicData
import ExpressionTrees
import ForceFitting
import Foundation
import ParetoFronts
import RunStorage

/// How far stored numbers of a run are from those recomputed from the stored θ.
public struct Verification: Sendable, Codable, Equatable {
  /// What `PRAGMA integrity_check` finds; empty for a sound database.
  public var faults: [String]
  /// Entries of the front that were recomputed.
  public var entries: Int
  /// Numbers of the front's document that were compared, and their largest relative difference.
  public var numbers: Int
  public var largestDifference: Double
  /// Candidates of the database, and those of them, evenly spaced, that were recomputed from the
  /// statistics.
  public var recorded = 0
  public var candidates: Int
  /// The largest difference of a training loss, in units of the loss of U = 0, or of itself where it is
  /// more.
  public var largestCandidateDifference: Double
  /// What does not agree, in words; empty where all does.
  public var mismatches: [String]
}

extension Discovery {
  /// Difference between two machines' sums that counts as none: of numbers in units of themselves, of
  /// mean squares in units of that of the forces.
  private static let rounding = 1e-9

  /// Recomputes a run's front and some of its candidates from the stored θ.
  ///
  /// The whole document is made anew: entries by the direct sum and from the statistics, their
  /// uncertainties, the recommendation, baselines and floor.
  ///
  /// - Parameters:
  ///   - document: the front as it was written.
  ///   - store: the database of the run.
  ///   - samples: candidates recomputed, about.
  /// - Throws: `InputError` where the database or the data cannot be read, or an entry is no potential for
  ///   the data.
  public func verify(
    _ document: FrontDocument, store: RunStore, samples: Int = 500
  ) async throws -> Verification {
    var result = Verification(
      faults: try store.faults(), entries: document.front.count, numbers: 0, largestDifference: 0,
      candidates: 0, largestCandidateDifference: 0, mismatches: [])
    result.mismatches += result.faults
    let potentials = try potentials(of: document)
    try await verifyDocument(document, potentials, store, &result)
    try verifyRows(document, potentials, store, &result)
    if !hasNoForce { try verifyCandidates(store, samples, &result) }
    return result
  }

  private func potentials(of document: FrontDocument) throws -> [ScoredPotential] {
    try document.front.map { entry in
      let tree = try ExpressionTree(parsing: entry.expression)
      return ScoredPotential(
        tree: tree,
        theta: try tree.theta(of: entry.parameters, typeNames: dataset.pairTypes.typeNames),
        cutoffMode: settings.cutoffMode)
    }
  }

  private func verifyDocument(
    _ document: FrontDocument, _ potentials: [ScoredPotential], _ store: RunStore,
    _ result: inout Verification
  ) async throws {
    var entries = zip(potentials, try await scores(of: potentials)).map(entry)
    // A time limit may have left no time for them.
    if document.front.contains(where: { $0.uncertainty != nil }) {
      entries = try await withUncertainties(entries, potentials)
    }
    let trust: Trust?
    (entries, trust) = try await recommended(
      entries, potentials, isTrusted: document.warnings != nil,
      formCount: document.evaluations)
    let typeCount = dataset.pairTypes.typeNames.count
    let state = try store.state(typeCount: typeCount) ?? SearchState()
    let rows = try store.front()
    let candidates = try store.candidates(rows.map(\.candidate), typeCount: typeCount)
    let expected = Leaves(
      of: try self.document(
        entries: entries, marks: try await marks(),
        evaluations: state.counts.evaluations,
        certifiedComplexity: certifiedComplexity(state),
        alternatives: alternatives(
          of: state, beside: rows.compactMap { candidates[$0.candidate] }), trust: trust
      ).json())
    let found = Leaves(of: try document.json())
    let unit = document.dataset.rmsForce
    for path in Set(expected.values.keys).union(found.values.keys).sorted() {
      let (expected, found) = (expected.values[path], found.values[path])
      if let new = expected?.number, let old = found?.number {
        result.numbers += 1
        let difference = abs(new - old) / max(abs(new), abs(old), .leastNormalMagnitude)
        result.largestDifference = max(result.largestDifference, difference)
        let isRounding =
          difference <= Self.rounding
          || path.hasSuffix("RMSE") && abs(new * new - old * old) <= Self.rounding * unit * unit
          || path.contains("iolation") && abs(new - old) <= Self.rounding
        if isRounding { continue }
      } else if expected == found || (expected?.text == "null" && found == nil) {
        // Documents of earlier versions lack some keys.
        continue
      }
      result.mismatches.append(
        "\(path): expected \(expected?.text ?? "nothing") by recomputation, found "
          + "\(found?.text ?? "nothing") stored")
    }
  }

  /// The front of the database against that of the document.
  private func verifyRows(
    _ document: FrontDocument, _ potentials: [ScoredPotential], _ store: RunStore,
    _ result: inout Verification
  ) throws {
    let rows = try store.front()
    let candidates = try store.candidates(
      rows.map(\.candidate), typeCount: dataset.pairTypes.typeNames.count)
    let isEqual =
      rows.count == potentials.count
      && zip(rows, zip(document.front, potentials)).allSatisfy { row, pair in
        let candidate = candidates[row.candidate]
        return candidate?.tree == pair.1.tree && candidate?.fit.theta == pair.1.theta
          && row.directRMSE == pair.0.directRMSE
      }
    guard !isEqual else { return }
    result.mismatches.append(
      "expected the \(rows.count) entries of the database's front, found others")
  }

  private func verifyCandidates(
    _ store: RunStore, _ samples: Int, _ result: inout Verification
  ) throws {
    let problem = problem(cutoffMode: settings.cutoffMode)
    let sample = try store.sample(samples, typeCount: dataset.pairTypes.typeNames.count)
    let recorded = try store.candidateCount()
    if let expected = try store.checkpoint()?.state.candidateCount, expected != recorded {
      result.mismatches.append("expected \(expected) candidates, found \(recorded)")
    }
    result.recorded = recorded
    // The loss of a dropped form is one of the coarse grid.
    for candidate in sample
    where candidate.fit.status != .failed && candidate.fit.status != .dropped {
      let forces = problem.forces(of: candidate.tree, theta: candidate.fit.theta)
      let loss = problem.statistics.meanSquaredForceError(of: forces.values)
      let difference = abs(candidate.loss - loss) / max(loss, problem.meanSquaredForce)
      result.candidates += 1
      if difference.isFinite {
        result.largestCandidateDifference = max(result.largestCandidateDifference, difference)
      }
      func miss(_ what: String, _ new: Double, _ old: Double) {
        result.mismatches.append(
          "candidate \(candidate.number), \(candidate.tree): expected \(what) \(new), found \(old)")
      }
      if !(difference <= Self.rounding) { miss("a training loss of", loss, candidate.loss) }
      let r2 = 1 - candidate.loss / problem.meanSquaredForce
      if !(abs(r2 - candidate.fit.r2) <= Self.rounding * max(1, abs(r2))) {
        miss("an R² of", r2, candidate.fit.r2)
      }
      if let old = candidate.validationLoss, let validation = statistics.validation {
        let new = validation.meanSquaredForceError(of: forces.values)
        if !(abs(new - old) <= Self.rounding * max(new, problem.meanSquaredForce)) {
          miss("a validation loss of", new, old)
        }
      }
    }
  }
}

/// The numbers and words of a JSON text by their paths, such as `front[2].directRMSE`.
private struct Leaves {
  struct Leaf: Equatable {
    let text: String
    let number: Double?
  }

  private(set) var values: [String: Leaf] = [:]

  init(of json: String) {
    add((try? JSONSerialization.jsonObject(with: Data(json.utf8))) ?? [:], path: "")
  }

  private mutating func add(_ value: Any, path: String) {
    switch value {
    case let object as [String: Any]:
      for (key, value) in object { add(value, path: path.isEmpty ? key : "\(path).\(key)") }
    case let list as [Any]:
      for (k, value) in list.enumerated() { add(value, path: "\(path)[\(k)]") }
    case let text as String: values[path] = Leaf(text: "\"\(text)\"", number: nil)
    case let flag as Bool where "\(flag)" == "\(value)":
      values[path] = Leaf(text: "\(flag)", number: nil)
    case let number as NSNumber:
      values[path] = Leaf(text: "\(number)", number: number.doubleValue)
    default: values[path] = Leaf(text: "null", number: nil)
    }
  }
}
