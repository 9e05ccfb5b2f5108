import AtomicData
import ExpressionTrees

/// What `--potential` names: a known potential, or an expression.
struct PotentialArgument {
  let tree: ExpressionTree
  /// Nil for an expression.
  let known: KnownPotential?

  /// - Throws: `ExpressionError` where the text is neither, or has no r.
  init(parsing text: String) throws {
    known = KnownPotential.named(text)
    do {
      tree = try ExpressionTree(parsing: known?.expression ?? text)
    } catch let error as ExpressionError {
      throw ExpressionError(
        expression: error.expression, offset: error.offset,
        message: error.message + " (`symreg potentials` lists the names)")
    }
    guard tree.nodes.contains(.distance) else {
      throw ExpressionError(
        expression: text, offset: 0,
        message: "expected an expression in r or a known potential, found neither; "
          + "`symreg potentials` lists the names")
    }
  }

  /// The values to evaluate: those of the known potential, overridden by those given.
  ///
  /// - Parameters:
  ///   - given: what `--parameters` says; nil without it.
  ///   - typeNames: the types of the data.
  /// - Throws: `InputError` where a value is missing, or one is not asked for.
  func values(
    given: [String: ParameterValue]?, typeNames: [String]
  ) throws -> [String: ParameterValue] {
    let published = known?.parameters ?? [:]
    guard !(published.isEmpty && given == nil && !tree.parameters.isEmpty) else {
      let name = known.map { "\($0.name), which has no published values" } ?? "\(tree)"
      throw InputError(
        "expected values for \(parameterNames), found none for \(name)",
        remedy: "give --parameters \"\(example(typeNames))\", or use `symreg fit`")
    }
    try check(given ?? [:], typeNames)
    let values = published.merging(given ?? [:]) { old, new in
      guard case (.perType(let old), .perType(let new)) = (old, new) else { return new }
      return .perType(old.merging(new) { $1 })
    }
    for parameter in tree.parameters where parameter.kind == .product {
      guard case .perType(let factors)? = values[parameter.name] else { continue }
      let missing = typeNames.filter { factors[$0] == nil }
      guard missing.isEmpty else {
        throw InputError(
          "unknown type \(OptionText.listed(missing, "and")): expected a factor of "
            + "\(parameter.name) for each type of the data, found only those for "
            + OptionText.listed(factors.keys.sorted(), "and"),
          remedy: "add \(missing.map { "\(parameter.name).\($0)=…" }.joined(separator: "; ")) to "
            + "--parameters, use `symreg fit`, or read the types from another column with --types")
      }
    }
    return values
  }

  private func check(_ given: [String: ParameterValue], _ typeNames: [String]) throws {
    for (name, value) in given.sorted(by: { $0.key < $1.key }) {
      guard tree.parameters.contains(where: { $0.name == name }) else {
        throw InputError(
          "expected values for \(parameterNames) in --parameters, found one for \(name)")
      }
      guard case .perType(let factors) = value else { continue }
      if let unknown = factors.keys.sorted().first(where: { !typeNames.contains($0) }) {
        throw InputError(
          "unknown type \(unknown): expected \(OptionText.listed(typeNames)) in --parameters, "
            + "found \(name).\(unknown)")
      }
    }
  }

  private var parameterNames: String {
    let names = tree.parameters.map(\.name)
    return names.isEmpty ? "no parameter" : OptionText.listed(names, "and")
  }

  /// `b=…; X.H=…; X.O=…`.
  private func example(_ typeNames: [String]) -> String {
    tree.parameters.flatMap { parameter in
      parameter.kind == .product
        ? typeNames.map { "\(parameter.name).\($0)=…" } : ["\(parameter.name)=…"]
    }.joined(separator: "; ")
  }
}
