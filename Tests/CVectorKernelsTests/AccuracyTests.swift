import AtomicData
import CVectorKernels
import Foundation
import Testing

@Suite struct AccuracyTests {
  static let kernels = bestVectorKernels().pointee

  @Test("values are within the stated bound", arguments: ElementaryFunction.allCases, [1, 2, 3])
  func accuracy(function: ElementaryFunction, seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: 0xE1)
    let arguments = (0..<100_000).map { _ in function.arguments(from: &random) }
    let values = function.values(arguments.map(\.x), arguments.map(\.y), by: Self.kernels)
    var worst = (error: 0.0, index: 0)
    for k in values.indices {
      let error = Self.ulps(values[k], function.reference(arguments[k].x, arguments[k].y))
      if !(error <= worst.error) { worst = (error, k) }
    }
    let (x, y) = arguments[worst.index]
    #expect(
      worst.error <= function.bound,
      "\(function)(\(x), \(y)) = \(values[worst.index]), seed \(seed)")
  }

  /// How far a value is from the reference in units of the spacing of Doubles there.
  static func ulps(_ value: Double, _ reference: Reference) -> Double {
    let nearest = Double(reference)
    if value.isNaN || nearest.isNaN { return value.isNaN && nearest.isNaN ? 0 : .infinity }
    if value == nearest { return value.sign == nearest.sign ? 0.5 : .infinity }
    if value.isInfinite { return .infinity }
    // Next to the greatest number the spacing is that below it.
    let size = min(nearest.magnitude, .greatestFiniteMagnitude)
    let exact = nearest.isInfinite ? Reference(nearest) : reference
    return Double((Reference(value) - exact).magnitude / Reference(size.ulp))
  }

  @Test("pow has the special cases of libm")
  func specialPowers() {
    let numbers: [Double] = [
      0, 1, 2, 3, 0.5, 1.5, 0.75, 7, 0x1p52, 0x1p52 + 1, 0x1p53, 0x1p53 - 1, 0x1p54, 0x1p62, 1e300,
      .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, .infinity,
      1.0.nextUp, 1.0.nextDown,
    ]
    let signed = numbers + numbers.map { -$0 } + [.nan]
    for x in signed {
      let values = ElementaryFunction.pow.values(
        Array(repeating: x, count: signed.count), signed, by: Self.kernels)
      for (y, value) in zip(signed, values) {
        let expected = Foundation.pow(x, y)
        let isClose =
          expected.isNaN
          ? value.isNaN
          : value == expected && value.sign == expected.sign
            || (value - expected).magnitude <= expected.ulp
        #expect(isClose, "pow(\(x), \(y)) = \(value), not \(expected)")
      }
    }
  }

  @Test(
    "special arguments have the values of libm",
    arguments: [ElementaryFunction.exp, .log, .tanh, .erf, .erfc])
  func specialValues(function: ElementaryFunction) {
    let sizes: [Double] = [
      0, .leastNonzeroMagnitude, .leastNormalMagnitude, 1e-300, 709.782712893384,
      709.7827128933841, 745.1332191019411, 745.1332191019412, 800, 1e10, 1e300,
      .greatestFiniteMagnitude, .infinity, .nan,
    ]
    let x = sizes + sizes.map { -$0 }
    let values = function.values(x, x, by: Self.kernels)
    for (x, value) in zip(x, values) {
      let expected = function.reference(x, 0)
      #expect(
        Self.ulps(value, expected) <= function.bound,
        "\(function)(\(x)) = \(value), not \(expected)")
    }
  }

  @Test("odd functions keep the sign of zero, exp and log are exact at 0 and 1")
  func exactValues() {
    let value = { (function: ElementaryFunction, x: Double) in
      function.values([x], [0], by: Self.kernels)[0]
    }
    #expect(value(.tanh, -0.0).sign == .minus && value(.tanh, 0.0).sign == .plus)
    #expect(value(.erf, -0.0).sign == .minus && value(.erf, 0.0).sign == .plus)
    #expect(value(.exp, 0) == 1 && value(.log, 1) == 0)
    #expect(value(.exp, -.infinity) == 0 && value(.log, 0) == -.infinity)
    #expect(value(.tanh, .infinity) == 1 && value(.erf, -.infinity) == -1)
    #expect(value(.erfc, 0) == 1 && value(.erfc, -.infinity) == 2 && value(.erfc, .infinity) == 0)
  }
}
