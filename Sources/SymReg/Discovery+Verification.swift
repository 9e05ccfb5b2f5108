import AtomicData
import ExpressionTrees
import ForceFitting
import ParetoFronts
import RunStorage

/// How far stored numbers of a run are from those recomputed from the stored θ.
public struct Verification: Sendable, Codable, Equatable {
  /// What `PRAGMA integrity_check` finds; empty for a sound database.
  public var faults: [String]
  /// Entries of the front that were recomputed.
  public var entries: Int
  /// The largest relative difference of a root mean square error of an entry, by direct sum and from
  /// the statistics.
  public var largestEntryDifference: Double
  /// Candidates of the database that were recomputed from the statistics.
  public var candidates: Int
  /// The largest difference of a training loss, in units of the loss of U = 0.
  public var largestCandidateDifference: Double
  /// What does not agree, in words; empty where all does.
  public var mismatches: [String]
}

extension Discovery {
  /// Relative difference between two machines' sums that counts as none.
  private static let rounding = 1e-9
  /// Difference of a compressed loss, in units of that of U = 0: it is a small difference of sums.
  private static let lossRounding = 1e-9

  /// Recomputes a run's front and some of its candidates from the stored θ.
  ///
  /// - Parameter samples: candidates recomputed, about.
  /// - Throws: `InputError` where the database or the data cannot be read.
  public func verify(
    _ document: FrontDocument, store: RunStore, samples: Int = 500
  ) async throws -> Verification {
    var result = Verification(
      faults: try store.faults(), entries: document.front.count, largestEntryDifference: 0,
      candidates: 0, largestCandidateDifference: 0, mismatches: [])
    result.mismatches += result.faults
    try await verifyFront(document, store, &result)
    if !hasNoForce { try verifyCandidates(try store.sample(samples), &result) }
    return result
  }

  private func verifyFront(
    _ document: FrontDocument, _ store: RunStore, _ result: inout Verification
  ) async throws {
    let typeNames = dataset.pairTypes.typeNames
    let potentials = try document.front.map { entry in
      let tree = try ExpressionTree(parsing: entry.expression)
      return ScoredPotential(
        tree: tree, theta: try tree.theta(of: entry.parameters, typeNames: typeNames),
        cutoffMode: settings.cutoffMode)
    }
    let recomputed = zip(potentials, try await scores(of: potentials)).map(entry)
    for (stored, new) in zip(document.front, recomputed) {
      let numbers: [(String, Double?, Double?)] = [
        ("trainRMSE", stored.trainRMSE, new.trainRMSE),
        ("validationRMSE", stored.validationRMSE, new.validationRMSE),
        ("compressedRMSE", stored.compressedRMSE, new.compressedRMSE),
        ("directRMSE", stored.directRMSE, new.directRMSE),
      ]
      for (name, old, new) in numbers where old != new {
        let difference = abs((old ?? .infinity) - (new ?? .infinity)) / (new ?? 1)
        result.largestEntryDifference = max(result.largestEntryDifference, difference)
        if !(difference <= Self.rounding) {
          result.mismatches.append(
            "\(stored.expression): expected \(name) \(new.map { "\($0)" } ?? "none"), "
              + "found \(old.map { "\($0)" } ?? "none")")
        }
      }
      // Violations are rounding where they are small.
      if abs(stored.maxConstraintViolation - new.maxConstraintViolation) > Self.rounding {
        result.mismatches.append(
          "\(stored.expression): expected a violation of \(new.maxConstraintViolation), "
            + "found \(stored.maxConstraintViolation)")
      }
    }
    let rows = try store.front()
    let candidates = try store.candidates(rows.map(\.candidate))
    let trees = potentials.map(\.tree)
    let thetas = potentials.map(\.theta)
    let stored = rows.compactMap { candidates[$0.candidate] }
    if stored.map(\.tree) != trees || stored.map(\.fit.theta) != thetas {
      result.mismatches.append(
        "expected the front of the database in front.json, found \(trees.count) entries that differ "
          + "from its \(rows.count)")
    }
  }

  private func verifyCandidates(_ candidates: [Candidate], _ result: inout Verification) throws {
    let problem = problem(cutoffMode: settings.cutoffMode)
    for candidate in candidates where candidate.fit.status != .failed {
      let forces = problem.forces(of: candidate.tree, theta: candidate.fit.theta)
      let loss = problem.statistics.meanSquaredForceError(of: forces.values)
      let difference = abs(candidate.loss - loss) / problem.meanSquaredForce
      result.candidates += 1
      result.largestCandidateDifference = max(result.largestCandidateDifference, difference)
      // Losses that are many times that of U = 0 are known to their own digits.
      if !(difference <= Self.lossRounding * max(1, loss / problem.meanSquaredForce)) {
        result.mismatches.append(
          "candidate \(candidate.number), \(candidate.tree): expected a training loss of \(loss), "
            + "found \(candidate.loss)")
      }
    }
  }
}
