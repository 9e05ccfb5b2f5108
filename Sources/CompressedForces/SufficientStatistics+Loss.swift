extension SufficientStatistics {
  /// Mean squared force error per component, (eV/Å)², of the grid values `f` (length n, eV/Å).
  ///
  /// Rounding: the three terms cancel when the loss is small, so the result carries an absolute
  /// error of about 1e-15 of `meanSquaredReferenceForce`, more if fᵀGf is larger than c. It is cut
  /// off at 0. An RMSE below about 1e-7 of the RMS force is noise here; `DirectForceMatching` has
  /// no such limit, and fits use `ReducedStatistics`. Not defined (NaN) for statistics of no frame.
  public func meanSquaredForceError(of f: [Double]) -> Double {
    precondition(f.count == dimension)
    var sum = squareSum
    gram.withUnsafeBufferPointer { gram in
      for i in 0..<dimension {
        let row = i * dimension
        var product = 0.0
        for k in 0..<dimension { product += gram[row + k] * f[k] }
        // fᵀ(Gf − b) − bᵀf, term by term.
        sum += f[i] * (product - 2 * projection[i])
      }
    }
    let loss = sum / weight
    return loss < 0 ? 0 : loss
  }
}
