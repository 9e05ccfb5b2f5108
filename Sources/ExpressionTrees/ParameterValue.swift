/// The value of a parameter by name: one number, or a factor for each type.
public enum ParameterValue: Sendable, Hashable {
  case number(Double)
  /// Type name → factor.
  case perType([String: Double])
}

/// Values that do not fit the parameters of an expression.
public struct ParameterMismatch: Error, Equatable, CustomStringConvertible {
  /// "expected …, found …".
  public let description: String
}

extension ExpressionTree {
  /// θ as values by name.
  public func values(of theta: [Double], typeNames: [String]) -> [String: ParameterValue] {
    var result: [String: ParameterValue] = [:]
    for (parameter, range) in zip(parameters, layout(typeCount: typeNames.count).ranges) {
      switch parameter.kind {
      case .global: result[parameter.name] = .number(theta[range.lowerBound])
      case .product:
        result[parameter.name] = .perType(
          Dictionary(uniqueKeysWithValues: zip(typeNames, theta[range])))
      }
    }
    return result
  }

  /// Values by name as θ.
  ///
  /// - Throws: `ParameterMismatch` where a parameter or a type has no value, or the value is of the
  ///   other kind.
  public func theta(of values: [String: ParameterValue], typeNames: [String]) throws -> [Double] {
    try parameters.flatMap { parameter -> [Double] in
      switch (parameter.kind, values[parameter.name]) {
      case (.global, .number(let value)): return [value]
      case (.product, .perType(let factors)):
        return try typeNames.map { type in
          guard let factor = factors[type] else {
            throw ParameterMismatch(
              description: "expected a factor of \(parameter.name) for type \(type), found "
                + "factors for \(factors.keys.sorted().joined(separator: ", "))")
          }
          return factor
        }
      case (_, nil):
        throw ParameterMismatch(description: "expected a value of \(parameter.name), found none")
      case (.global, _):
        throw ParameterMismatch(
          description: "expected one value of \(parameter.name), found factors per type")
      case (.product, _):
        throw ParameterMismatch(
          description: "expected a factor of \(parameter.name) per type, found one value")
      }
    }
  }
}
