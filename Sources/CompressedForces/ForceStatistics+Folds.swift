import AtomicData

extension ForceStatistics {
  /// The statistics that a fit sees which knows nothing of one fold: forces and targets together.
  ///
  /// - Parameters:
  ///   - fold: in `folds`.
  ///   - weights: of the targets beside the forces, see `SufficientStatistics.combined`.
  /// - Returns: nil where the other folds have no frame.
  public func training(without fold: Int, weights: [Double]) -> SufficientStatistics? {
    func others(_ parts: [SufficientStatistics]) -> SufficientStatistics {
      parts.indices.dropLast().filter { $0 != fold }
        .reduce(into: SufficientStatistics(dimension: parts[0].dimension)) {
          $0.merge(parts[$1])
        }
    }
    let forces = others(parts)
    guard forces.weight > 0, forces.squareSum > 0 else { return nil }
    return forces.combined(
      with: zip(targets, weights).map { target, weight in
        (others(target.parts).eliminating(last: target.shiftCount), weight)
      })
  }
}
