import AtomicData
import ExpressionTrees
import ForceFitting

extension ExportedPotential {
  /// U in eV as formulas of the distance `r` in Å: what was fitted and what was subtracted, each with its
  /// cutoff treatment, and the wall below.
  ///
  /// - Parameters:
  ///   - bindings: formulas for parameters, `Q`, `B1` to `B3` and the numbers of the wall; names without
  ///     one are free.
  ///   - hasCore: whether the wall belongs to it.
  ///   - isBounded: whether exponents end before numbers overflow.
  func program(
    bindings: [String: Formula], hasCore: Bool, isBounded: Bool = false
  ) -> FormulaProgram {
    var program = FormulaProgram()
    func bound(_ name: String) -> Formula {
      guard let formula = bindings[name] else { return .symbol(name) }
      if case .number(let value) = formula, name.first == "B", value == 0 || value == 1 {
        return formula
      }
      if formula != .symbol(name), !program.definitions.contains(where: { $0.name == name }) {
        program.define(name, formula)
      }
      return .symbol(name)
    }
    var terms: [Formula] = []
    for (number, part) in parts.enumerated() {
      let suffix = number == 0 ? "" : "_b"
      let parameters = names[number].map(bound)
      let tree = Formula(part.tree, parameters: parameters) { bound($0.name) }
      terms.append(
        treated(isBounded ? tree.withoutOverflow : tree, part.treatment, suffix, &program))
    }
    let sum = terms.dropFirst().reduce(terms[0], +)
    program.result = sum
    guard hasCore, !cores.isEmpty else { return program }
    program.define("E", sum)
    let wall = CoreWall.formula.mapping { formula in
      if case .symbol(let name) = formula, name != "r" { bound(name) } else { formula }
    }
    program.result = .call(
      .select, [.call(.step, [.distance - bound("r_core")]), .symbol("E"), wall])
    return program
  }

  private func treated(
    _ tree: Formula, _ treatment: CutoffTreatment, _ suffix: String,
    _ program: inout FormulaProgram
  ) -> Formula {
    let energy = Formula.symbol("U" + suffix)
    let atCutoff = ["r": Formula.number(cutoff)]
    program.define("U" + suffix, tree)
    guard treatment.mode != .none else { return energy }
    program.define("U_cut" + suffix, tree.replacing(atCutoff))
    let shifted = energy - .symbol("U_cut" + suffix)
    switch treatment.mode {
    case .none, .constraint: return shifted
    case .shiftedForce:
      let force = -tree.derivative(by: "r").replacing(atCutoff)
      program.define("F_cut" + suffix, force)
      return shifted + .symbol("F_cut" + suffix) * (.distance - .number(cutoff))
    case .switched:
      if !program.definitions.contains(where: { $0.name == "S" }) {
        let start = treatment.switching.start
        program.define(
          "x",
          .call(
            .max, [.number(0), (.distance - .number(start)) / .number(cutoff - start)]))
        let x = Formula.symbol("x")
        let inner = Formula.number(15) - .number(6) * x
        program.define(
          "S",
          .number(1) - Formula.raised(x, .number(3)) * (.number(10) - x * inner))
      }
      return .symbol("S") * shifted
    }
  }

  /// Numbers for all names, for one pair.
  ///
  /// - Parameter withCore: whether the wall's numbers are among them.
  func numbers(of pair: PairType, withCore: Bool = true) -> [String: Formula] {
    var result: [String: Formula] = [:]
    for (part, names) in zip(parts, names) {
      let layout = part.tree.layout(typeCount: typeNames.count)
      for (number, name) in names.enumerated() {
        result[name] = .number(layout.value(of: number, for: pair, part.theta))
      }
    }
    for quantity in KnownQuantity.allCases { result[quantity.name] = .number(pair[quantity]) }
    if withCore, let core = core(of: pair) {
      for (name, value) in core.symbols { result[name] = .number(value) }
    }
    return result
  }
}
