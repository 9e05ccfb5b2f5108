import AtomicData
import CompressedForces
import RunStorage

extension Dataset {
  /// How frames and force components weigh, in words; nil where all weigh alike.
  public var weightsText: String? {
    let weights = Set(files.map(\.source.weight))
    let parts = [
      weights.count > 1 ? "files by their weight" : nil,
      options.weightKey.map { "frames by \($0)" },
      options.errorKey.map { "forces by 1/\($0)²" },
      options.forceScale.map { "forces by 1/(1 + (|F|/\($0) eV/Å)²)" },
    ].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}

/// What standard errors of the reference forces say: weights are then 1/error², and a mean square in
/// their units is a χ².
extension Discovery {
  /// The data as documents name them.
  public var datasetSummary: DatasetSummary {
    DatasetSummary(
      name: dataName, sha256: sha256, frames: dataset.frameCount,
      rmsForce: statistics.all.meanSquaredReferenceForce.squareRoot(),
      noiseCeilingR2: noiseCeiling, weights: dataset.weightsText)
  }

  /// 1 − Σ w error²/Σ w F² with the standard errors: what is left is noise. Nil without them.
  private var noiseCeiling: Double? {
    guard dataset.weightsAreErrors, statistics.all.squareSum > 0 else { return nil }
    return 1 - Double(statistics.all.componentCount) / statistics.all.squareSum
  }

  /// χ² per degree of freedom; nil without standard errors. Weights of frames count, too.
  ///
  /// - Parameter loss: weighted mean square over all frames, (eV/Å)².
  func reducedChiSquared(_ loss: Double, parameterCount: Int) -> Double? {
    guard dataset.weightsAreErrors else { return nil }
    let all = statistics.all
    return loss * all.weight / Double(max(1, all.componentCount - parameterCount))
  }
}
