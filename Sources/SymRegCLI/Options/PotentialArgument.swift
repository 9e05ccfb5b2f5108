import AtomicData
import ExpressionTrees
import SimulatorExport

/// What `--potential` names: a known potential, a potential in a file, or an expression.
struct PotentialArgument {
  let tree: ExpressionTree
  /// Nil for an expression, and for a file.
  let known: KnownPotential?
  /// Nil for what is no file.
  let file: PotentialFile?

  /// - Throws: `ExpressionError` where the text is none of them, or has no r; `InputError` for a file that
  ///   cannot be read.
  init(parsing text: String) throws {
    guard !PotentialTable.isName(text) else {
      throw InputError(
        file: text, "expected an expression, found a table, which has no form and no parameters",
        remedy: "score it with `symreg evaluate`, or give the json that export writes")
    }
    if PotentialFile.isName(text) {
      let file = try PotentialFile(reading: text)
      (tree, known, self.file) = (file.tree, nil, file)
      return
    }
    file = nil
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
  ///   - typeNames: the types of the data, or those to make data with.
  ///   - isOfData: whether there are data, to read or to fit in another way.
  /// - Throws: `InputError` where a value is missing, or one is not asked for.
  func values(
    given: [String: ParameterValue]?, typeNames: [String], isOfData: Bool = true
  ) throws -> [String: ParameterValue] {
    let published = published ?? [:]
    guard !(published.isEmpty && given == nil && !tree.parameters.isEmpty) else {
      let name = known.map { "\($0.name), which has no published values" } ?? "\(tree)"
      throw InputError(
        "expected values for \(parameterNames), found none for \(name)",
        remedy: "give --parameters \"\(example(typeNames))\""
          + (isOfData ? ", or use `symreg fit`" : ""))
    }
    let values = merged(try checked(given ?? [:], typeNames))
    for parameter in tree.parameters {
      guard case .byName(let numbers)? = values[parameter.name] else { continue }
      let missing = parameter.valueNames(typeNames: typeNames).filter { numbers[$0] == nil }
      guard missing.isEmpty else {
        let kind = parameter.kind
        throw InputError(
          "unknown \(kind.scopeWord) \(OptionText.listed(missing, "and")): expected a "
            + "\(kind.valueWord) of \(parameter.name) for each \(kind.scopeWord) of "
            + (isOfData ? "the data" : "--atoms") + ", found only those for "
            + OptionText.listed(numbers.keys.sorted(), "and"),
          remedy: "add \(missing.map { "\(parameter.name).\($0)=…" }.joined(separator: "; ")) to "
            + "--parameters, "
            + (isOfData
              ? "use `symreg fit`, or read the types from another column with --types"
              : "or name other types with --atoms"))
      }
    }
    return values
  }

  /// The values that it has of itself.
  private var published: [String: ParameterValue]? { known?.parameters ?? file?.parameters }

  /// The published values, overridden by others.
  func merged(_ given: [String: ParameterValue]) -> [String: ParameterValue] {
    (published ?? [:]).merging(given) { old, new in
      guard case (.byName(let old), .byName(let new)) = (old, new) else { return new }
      return .byName(old.merging(new) { $1 })
    }
  }

  /// The given values, those of pairs under the names of the data's pairs.
  private func checked(
    _ given: [String: ParameterValue], _ typeNames: [String]
  ) throws -> [String: ParameterValue] {
    var result = given
    for (name, value) in given.sorted(by: { $0.key < $1.key }) {
      guard let parameter = tree.parameters.first(where: { $0.name == name }) else {
        throw InputError(
          "expected values for \(parameterNames) in --parameters, found one for \(name)")
      }
      guard case .byName(let numbers) = value, parameter.kind != .global else { continue }
      let named = parameter.inOrderOfNames(numbers, typeNames: typeNames)
      let known = parameter.valueNames(typeNames: typeNames)
      if let unknown = named.keys.sorted().first(where: { !known.contains($0) }) {
        throw InputError(
          "unknown \(parameter.kind.scopeWord) \(unknown): expected \(OptionText.listed(known)) in "
            + "--parameters, found \(name).\(unknown)")
      }
      result[name] = .byName(named)
    }
    return result
  }

  private var parameterNames: String {
    let names = tree.parameters.map(\.name)
    return names.isEmpty ? "no parameter" : OptionText.listed(names, "and")
  }

  /// `b=…; X.H=…; X.O=…; A.H-O=…`.
  private func example(_ typeNames: [String]) -> String {
    tree.parameters.flatMap { parameter in
      parameter.kind == .global
        ? ["\(parameter.name)=…"]
        : parameter.valueNames(typeNames: typeNames).map { "\(parameter.name).\($0)=…" }
    }.joined(separator: "; ")
  }
}
