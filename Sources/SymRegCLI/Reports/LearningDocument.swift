import ExpressionTrees
import RunStorage
import SymReg

/// What `learn --json` prints. Errors in eV/Å.
struct LearningDocument: Encodable {
  struct Point: Encodable {
    /// Mean over the repeats.
    let frames: Int
    let trainRMSE: Double
    let heldOutRMSE: Double
    /// Over the repeats; null where all of them have the same frames.
    @Nullable var heldOutRMSEError: Double?
  }

  let formatVersion = 1
  let dataset: DatasetSummary
  let cutoff: Double
  let cutoffMode: String
  let expression: String
  let complexity: Int
  /// `validation`: its frames; `repeats`: in each repeat another part of the training frames.
  let heldOut: String
  /// What stays whole: `frames` or `groups`.
  let units: String
  let repeats: Int
  let seed: UInt64
  let points: [Point]
  /// What twice the frames would take off the held-out RMSE; null where it cannot be told.
  @Nullable var doublingGain: Double?
  @Nullable var doublingGainError: Double?
  /// `helps`, `hardly-helps`, `no-gain` or `unknown`.
  let verdict: String

  /// Errors below this share of an RMSE are the rounding of equal fits.
  private static let rounding = 1e-9

  init(
    _ curve: LearningCurve, tree: ExpressionTree, discovery: Discovery,
    options: Discovery.LearningOptions
  ) {
    dataset = discovery.datasetSummary
    cutoff = discovery.settings.cutoff
    cutoffMode = discovery.settings.cutoffMode.rawValue
    expression = tree.description
    complexity = tree.complexity
    heldOut = discovery.statistics.validation == nil ? "repeats" : "validation"
    units = discovery.settings.reading.groupKey == nil ? "frames" : "groups"
    (repeats, seed) = (options.repeats, options.seed)
    let levels = curve.levels
    points = levels.map { level in
      let rmse = level.heldOut.value.squareRoot()
      let error = rmse > 0 ? (level.heldOut.standardError ?? 0) / (2 * rmse) : 0
      return Point(
        frames: level.frames, trainRMSE: level.training.value.squareRoot(), heldOutRMSE: rmse,
        heldOutRMSEError: error > Self.rounding * rmse ? error : nil)
    }
    // Of the root: a change of the loss over twice the root.
    let scale = points.last.map { $0.heldOutRMSE > 0 ? 1 / (2 * $0.heldOutRMSE) : 0 } ?? 0
    _doublingGain = Nullable(wrappedValue: curve.doublingGain.map { $0.value * scale })
    _doublingGainError = Nullable(
      wrappedValue: curve.doublingGain?.standardError.map { $0 * scale })
    verdict = curve.verdict.rawValue
  }
}
