import ExpressionTrees

/// The names of parameters in the texts of engines.
///
/// As in the expression where that is possible: a name that an engine, Python or these texts use
/// otherwise gets `_p` behind it, those of a background `_b`.
enum ExportNames {
  /// Of functions that are tables of an engine.
  static let tableSuffix = "_table"

  /// What parameters cannot be called.
  private static let reserved: Set<String> = Set([
    "r", "d", "Q", "q", "qi", "qj", "type", "U", "E", "F", "S", "x", "U_b", "U_cut", "F_cut",
    "U_cut_b", "F_cut_b", "r_core", "U_core", "F_core", "C_core", "W_core", "values", "TYPES",
    "CUTOFF", "PRODUCTS", "MEANS", "PAIRS", "GLOBALS", "KNOWN", "CORES",
    "dE", "dU", "energy", "slope",
    "np", "sp", "math", "self", "pair", "mm", "and", "as", "assert", "async", "await", "break",
    "class", "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global",
    "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try",
    "while", "with", "yield", "None", "True", "False", "abs", "ceil", "floor", "delta", "recip",
    "square", "cube", "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "sec",
    "csc", "cot", "gauss", "inverse", "B1", "B2", "B3",
  ]).union(Formula.Function.allCases.map(\.rawValue))

  /// The names of the parameters of each part.
  static func names(of trees: [ExpressionTree]) -> [[String]] {
    var used = reserved
    return trees.enumerated().map { part, tree in
      tree.parameters.map { parameter in
        var name = parameter.name + (part == 0 ? "" : "_b")
        // Texts make names with an underscore behind these, and slopes with a d before them.
        let isOfTexts =
          name.hasSuffix(tableSuffix)
          || name.hasPrefix("d") && used.contains(String(name.dropFirst()))
        if isOfTexts || name.hasSuffix("_") { name += "p" }
        if used.contains(name) { name += "_p" }
        while used.contains(name) { name += "p" }
        used.insert(name)
        return name
      }
    }
  }
}
