import AtomicData
import CVectorKernels
import Foundation

#if arch(x86_64)
  /// What results are held against: 11 more bits than a Double.
  typealias Reference = Float80
#else
  typealias Reference = Double
#endif

/// The elementary functions of the kernels; `y` counts for pow alone.
enum ElementaryFunction: CaseIterable {
  case exp, log, pow, tanh, erf, erfc

  /// The stated bound of the error in ulp; the reference adds an ulp where it is libm itself.
  var bound: Double {
    let stated = self == .erfc ? 6 : self == .erf ? 1.1 : 1
    return stated + (Reference.significandBitCount > 52 ? 0 : 1)
  }

  func values(_ x: [Double], _ y: [Double], by kernels: VectorKernels) -> [Double] {
    var result = x
    result.withUnsafeMutableBufferPointer { run($0.baseAddress!, y, count: x.count, by: kernels) }
    return result
  }

  /// Replaces the numbers at `x`.
  func run(
    _ x: UnsafeMutablePointer<Double>, _ y: [Double], count: Int, by kernels: VectorKernels
  ) {
    switch self {
    case .exp: kernels.exp(x, x, count)
    case .log: kernels.log(x, x, count)
    case .pow: kernels.pow(x, y, x, count)
    case .tanh: kernels.tanh(x, x, count)
    case .erf: kernels.erf(x, x, count)
    case .erfc: kernels.erfc(x, x, count)
    }
  }

  func reference(_ x: Double, _ y: Double) -> Reference {
    let x = Reference(x)
    return switch self {
    case .exp: Foundation.exp(x)
    case .log: Foundation.log(x)
    case .pow: Foundation.pow(x, Reference(y))
    case .tanh: Foundation.tanh(x)
    case .erf: Foundation.erf(x)
    case .erfc: Foundation.erfc(x)
    }
  }

  /// Arguments of many magnitudes, and more of them where errors are likely.
  func arguments(from random: inout RandomStream) -> (x: Double, y: Double) {
    let kind = random.nextInt(below: 5)
    switch self {
    case .exp: return (random.exponent(kind), 0)
    case .log: return (random.positive(kind), 0)
    case .pow:
      let x = random.positive(kind)
      return (x, random.power(of: x))
    case .tanh: return (random.odd(kind, steps: [0.2, 0.4, 1, 20]), 0)
    case .erf: return (random.odd(kind, steps: [0.5, 1.1, 2, 6]), 0)
    case .erfc: return (random.odd(kind, steps: [0.6, 2, 6, 28]), 0)
    }
  }
}

extension RandomStream {
  mutating func number(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * nextUnit()
  }

  mutating func signed(_ x: Double) -> Double { next() & 1 == 0 ? x : -x }

  /// A power of 2 with an exponent in the range.
  mutating func magnitude(_ exponents: ClosedRange<Double>) -> Double {
    Foundation.exp2(number(in: exponents))
  }

  /// Any number but NaN and infinity, by its bits.
  mutating func anyFinite() -> Double {
    while true {
      let x = Double(bitPattern: next())
      if x.isFinite { return x }
    }
  }

  fileprivate mutating func exponent(_ kind: Int) -> Double {
    switch kind {
    case 0: number(in: -745.2...709.8)
    case 1: number(in: -1...1)
    case 2: signed(magnitude(-60...2))
    case 3: number(in: -746 ... -700)
    default: number(in: 705...710)
    }
  }

  fileprivate mutating func positive(_ kind: Int) -> Double {
    switch kind {
    case 0: anyFinite().magnitude
    case 1: number(in: 0.5...2)
    case 2: 1 + signed(magnitude(-52 ... -1))
    case 3: magnitude(-1074 ... -1020)
    default: magnitude(-7...7)
    }
  }

  fileprivate mutating func odd(_ kind: Int, steps: [Double]) -> Double {
    signed(kind < steps.count ? number(in: 0...steps[kind]) : magnitude(-1074...6))
  }

  /// A power for x > 0: the result of any size, near the greatest or the least number, or the power a
  /// multiple of ½.
  fileprivate mutating func power(of x: Double) -> Double {
    let logarithm = x == 1 ? 1 : Foundation.log(x)
    return switch nextInt(below: 4) {
    case 0: number(in: -745...709) / logarithm
    case 1: number(in: 705...710) / logarithm
    case 2: number(in: -746 ... -700) / logarithm
    default: 0.5 * Double(nextInt(below: 81) - 40)
    }
  }
}
