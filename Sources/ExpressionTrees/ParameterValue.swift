/// The value of a parameter by name: one number, or a number for each type or pair of types.
public enum ParameterValue: Sendable, Hashable {
  case number(Double)
  /// Type name → value for product and mean parameters; pair name (`H-O`) → value for pair parameters.
  case byName([String: Double])
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
      if parameter.kind == .global {
        result[parameter.name] = .number(theta[range.lowerBound])
      } else {
        // Names of types may hold a hyphen: then two pairs can have one name.
        result[parameter.name] = .byName(
          Dictionary(zip(parameter.valueNames(typeNames: typeNames), theta[range])) { $1 })
      }
    }
    return result
  }

  /// Values by name as θ. A pair has its value under its name in either order, `H-O` or `O-H`.
  ///
  /// - Throws: `ParameterMismatch` where a parameter, a type or a pair has no value, or the value is
  ///   of the other sort.
  public func theta(of values: [String: ParameterValue], typeNames: [String]) throws -> [Double] {
    try parameters.flatMap { parameter -> [Double] in
      switch (parameter.kind, values[parameter.name]) {
      case (_, nil):
        throw ParameterMismatch(description: "expected a value of \(parameter.name), found none")
      case (.global, .number(let value)): return [value]
      case (.global, _):
        throw ParameterMismatch(
          description: "expected one value of \(parameter.name), found factors per type")
      case (_, .number):
        throw ParameterMismatch(
          description: "expected a \(parameter.kind.valueWord) of \(parameter.name) per "
            + "\(parameter.kind.scopeWord), found one value")
      case (_, .byName(let numbers)):
        let known = parameter.inOrderOfNames(numbers, typeNames: typeNames)
        return try parameter.valueNames(typeNames: typeNames).map { name in
          guard let value = known[name] else {
            let kind = parameter.kind
            throw ParameterMismatch(
              description: "expected a \(kind.valueWord) of \(parameter.name) for "
                + "\(kind.scopeWord) \(name), found \(kind.valueWord)s for "
                + "\(numbers.keys.sorted().joined(separator: ", "))")
          }
          return value
        }
      }
    }
  }
}

extension Parameter {
  /// Values by name, those of pairs named as `PairTypes` names them: `O-H` becomes `H-O`.
  public func inOrderOfNames(
    _ numbers: [String: Double], typeNames: [String]
  ) -> [String: Double] {
    guard kind == .pair else { return numbers }
    var result = numbers
    for (a, first) in typeNames.enumerated() {
      for second in typeNames[(a + 1)...] {
        let (name, reversed) = ("\(first)-\(second)", "\(second)-\(first)")
        guard result[name] == nil, let value = result.removeValue(forKey: reversed) else {
          continue
        }
        result[name] = value
      }
    }
    return result
  }
}

extension ParameterKind {
  /// What one of its values is called.
  public var valueWord: String { self == .product ? "factor" : "value" }

  /// What one of its values is for.
  public var scopeWord: String { self == .pair ? "pair" : "type" }
}
