import AtomicData

/// Where each parameter's values stand in the vector θ, and what they make for a pair of types.
///
/// θ holds the parameters in the order of the tree: one value for a global parameter; one per atom
/// type, in the order of the types, for product and mean parameters; one per pair, in the order of
/// `PairTypes.pairs`, for pair parameters.
public struct ParameterLayout: Sendable, Hashable {
  public let typeCount: Int
  /// The values of parameter p are `theta[ranges[p]]`.
  public let ranges: [Range<Int>]
  @usableFromInline let kinds: [ParameterKind]

  public init(parameters: [Parameter], typeCount: Int) {
    self.typeCount = typeCount
    kinds = parameters.map(\.kind)
    var start = 0
    ranges = parameters.map { parameter in
      let range = start..<(start + parameter.valueCount(typeCount: typeCount))
      start = range.upperBound
      return range
    }
  }

  /// Length of θ.
  public var count: Int { ranges.last?.upperBound ?? 0 }

  /// The value of a parameter for a pair of types.
  public func value(
    of number: Int, for pair: PairType, _ theta: UnsafePointer<Double>
  ) -> Double {
    let values = theta + ranges[number].lowerBound
    switch kinds[number] {
    case .global: return values[0]
    case .product: return values[pair.first] * values[pair.second]
    case .pair: return values[pair.number(typeCount: typeCount)]
    case .mean: return (values[pair.first] + values[pair.second]) / 2
    }
  }

  /// How a parameter's value for a pair of types changes with θ.
  public struct Dependence: Sendable {
    /// Number of a value in θ, and the derivative by it.
    public let first: (number: Int, derivative: Double)
    /// The other one, where there are two.
    public let second: (number: Int, derivative: Double)?

    @inlinable
    init(
      first: (number: Int, derivative: Double), second: (number: Int, derivative: Double)?
    ) {
      self.first = first
      self.second = second
    }
  }

  /// The one or two values of θ on which a parameter's value for a pair of types depends, with the
  /// derivatives by them: the chain rule from the derivative by that value to those by θ.
  @inlinable
  public func dependence(
    of number: Int, for pair: PairType, _ theta: UnsafePointer<Double>
  ) -> Dependence {
    let start = ranges[number].lowerBound
    let (first, second) = (start + pair.first, start + pair.second)
    switch kinds[number] {
    case .global: return Dependence(first: (start, 1), second: nil)
    case .pair:
      return Dependence(
        first: (start + pair.number(typeCount: typeCount), 1), second: nil)
    case .product where first == second:
      return Dependence(first: (first, 2 * theta[first]), second: nil)
    case .product:
      return Dependence(first: (first, theta[second]), second: (second, theta[first]))
    case .mean where first == second: return Dependence(first: (first, 1), second: nil)
    case .mean: return Dependence(first: (first, 0.5), second: (second, 0.5))
    }
  }
}

extension ExpressionTree {
  public func layout(typeCount: Int) -> ParameterLayout {
    ParameterLayout(parameters: parameters, typeCount: typeCount)
  }

  /// Share of the largest factor below which one counts as zero: what rounding leaves of it.
  private static let negligibleFactor = 1e-9

  /// θ with the gauge fixed: the first non-zero factor of every product parameter is positive.
  ///
  /// X^A and −X^A for all A give the same X^AB. The other kinds have no such freedom.
  ///
  /// - Parameters:
  ///   - theta: in the order of `layout(typeCount:)`.
  ///   - typeCount: types of atoms.
  ///   - bounded: numbers of parameters to leave as they are.
  public func gaugeFixed(
    _ theta: [Double], typeCount: Int, except bounded: Set<Int> = []
  ) -> [Double] {
    var theta = theta
    for (number, range) in layout(typeCount: typeCount).ranges.enumerated()
    where parameters[number].kind == .product && !bounded.contains(number) {
      let smallest = Self.negligibleFactor * (theta[range].map { abs($0) }.max() ?? 0)
      if let first = theta[range].first(where: { abs($0) > smallest }), first < 0 {
        for k in range { theta[k] = 0 - theta[k] }
      }
    }
    return theta
  }
}
