/// Finds the smoothing with the smallest cross-validated error.
struct SmoothingSearch {
  struct Choice {
    var smoothing: Double
    var meanSquaredForceError: Double
  }

  let fit: SmoothedFit
  let folds: [SufficientStatistics]
  /// Per fold, the statistics of all others.
  let complements: [SufficientStatistics]

  init(fit: SmoothedFit, folds: [SufficientStatistics]) {
    self.fit = fit
    self.folds = folds
    complements = folds.indices.map { held in
      folds.indices.reduce(into: SufficientStatistics(dimension: folds[0].dimension)) {
        if $1 != held { $0.merge(folds[$1]) }
      }
    }
  }

  /// Factors of 8 first, then ever finer steps around the best, down to 8^(1/8): the minimum is
  /// flat there.
  ///
  /// The scale is that of G per weight over P, so that units and weights do not matter.
  func best() -> Choice? {
    let penalty = fit.penalty
    let n = penalty.freeIndices.count
    let traceP = (0..<n).reduce(0) { $0 + penalty.matrix[$1 * n + $1] }
    let traceG = penalty.freeIndices.reduce(0) { sum, index in
      folds.reduce(sum) { $0 + $1.gram[index * $1.dimension + index] }
    }
    let weight = folds.reduce(0) { $0 + $1.weight }
    guard traceG > 0, traceP > 0 else { return nil }
    let scale = traceG / weight / traceP
    var best: Choice?
    func consider(_ smoothing: Double) {
      guard let error = meanSquaredForceError(smoothing: smoothing) else { return }
      if error < best?.meanSquaredForceError ?? .infinity {
        best = Choice(smoothing: smoothing, meanSquaredForceError: error)
      }
    }
    for exponent in stride(from: -36, through: 21, by: 3) {
      consider(scale * Double(sign: .plus, exponent: exponent, significand: 1))
    }
    var step = 8.0
    for _ in 0..<3 {
      step.formSquareRoot()
      guard let center = best?.smoothing else { return nil }
      consider(center / step)
      consider(center * step)
    }
    return best
  }

  /// Each fold's error under the fit to the others; nil where a fit fails.
  private func meanSquaredForceError(smoothing: Double) -> Double? {
    var sum = 0.0
    var weight = 0.0
    for (fold, others) in zip(folds, complements) {
      guard let values = fit.gridValues(others, smoothing: smoothing) else { return nil }
      sum += fold.weight * fold.meanSquaredForceError(of: values)
      weight += fold.weight
    }
    return sum / weight
  }
}
