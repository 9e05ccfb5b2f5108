import ParetoFronts
import RunStorage

/// What a document says beside its entries of how far they can be trusted.
struct Trust: Sendable {
  var division: DivisionSummary?
  /// Of a front; nil for one form.
  var recommendation: String?
  /// Nil where nothing was left for errors and flags.
  var warnings: [String]?
}

extension Discovery {
  /// The entries with their errors on held-out frames and their flags.
  ///
  /// - Parameters:
  ///   - isFitted: whether the parameters come from the training frames.
  ///   - formCount: forms that were tried to find the entries.
  func trusted(
    _ entries: [FrontEntry], _ potentials: [ScoredPotential], isFitted: Bool = true,
    formCount: Int = 1
  ) async throws -> (entries: [FrontEntry], assessment: Assessment, trust: Trust) {
    let assessment = try await assessment(
      of: potentials, isFitted: isFitted, formCount: formCount)
    let flags = await ownFlags(of: potentials, isFitted: isFitted)
    let trusted = flagged(assessed(entries, assessment), flags, assessment)
    return (
      trusted, assessment,
      Trust(division: division(assessment), recommendation: nil, warnings: warnings())
    )
  }

  /// The entries of a search's front with errors, flags and one of them recommended.
  ///
  /// - Parameter isTrusted: whether there is time for errors and flags.
  func recommended(
    _ entries: [FrontEntry], _ potentials: [ScoredPotential], isTrusted: Bool, formCount: Int
  ) async throws -> (entries: [FrontEntry], trust: Trust?) {
    guard isTrusted else {
      let (entries, reason) = Self.recommending(entries)
      return (entries, Trust(recommendation: reason + Self.nothingLeft, warnings: nil))
    }
    var (entries, assessment, trust) = try await trusted(
      entries, potentials, formCount: formCount)
    (entries, trust.recommendation) = Self.recommending(entries, assessment)
    return (entries, trust)
  }

  /// The entries of a front with one of them recommended, and by what it was chosen.
  ///
  /// - Parameter assessment: nil where there was no time for it, and for entries of several runs.
  static func recommending(
    _ entries: [FrontEntry], _ assessment: Assessment? = nil
  ) -> (entries: [FrontEntry], reason: String) {
    var entries = entries
    for place in entries.indices { entries[place].recommended = false }
    let measure = assessment?.measure
    let losses = Losses(of: entries)
    let points = entries.indices.map { place in
      ModelChoice.Point(
        complexity: entries[place].complexity,
        loss: measure?.table.losses[place] ?? losses.values[place],
        standardError: losses.errors?[place],
        isBarred: EmptinessFlag.areBarring(entries[place].flags) || losses.isWorthless(place))
    }
    let table = measure?.table
    let excess = table.flatMap { table in
      table.hasErrors ? { table.excess(of: $0, over: $1) } : nil
    }
    guard let chosen = ModelChoice.recommended(points, excess: excess) else {
      return (entries, none(entries))
    }
    entries[chosen].recommended = true
    let name = measure?.name.rawValue ?? losses.name
    guard let name else {
      return (entries, "by the training loss: no frames were held out")
    }
    let hasErrors = table?.hasErrors ?? (losses.errors != nil)
    return (
      entries,
      hasErrors
        ? "smallest entry without a barring flag within one standard error of the lowest \(name) loss"
        : "by the \(name) loss, which has no error"
          + (assessment == nil ? "" : ": too few frames or groups were held out")
    )
  }

  /// What a recommendation without errors and flags is told with; a run that goes on makes up for it.
  private static let nothingLeft =
    "; no time or memory was left for errors and flags, symreg resume makes up for them"

  private static func none(_ entries: [FrontEntry]) -> String {
    if entries.isEmpty { return "none: no entry is better than U = 0" }
    let isNothing = entries.allSatisfy {
      $0.flags.contains(EmptinessFlag.noBetterThanNothing.rawValue)
    }
    return isNothing
      ? "none: on held-out frames no entry is better than U = 0 beyond chance"
      : "none: every entry has a flag that bars it"
  }

  /// The losses of entries as their document has them, all of one sort.
  private struct Losses {
    let values: [Double]
    let errors: [Double]?
    /// Nil for training losses.
    let name: String?
    private let r2: [Double]?

    init(of entries: [FrontEntry]) {
      let folds = entries.compactMap(\.crossValidation)
      let held = entries.compactMap(\.validationRMSE)
      let rmse: [Double]
      let rmseErrors: [Double]
      if folds.count == entries.count, !entries.isEmpty {
        (rmse, rmseErrors) = (folds.map(\.rmse), folds.compactMap(\.rmseError))
        (name, r2) = (GainSummary.Measure.crossValidation.rawValue, folds.map(\.r2))
      } else if held.count == entries.count, !entries.isEmpty {
        (rmse, rmseErrors) = (held, entries.compactMap(\.validationRMSEError))
        (name, r2) = (
          GainSummary.Measure.validation.rawValue, entries.map { $0.validationR2 ?? 0 }
        )
      } else {
        (rmse, rmseErrors) = (entries.map(\.trainRMSE), [])
        (name, r2) = (nil, nil)
      }
      values = rmse.map { $0 * $0 }
      // The error of a square is that of its root times twice the root.
      errors =
        !entries.isEmpty && rmseErrors.count == entries.count
        ? zip(rmse, rmseErrors).map { 2 * $0 * $1 } : nil
    }

    /// Whether it is no better than no force on held-out frames.
    func isWorthless(_ place: Int) -> Bool { r2.map { $0[place] <= 0 } ?? false }
  }
}
