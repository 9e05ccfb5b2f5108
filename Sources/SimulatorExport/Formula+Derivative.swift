extension Formula {
  /// The derivative by a name.
  ///
  /// - Parameter slopes: derivatives of other names that stand for formulas.
  func derivative(by name: String, slopes: [String: Formula] = [:]) -> Formula {
    func slope(_ formula: Formula) -> Formula { formula.derivative(by: name, slopes: slopes) }
    switch self {
    case .number: return .number(0)
    case .symbol(let symbol): return symbol == name ? .number(1) : slopes[symbol] ?? .number(0)
    case .negate(let a): return -slope(a)
    case .add(let a, let b): return slope(a) + slope(b)
    case .subtract(let a, let b): return slope(a) - slope(b)
    case .multiply(let a, let b): return slope(a) * b + a * slope(b)
    case .divide(let a, let b):
      let (ofA, ofB) = (slope(a), slope(b))
      return ofB == .number(0) ? ofA / b : (ofA - self * ofB) / b
    case .power(let a, let b): return ofPower(a, b, slope(a), slope(b))
    case .call(let function, let operands):
      return ofCall(function, operands, operands.map(slope))
    }
  }

  /// A constant exponent needs no logarithm, and has a value for a negative base where it is whole.
  private func ofPower(
    _ base: Formula, _ exponent: Formula, _ ofBase: Formula, _ ofExponent: Formula
  ) -> Formula {
    var reduced = exponent - .number(1)
    if case .number(let value) = exponent { reduced = .number(value - 1) }
    return exponent * Formula.raised(base, reduced) * ofBase
      + self * .call(.log, [base]) * ofExponent
  }

  private func ofCall(
    _ function: Function, _ operands: [Formula], _ slopes: [Formula]
  ) -> Formula {
    let (u, du) = (operands[0], slopes[0])
    let square = Formula.raised(u, .number(2))
    switch function {
    case .exp: return self * du
    case .log: return du / u
    case .sqrt: return du / (.number(2) * self)
    case .tanh: return (.number(1) - Formula.raised(self, .number(2))) * du
    case .erf, .erfc:
      let factor = 2 / Double.pi.squareRoot()
      return .number(function == .erf ? factor : -factor) * .call(.exp, [-square]) * du
    case .max:
      return .call(.step, [u - operands[1]]) * du + .call(.step, [operands[1] - u]) * slopes[1]
    case .min:
      return .call(.step, [operands[1] - u]) * du + .call(.step, [u - operands[1]]) * slopes[1]
    case .step: return .number(0)
    case .select: return .call(.select, [u, slopes[1], slopes[2]])
    }
  }
}
