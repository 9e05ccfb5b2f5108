import AtomicData

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// U and its first derivative at one distance.
public struct PotentialValue: Sendable, Hashable {
  /// U, eV.
  public var energy: Double
  /// dU/dr, eV/Å; the pair force f is its negative.
  public var derivative: Double

  public init(energy: Double, derivative: Double) {
    self.energy = energy
    self.derivative = derivative
  }
}

extension ExpressionTree {
  /// U(r|θ) and dU/dr for one pair of types, by forward differentiation through the tree.
  ///
  /// The plain way, one distance at a time: the truth `ForceEvaluator` is tested against. Not a
  /// number where the expression has no value.
  ///
  /// - Parameters:
  ///   - distance: r, Å, positive.
  ///   - theta: the parameter values in the order of `layout(typeCount:)`.
  ///   - pair: the two types, and what is known of the pair.
  ///   - layout: `layout(typeCount:)` of the tree.
  public func value(
    at distance: Double, theta: [Double], pair: PairType, layout: ParameterLayout
  ) -> PotentialValue {
    var stack: [PotentialValue] = []
    stack.reserveCapacity(nodes.count)
    for node in nodes {
      switch node {
      case .distance: stack.append(PotentialValue(energy: distance, derivative: 1))
      case .literal(let value): stack.append(PotentialValue(energy: Double(value), derivative: 0))
      case .known(let quantity):
        stack.append(PotentialValue(energy: pair[quantity], derivative: 0))
      case .parameter(let number):
        let value = layout.value(of: number, for: pair, theta)
        stack.append(PotentialValue(energy: value, derivative: 0))
      case .operation(let operation):
        let right = stack.removeLast()
        if operation.arity == 1 {
          stack.append(Self.apply(operation, right))
        } else {
          stack.append(Self.apply(operation, stack.removeLast(), right))
        }
      }
    }
    return stack[0]
  }

  private static func apply(_ operation: Operator, _ x: PotentialValue) -> PotentialValue {
    let (value, slope) = valueAndSlope(of: operation, at: x.energy)
    // Where a function has become flat no slope of its argument matters, not even an infinite one.
    let isFlat = slope == 0 || operation == .inverse && isBeyondRange(x.energy, x.derivative)
    return PotentialValue(energy: value, derivative: isFlat ? 0 : slope * x.derivative)
  }

  private static func apply(
    _ operation: Operator, _ x: PotentialValue, _ y: PotentialValue
  ) -> PotentialValue {
    let (u, du, v, dv) = (x.energy, x.derivative, y.energy, y.derivative)
    switch operation {
    case .add: return PotentialValue(energy: u + v, derivative: du + dv)
    case .subtract: return PotentialValue(energy: u - v, derivative: du - dv)
    case .multiply: return PotentialValue(energy: u * v, derivative: du * v + u * dv)
    case .divide:
      let ratio = u / v
      // What an exponential beyond the range of numbers divides is zero, and flat.
      return PotentialValue(
        energy: ratio, derivative: isBeyondRange(v, dv) ? 0 : (du - ratio * dv) / v)
    default:
      let value = pow(u, v)
      // A constant exponent needs no logarithm, and has a value for negative bases where it is whole.
      let ofBase = du == 0 ? 0 : v * pow(u, v - 1) * du
      let ofExponent = dv == 0 ? 0 : value * log(u) * dv
      return PotentialValue(energy: value, derivative: ofBase + ofExponent)
    }
  }
}

/// The value and the derivative of an operator of one operand.
func valueAndSlope(of operation: Operator, at u: Double) -> (value: Double, slope: Double) {
  switch operation {
  case .negate: return (-u, -1)
  case .inverse: return (1 / u, -1 / u / u)
  case .square: return (u * u, 2 * u)
  case .sqrt: return (u.squareRoot(), 0.5 / u.squareRoot())
  case .log: return (log(u), u < 0 ? .nan : 1 / u)
  case .tanh: return (tanh(u), 1 / cosh(u) / cosh(u))
  case .erf: return (erf(u), 2 / Double.pi.squareRoot() * exp(-u * u))
  case .erfc: return (erfc(u), -2 / Double.pi.squareRoot() * exp(-u * u))
  case .gauss:
    let value = exp(-u * u)
    return (value, value == 0 ? 0 : -2 * u * value)
  default:
    let value = exp(u)
    return (value, value)
  }
}

/// Whether a divisor or its slope has overflowed.
private func isBeyondRange(_ value: Double, _ slope: Double) -> Bool {
  value.isInfinite || slope.isInfinite
}

/// xⁿ by repeated squaring, n ≥ 0.
func wholePower(_ x: Double, _ n: Int) -> Double {
  var result = 1.0
  var square = x
  var rest = n
  while rest > 0 {
    if rest & 1 == 1 { result *= square }
    square *= square
    rest >>= 1
  }
  return result
}
