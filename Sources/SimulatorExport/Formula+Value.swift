import Foundation

/// A value with its slope by the distance.
struct Dual: Sendable, Hashable {
  var value: Double
  var slope = 0.0
  /// Whether it is a function of the distance: what is none has no slope, whatever stands beside it.
  var isVarying = false
}

extension Formula {
  /// - Precondition: all names have values.
  func value(_ symbols: [String: Double]) -> Double {
    dual { name in symbols[name].map { Dual(value: $0) } ?? Dual(value: .nan) }.value
  }

  /// Value and slope as Lepton computes them: quotients over the square of their divisor, powers by
  /// logarithms where the exponent varies.
  ///
  /// Follows Lepton's rules so that what overflows there does so here.
  func dual(_ symbols: (String) -> Dual) -> Dual {
    switch self {
    case .number(let value): return Dual(value: value)
    case .symbol(let name): return symbols(name)
    case .negate(let a):
      let u = a.dual(symbols)
      return Dual(value: -u.value, slope: -u.slope, isVarying: u.isVarying)
    case .add(let a, let b): return Self.sum(a.dual(symbols), b.dual(symbols), sign: 1)
    case .subtract(let a, let b): return Self.sum(a.dual(symbols), b.dual(symbols), sign: -1)
    case .multiply(let a, let b):
      let (u, v) = (a.dual(symbols), b.dual(symbols))
      var slope = 0.0
      if u.isVarying { slope += u.slope * v.value }
      if v.isVarying { slope += u.value * v.slope }
      return Dual(value: u.value * v.value, slope: slope, isVarying: u.isVarying || v.isVarying)
    case .divide(let a, let b): return Self.quotient(a.dual(symbols), b.dual(symbols))
    case .power(let a, let b): return Self.power(a.dual(symbols), b.dual(symbols))
    case .call(let function, let operands):
      return Self.call(function, operands.map { $0.dual(symbols) })
    }
  }

  private static func sum(_ u: Dual, _ v: Dual, sign: Double) -> Dual {
    Dual(
      value: u.value + sign * v.value, slope: u.slope + sign * v.slope,
      isVarying: u.isVarying || v.isVarying)
  }

  private static func quotient(_ u: Dual, _ v: Dual) -> Dual {
    let slope =
      v.isVarying
      ? (u.slope * v.value - u.value * v.slope) / (v.value * v.value) : u.slope / v.value
    return Dual(value: u.value / v.value, slope: slope, isVarying: u.isVarying || v.isVarying)
  }

  private static func power(_ u: Dual, _ v: Dual) -> Dual {
    let value = pow(u.value, v.value)
    var slope = 0.0
    if u.isVarying { slope += v.value * pow(u.value, v.value - 1) * u.slope }
    if v.isVarying { slope += value * Foundation.log(u.value) * v.slope }
    return Dual(value: value, slope: slope, isVarying: u.isVarying || v.isVarying)
  }

  private static func call(_ function: Function, _ operands: [Dual]) -> Dual {
    let u = operands[0]
    func chained(_ value: Double, _ factor: Double) -> Dual {
      Dual(value: value, slope: u.isVarying ? factor * u.slope : 0, isVarying: u.isVarying)
    }
    let x = u.value
    switch function {
    case .exp: return chained(Foundation.exp(x), Foundation.exp(x))
    case .log: return chained(Foundation.log(x), 1 / x)
    case .sqrt: return chained(x.squareRoot(), 0.5 / x.squareRoot())
    case .tanh: return chained(Foundation.tanh(x), 1 - Foundation.tanh(x) * Foundation.tanh(x))
    case .erf:
      return chained(Foundation.erf(x), 2 / Double.pi.squareRoot() * Foundation.exp(-x * x))
    case .erfc:
      return chained(Foundation.erfc(x), -2 / Double.pi.squareRoot() * Foundation.exp(-x * x))
    case .max: return x >= operands[1].value ? u : operands[1]
    case .min: return x <= operands[1].value ? u : operands[1]
    case .step: return Dual(value: x >= 0 ? 1 : 0)
    case .select: return x != 0 ? operands[1] : operands[2]
    }
  }
}
