import AtomicData
import ExpressionTrees

/// What the Python modules have in common: the numbers of a potential, and bonds between atoms.
struct PythonText {
  let potential: ExportedPotential

  /// The head as comments.
  var head: String {
    (potential.headLines + potential.warnings.map { "Warning: " + $0 }).map { "# " + $0 }
      .joined(separator: "\n")
  }

  /// The known quantities that occur.
  var known: [KnownQuantity] {
    KnownQuantity.allCases.filter { quantity in
      potential.parts.contains { $0.tree.known.contains(quantity) }
    }
  }

  /// `PRODUCTS`, `MEANS`, `PAIRS`, `GLOBALS`, `CORES` and what says which pairs act.
  var constants: String {
    var values: [ParameterKind: [(String, String)]] = [:]
    for (part, names) in zip(potential.parts, potential.names) {
      let layout = part.tree.layout(typeCount: potential.typeNames.count)
      for (number, name) in names.enumerated() {
        let theta = Array(part.theta[layout.ranges[number]])
        let kind = part.tree.parameters[number].kind
        let text: String
        switch kind {
        case .global: text = FormulaNotation.text(theta[0])
        case .product, .mean: text = Self.list(theta)
        case .pair:
          text = Self.matrix(potential.types) { a, b in theta[potential.types.index(a, b)] }
        }
        values[kind, default: []].append((name, text))
      }
    }
    var lines = [
      "TYPES = \(Self.list(potential.typeNames))",
      "CUTOFF = \(potential.cutoff)  # Å",
      "# Values by type (their products or means count for a pair), by pair of types, and of all pairs.",
    ]
    for (kind, name) in [
      (ParameterKind.product, "PRODUCTS"), (.mean, "MEANS"), (.pair, "PAIRS"), (.global, "GLOBALS"),
    ] {
      let entries = (values[kind] ?? []).map { "    \"\($0.0)\": \($0.1),\n" }.joined()
      lines.append("\(name) = {" + (entries.isEmpty ? "}" : "\n\(entries)}"))
    }
    lines += [
      "KNOWN = \(Self.list(known.map(\.name)))", "# By bond class, type and type: the wall below.",
      "CORES = {" + cores + "}",
      "# Which pairs act: inter (different molecules), all, or bonds (so many apart).",
      "SELECTION = \(selection.0)", "LOWER, UPPER = \(selection.1)", "REACH = \(reach)",
      "BY_BONDS = \(potential.usesBondClasses ? "True" : "False")",
    ]
    return lines.joined(separator: "\n")
  }

  private var selection: (String, String) {
    switch potential.selection {
    case .inter: ("\"inter\"", "1, None")
    case .all: ("\"all\"", "1, None")
    case .bonds(let range):
      ("\"bonds\"", "\(range.lower), \(range.upper.map(String.init) ?? "None")")
    }
  }

  /// Bonds up to which they are counted.
  var reach: Int {
    max(
      potential.selection.bondReach ?? 0,
      potential.usesBondClasses ? KnownQuantity.mostBonds : 0)
  }

  private var cores: String {
    guard !potential.cores.isEmpty else { return "" }
    let names = potential.cores[0].symbols.map(\.name)
    let entries = names.enumerated().map { number, name in
      let classes = (0...(potential.usesBondClasses ? KnownQuantity.mostBonds : 0)).map { bonds in
        Self.matrix(potential.types) { a, b in
          // A class that does not occur has no wall, and r_core 0.
          potential.core(of: PairType(first: a, second: b, bonds: bonds))?.symbols[number].value
            ?? 0
        }
      }
      return "    \"\(name)\": [\(classes.joined(separator: ", "))],\n"
    }
    return "\n" + entries.joined()
  }

  static func list(_ values: [Double]) -> String {
    "[" + values.map(FormulaNotation.text).joined(separator: ", ") + "]"
  }

  static func list(_ names: [String]) -> String {
    "[" + names.map { "\"\(escaped($0))\"" }.joined(separator: ", ") + "]"
  }

  static func escaped(_ text: String) -> String {
    text.onOneLine.map { "\"\\".contains($0) ? "\\\($0)" : "\($0)" }.joined()
  }

  private static func matrix(_ types: PairTypes, _ value: (Int, Int) -> Double) -> String {
    let rows = types.typeNames.indices.map { a in
      list(types.typeNames.indices.map { value(a, $0) })
    }
    return "[\(rows.joined(separator: ", "))]"
  }

  /// Bonds between atoms.
  static let bondCounts = """
    def bond_counts(atom_count, bonds, reach):
        \"\"\"Bonds between atoms up to `reach` apart: {(a, b): count} with a < b.\"\"\"
        bonded = [[] for _ in range(atom_count)]
        for a, b in bonds:
            bonded[a].append(b)
            bonded[b].append(a)
        counts = {}
        for atom in range(atom_count):
            seen, shell = {atom}, [atom]
            for count in range(1, reach + 1):
                shell = sorted({b for a in shell for b in bonded[a]} - seen)
                seen.update(shell)
                counts.update({(atom, other): count for other in shell if other > atom})
        return counts


    def acts(count):
        \"\"\"Whether pairs so many bonds apart act; None: further than counted, or not connected.\"\"\"
        if SELECTION != "bonds":
            return True
        if count is None:
            return UPPER is None
        return LOWER <= count and (UPPER is None or count <= UPPER)
    """
}
