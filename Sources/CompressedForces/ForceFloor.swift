import AtomicData

/// The floor of the data: the loss of the best free-form pair force.
///
/// One free value per pair type and grid node, 0 at the cutoff, made smooth by a penalty on
/// ∫ f″(r)² dr whose strength cross-validation over the training folds chooses (Craven, Wahba,
/// Numer. Math. 31, 377 (1979), doi 10.1007/BF01404567, with folds of whole frames in place of
/// single points, since the components of a frame are not independent). No pair model of these
/// pair types and this cutoff generalizes much better; the fitted error, on the very frames of the
/// fit, is a bound only for models as smooth.
///
/// OpenBLAS's Cholesky is on the path: equal bits on one machine, not between machines.
public struct ForceFloor: Sendable {
  /// Strength of the penalty per mean squared force error, in Å³.
  public let smoothing: Double
  /// RMSE on the training frames of the fit to them, eV/Å.
  public let fittedRMSE: Double
  /// RMSE on the training frames, each fold predicted from the others, eV/Å.
  public let crossValidatedRMSE: Double
  /// RMSE on the validation frames of the fit to the training frames, eV/Å; nil without them.
  public let validationRMSE: Double?
  /// 1 − cross-validated mean square/mean square of the training reference forces.
  public let crossValidatedR2: Double
  /// 1 − fitted mean square/mean square of the training reference forces.
  public let fittedR2: Double
  /// The fitted force on the grid (eV/Å, concatenated layout); 0 where a pair type has no pair.
  public let gridValues: [Double]

  /// - Throws: `InputError` where fewer than two folds have frames.
  public init(of statistics: ForceStatistics) throws {
    let folds = statistics.folds.filter { $0.weight > 0 }
    guard folds.count > 1 else {
      throw InputError(
        "expected frames in two folds at least to choose the floor's smoothing, "
          + "found \(statistics.training.frameCount) training frames in \(folds.count)",
        remedy: "give more frames")
    }
    let fit = SmoothedFit(grid: statistics.grid)
    let search = SmoothingSearch(fit: fit, folds: folds)
    guard let choice = search.best(),
      let values = fit.gridValues(statistics.training, smoothing: choice.smoothing)
    else {
      throw InputError(
        "expected forces that determine a pair force, found an ill-conditioned fit",
        remedy: "give more frames")
    }
    let fitted = statistics.training.meanSquaredForceError(of: values)
    let reference = statistics.training.meanSquaredReferenceForce
    smoothing = choice.smoothing
    gridValues = values
    fittedRMSE = fitted.squareRoot()
    crossValidatedRMSE = choice.meanSquaredForceError.squareRoot()
    validationRMSE = statistics.validation.map {
      $0.meanSquaredForceError(of: values).squareRoot()
    }
    crossValidatedR2 = 1 - choice.meanSquaredForceError / reference
    fittedR2 = 1 - fitted / reference
  }
}
