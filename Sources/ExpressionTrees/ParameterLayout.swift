/// Where each parameter's values stand in the vector θ.
///
/// θ holds the parameters in the order of the tree: one value for a global parameter, one factor per
/// atom type for a product parameter.
public struct ParameterLayout: Sendable, Hashable {
  public let typeCount: Int
  /// The values of parameter p are `theta[ranges[p]]`.
  public let ranges: [Range<Int>]

  public init(parameters: [Parameter], typeCount: Int) {
    self.typeCount = typeCount
    var start = 0
    ranges = parameters.map { parameter in
      let range = start..<(start + parameter.valueCount(typeCount: typeCount))
      start = range.upperBound
      return range
    }
  }

  /// Length of θ.
  public var count: Int { ranges.last?.upperBound ?? 0 }
}

extension ExpressionTree {
  public func layout(typeCount: Int) -> ParameterLayout {
    ParameterLayout(parameters: parameters, typeCount: typeCount)
  }

  /// Share of the largest factor below which one counts as zero: what rounding leaves of it.
  private static let negligibleFactor = 1e-9

  /// θ with the gauge fixed: the first non-zero factor of every product parameter is positive.
  ///
  /// X^A and −X^A for all A give the same X^AB.
  ///
  /// - Parameter bounded: numbers of parameters to leave as they are.
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
