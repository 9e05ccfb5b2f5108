extension SufficientStatistics {
  /// Mean squared force error per component, (eV/Å)², of the grid values `f` (length n, eV/Å).
  ///
  /// Rounding: the three terms cancel when the loss is small, so the result carries an absolute
  /// error of about 1e-15 of `meanSquaredReferenceForce`, more if fᵀGf is larger than c. It is cut
  /// off at 0. An RMSE below about 1e-7 of the RMS force is noise here; `DirectForceMatching` has
  /// no such limit. Not defined (NaN) for statistics of no frame.
  public func meanSquaredForceError(of f: [Double]) -> Double {
    precondition(f.count == dimension)
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: dimension + 1) { gradient in
      f.withUnsafeBufferPointer { f in
        guard let f = f.baseAddress, let gradient = gradient.baseAddress else { return 0 }
        return meanSquaredForceError(of: f, gradient: gradient)
      }
    }
  }

  /// The same loss, to the last bit, and its gradient 2(Gf − b)/weight by the grid values.
  ///
  /// Nothing is allocated; n² multiplications, always in the same order.
  /// - Parameters:
  ///   - f: n grid values, eV/Å.
  ///   - gradient: room for n values, eV/Å; must not overlap `f`.
  public func meanSquaredForceError(
    of f: UnsafePointer<Double>, gradient: UnsafeMutablePointer<Double>
  ) -> Double {
    let n = dimension
    gram.withUnsafeBufferPointer { gram in
      guard let gram = gram.baseAddress else { return }
      multiplyRows(gram, count: n, by: f, into: gradient)
    }
    return projection.withUnsafeBufferPointer { b in
      var sum = 0.0
      for i in 0..<n {
        let slope = gradient[i] - b[i]
        // fᵀ(Gf − b) − bᵀf, term by term.
        sum += f[i] * (slope - b[i])
        gradient[i] = 2 * slope / weight
      }
      let loss = (sum + squareSum) / weight
      return loss < 0 ? 0 : loss
    }
  }
}

/// `result` = `matrix` · `vector` for an n×n matrix stored row by row.
///
/// Four rows at a time, so that each piece of the vector is loaded once for four products.
@inline(__always)
private func multiplyRows(
  _ matrix: UnsafePointer<Double>, count n: Int, by vector: UnsafePointer<Double>,
  into result: UnsafeMutablePointer<Double>
) {
  let wide = n & ~3
  var row = 0
  while row + 4 <= n {
    let (m0, m1) = (matrix + row * n, matrix + (row + 1) * n)
    let (m2, m3) = (matrix + (row + 2) * n, matrix + (row + 3) * n)
    var (a0, a1) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
    var (a2, a3) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
    var k = 0
    while k < wide {
      let v = load4(vector + k)
      a0 += load4(m0 + k) * v
      a1 += load4(m1 + k) * v
      a2 += load4(m2 + k) * v
      a3 += load4(m3 + k) * v
      k += 4
    }
    var sums = SIMD4(total(a0), total(a1), total(a2), total(a3))
    while k < n {
      sums += SIMD4(m0[k], m1[k], m2[k], m3[k]) * vector[k]
      k += 1
    }
    for i in 0..<4 { result[row + i] = sums[i] }
    row += 4
  }
  while row < n {
    let m = matrix + row * n
    var accumulator = SIMD4<Double>.zero
    var k = 0
    while k < wide {
      accumulator += load4(m + k) * load4(vector + k)
      k += 4
    }
    var sum = total(accumulator)
    while k < n {
      sum += m[k] * vector[k]
      k += 1
    }
    result[row] = sum
    row += 1
  }
}

/// Four consecutive numbers, at any alignment.
@inline(__always)
func load4(_ pointer: UnsafePointer<Double>) -> SIMD4<Double> {
  UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Double>.self)
}

/// The sum of the lanes, in a fixed order.
@inline(__always)
func total(_ v: SIMD4<Double>) -> Double { (v[0] + v[1]) + (v[2] + v[3]) }
