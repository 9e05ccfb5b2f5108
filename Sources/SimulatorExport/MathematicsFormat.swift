import AtomicData
import ExpressionTrees
import Foundation

/// The potential as mathematics: LaTeX for papers, SymPy for what one does with formulas.
struct MathematicsFormat {
  let exporter: Exporter
  private var potential: ExportedPotential { exporter.potential }

  init(_ exporter: Exporter) { self.exporter = exporter }

  // MARK: SymPy

  func sympyFiles() throws -> [ExportFile] {
    var program = FormulaProgram()
    // As fitted: how it ends at the cutoff, and a wall below, are said beside it.
    let parts = potential.parts.enumerated().map { number, part in
      Formula(part.tree, parameters: potential.names[number].map(Formula.symbol)) {
        .symbol($0.name)
      }
    }
    program.result = parts.dropFirst().reduce(parts[0], +)
    let text: String
    do {
      text = try FormulaNotation.sympy.text(program.result)
      try check(try EngineExpression(lines: ["U = \(text)"], result: "U", notation: .sympy))
    } catch {
      throw InputError(
        "expected an expression that SymPy computes as it was fitted, found \(error)",
        remedy: "export latex or json")
    }
    let names = program.free.sorted()
    let python = PythonText(potential: potential)
    let module = """
      \"\"\"A pair potential as a SymPy expression. Written by \(potential.provenance.program).\"\"\"
      \(python.head)

      import sympy as sp

      \(names.joined(separator: ", ")) = sp.symbols("\(names.joined(separator: " "))", real=True)

      # eV of r in Å. Treatment at the cutoff: \(potential.parts.map(\.treatment.mode.rawValue).joined(separator: " and ")).
      U = \(text)
      F = -sp.diff(U, r)

      \(python.constants)


      def values(first, second):
          \"\"\"The parameters of a pair of types, to substitute: U.subs(values("H", "O")).\"\"\"
          a, b = TYPES.index(first), TYPES.index(second)
          result = dict(GLOBALS)
          result |= {name: v[a] * v[b] for name, v in PRODUCTS.items()}
          result |= {name: (v[a] + v[b]) / 2 for name, v in MEANS.items()}
          result |= {name: v[a][b] for name, v in PAIRS.items()}
          return {sp.Symbol(name, real=True): value for name, value in result.items()}
      """
    return [
      ExportFile("potential.py", module),
      exporter.readme(
        "SymPy",
        [
          "`potential.py` holds U(r) and F(r) as SymPy expressions, without the cutoff treatment and without a wall",
          "below the data; `values` gives the parameters of a pair of types.", "",
          "    from potential import F, U, values",
          "    F.subs(values(\"\(potential.typeNames[0])\", \"\(potential.typeNames[0])\"))",
        ]),
    ]
  }

  /// Against the trees as they are, without cutoff treatments.
  private func check(_ expression: EngineExpression) throws {
    let check = SelfCheck(potential: potential)
    let layoutCount = potential.typeNames.count
    for sample in potential.samples {
      for pair in check.pairs(sample) {
        var values = potential.numbers(of: pair).compactMapValues { formula -> Dual? in
          if case .number(let value) = formula { Dual(value: value) } else { nil }
        }
        for r in check.distances(sample) {
          values["r"] = Dual(value: r)
          let terms = potential.parts.map {
            $0.tree.value(
              at: r, theta: $0.theta, pair: pair, layout: $0.tree.layout(typeCount: layoutCount)
            ).energy
          }
          let truth = terms.reduce(0, +)
          guard truth.isFinite else { continue }
          let found = try expression.dual(values).value
          let scale = terms.map { abs($0) }.max() ?? 0
          guard abs(found - truth) <= SelfCheck.tolerance * scale else {
            throw SelfCheck.Mismatch(
              description: "at \(r) Å of \(sample.name) U = \(found) eV in place of \(truth)")
          }
        }
      }
    }
  }

  // MARK: LaTeX

  func latexFiles() throws -> [ExportFile] {
    var lines = (potential.headLines + potential.warnings.map { "Warning: " + $0 }).map {
      "% " + $0
    }
    for (number, part) in potential.parts.enumerated() {
      let symbol = potential.parts.count == 1 ? "U_{AB}" : number == 0 ? "U_{AB}" : "U_{AB}^{0}"
      lines += [
        "\\begin{equation}", "  \(symbol)(r) = \(LaTeXText.text(part.tree))", "\\end{equation}",
      ]
      lines += parameterTable(part)
    }
    lines += ["% " + LaTeXText.ends(potential)]
    return [
      ExportFile("potential.tex", lines.joined(separator: "\n")),
      exporter.readme(
        "LaTeX",
        [
          "`potential.tex` holds the equation and a table of its parameters, to be read with `\\input{potential}`;",
          "amsmath is all it needs.",
        ]),
    ]
  }

  private func parameterTable(_ part: ExportedPotential.Part) -> [String] {
    let tree = part.tree
    guard !tree.parameters.isEmpty else { return [] }
    let units = tree.units()
    let values = tree.values(of: part.theta, typeNames: potential.typeNames)
    var rows: [String] = []
    for (parameter, unit) in zip(tree.parameters, units) {
      let name = "$\(LaTeXText.name(parameter))$"
      let unitText = LaTeXText.unit(unit)
      switch values[parameter.name] {
      case .number(let value)?:
        rows.append("\(name) & & \(LaTeXText.number(value)) & \(unitText) \\\\")
      case .byName(let numbers)?:
        for (k, entry) in numbers.sorted(by: { $0.key < $1.key }).enumerated() {
          rows.append(
            "\(k == 0 ? name : "") & \(LaTeXText.escaped(entry.key)) & \(LaTeXText.number(entry.value)) & "
              + "\(k == 0 ? unitText : "") \\\\")
        }
      case nil: break
      }
    }
    return ["\\begin{tabular}{llll}", "  parameter & type & value & unit \\\\ \\hline"]
      + rows.map { "  " + $0 } + ["\\end{tabular}"]
  }
}
