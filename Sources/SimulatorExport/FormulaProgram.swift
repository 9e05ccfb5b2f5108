/// A formula with names, and what the names stand for.
struct FormulaProgram: Sendable {
  struct Definition: Sendable, Hashable {
    let name: String
    let formula: Formula
  }

  /// Each uses names of those before it alone, and names that are free.
  var definitions: [Definition] = []
  var result = Formula.number(0)

  mutating func define(_ name: String, _ formula: Formula) {
    definitions.append(Definition(name: name, formula: formula))
  }

  /// Names that are functions of the distance, with that of the distance.
  var varying: Set<String> {
    definitions.reduce(into: ["r"]) { names, definition in
      if !definition.formula.symbols.isDisjoint(with: names) { names.insert(definition.name) }
    }
  }

  /// Names that stand for nothing here.
  var free: Set<String> {
    definitions.reduce(into: result.symbols) { $0.formUnion($1.formula.symbols) }
      .subtracting(definitions.map(\.name))
  }

  /// The same with numbers for all definitions that depend on no free name, and for all powers that do not:
  /// LAMMPS never comes back from `(-0.2)^2` (version 22 July 2025, update 4).
  func folded() -> FormulaProgram {
    var numbers: [String: Double] = [:]
    func withoutConstantPowers(_ formula: Formula) -> Formula {
      formula.mapping { part in
        guard case .power = part, part.symbols.allSatisfy({ numbers[$0] != nil }) else {
          return part
        }
        return .number(part.value(numbers))
      }
    }
    var program = FormulaProgram(result: result)
    for definition in definitions {
      if definition.formula.symbols.allSatisfy({ numbers[$0] != nil }) {
        let value = definition.formula.value(numbers)
        numbers[definition.name] = value
        program.define(definition.name, .number(value))
      } else {
        program.define(definition.name, withoutConstantPowers(definition.formula))
      }
    }
    program.result = withoutConstantPowers(result)
    return program
  }

  /// The same with the slope of the result by the distance, under a name.
  func withSlope(named name: String) -> FormulaProgram {
    let varying = varying
    var slopes: [String: Formula] = [:]
    var program = FormulaProgram(result: result)
    for definition in definitions {
      program.definitions.append(definition)
      guard varying.contains(definition.name) else { continue }
      let slope = definition.formula.derivative(by: "r", slopes: slopes)
      guard slope != .number(0) else { continue }
      program.define("d" + definition.name, slope)
      slopes[definition.name] = .symbol("d" + definition.name)
    }
    program.define(name, result.derivative(by: "r", slopes: slopes))
    return program
  }

  /// The same with the distance under another name.
  func renamingDistance(_ name: String) -> FormulaProgram {
    let distance = ["r": Formula.symbol(name)]
    var program = FormulaProgram(result: result.replacing(distance))
    program.definitions = definitions.map {
      Definition(name: $0.name, formula: $0.formula.replacing(distance))
    }
    return program
  }
}
