#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Halton's sequence.
enum Halton {
  static let primes = [2, 3, 5, 7, 11]

  /// The digits of a number behind the point, in reverse.
  static func value(_ index: Int, base: Int) -> Double {
    var (value, factor, rest) = (0.0, 1.0, index)
    while rest > 0 {
      factor /= Double(base)
      value += factor * Double(rest % base)
      rest /= base
    }
    return value
  }
}

/// Points and weights on [−1, 1]: zeros of the Legendre polynomial by Newton's method.
struct GaussLegendre: Sendable {
  let points: [Double]
  let weights: [Double]

  init(count n: Int) {
    var (points, weights): ([Double], [Double]) = ([], [])
    for number in 0..<n {
      var x = cos(Double.pi * (Double(number) + 0.75) / (Double(n) + 0.5))
      var slope = 0.0
      for _ in 0..<100 {
        var (previous, value) = (1.0, x)
        for k in 2...n {
          (previous, value) = (
            value, (Double(2 * k - 1) * x * value - Double(k - 1) * previous) / Double(k)
          )
        }
        slope = Double(n) * (x * value - previous) / (x * x - 1)
        let step = value / slope
        x -= step
        if abs(step) < 1e-15 { break }
      }
      points.append(x)
      weights.append(2 / ((1 - x * x) * slope * slope))
    }
    self.points = points
    self.weights = weights
  }
}
