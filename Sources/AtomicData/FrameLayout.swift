/// What the parser does with each entry of an atom line.
struct FrameLayout: Sendable {
  /// One per entry of the line.
  let actions: [Action]
  /// Name of the column that each entry belongs to.
  let columnNames: [String]
  let positionStart: Int
  /// The force is the sum of factor × the three numbers from `start` on.
  let forceTerms: [ForceTerm]
  /// Nil where all atoms are alike.
  let typeEntry: Int?
  /// Entry of the known property.
  let propertyEntry: Int?
  /// Entry that names the atom's molecule, and whether it is a whole number.
  let moleculeEntry: (place: Int, isInteger: Bool)?
  /// The column or expression that gave the forces.
  let forcesName: String
  /// First of the three standard errors of the forces.
  let errorStart: Int?
  /// Entry that names the atom's element, where bonds are to tell the molecules.
  let elementEntry: Int?

  enum Action: UInt8, Sendable {
    case skip, number, text
  }

  struct ForceTerm: Sendable {
    let factor: Double
    let start: Int
  }

  /// Chooses the columns.
  /// - Throws: the message and remedy of an `InputError`.
  init(
    columns: ColumnTable, forces: ColumnExpression?, typesColumn: String?, readsMolecules: Bool,
    propertyColumn: String? = nil, errorColumn: String? = nil, findsBonds: Bool = false,
    needsElements: Bool = false
  ) throws(InputError) {
    guard let position = columns["pos"], position.count == 3, columns.vectors.contains(position)
    else {
      throw InputError(
        "expected a column pos:R:3 in Properties, found "
          + Self.names(columns.columns).listed(with: "and"),
        remedy: "name the positions pos")
    }
    let (name, terms) = try Self.forceColumns(columns, forces)
    let type = try Self.typeColumn(columns, typesColumn)
    let property = try propertyColumn.map { (name) throws(InputError) in
      try Self.property(columns, name)
    }
    let molecule = readsMolecules ? try Self.moleculeColumn(columns) : nil

    let errors = try errorColumn.map { (name) throws(InputError) in
      try Self.errors(columns, name)
    }
    let element =
      needsElements || molecule == nil && findsBonds ? Self.elementColumn(columns) : nil

    var actions = [Action](repeating: .skip, count: columns.width)
    for start in [position.start] + terms.map(\.start) + (errors.map { [$0.start] } ?? []) {
      for entry in start..<start + 3 { actions[entry] = .number }
    }
    for column in [type, molecule, element].compactMap({ $0 }) { actions[column.start] = .text }
    if let property { actions[property.start] = .number }
    self.actions = actions
    columnNames = columns.columns.flatMap { Array(repeating: $0.name, count: $0.count) }
    positionStart = position.start
    forceTerms = terms
    typeEntry = type?.start
    propertyEntry = property?.start
    moleculeEntry = molecule.map { ($0.start, $0.kind == .integer) }
    forcesName = name
    errorStart = errors?.start
    elementEntry = element?.start
  }

  private static func errors(
    _ columns: ColumnTable, _ name: String
  ) throws(InputError) -> ColumnTable.Column {
    guard let column = columns.vectors.first(where: { $0.name == name }) else {
      throw InputError(
        "expected a column \"\(name)\" of 3 standard errors, found the 3-component columns "
          + names(columns.vectors).listed(with: "and"),
        remedy: "choose with --error-key COLUMN")
    }
    return column
  }

  private static func property(
    _ columns: ColumnTable, _ name: String
  ) throws(InputError) -> ColumnTable.Column {
    let numbers = columns.columns.filter {
      $0.count == 1 && ($0.kind == .real || $0.kind == .integer)
    }
    guard let column = numbers.first(where: { $0.name == name }) else {
      throw InputError(
        "expected a column \"\(name)\" of numbers for the property, found "
          + names(numbers).listed(with: "and"),
        remedy: "choose with --property q=COLUMN")
    }
    return column
  }

  private static func elementColumn(_ columns: ColumnTable) -> ColumnTable.Column? {
    columns.labels.first { $0.name == "species" && $0.kind == .text }
  }

  /// Whether a column of this name holds forces, as far as a name can tell.
  static func isForces(_ name: String) -> Bool {
    let name = name.lowercased()
    return name == "forces" || name == "force" || name.hasSuffix("_forces")
      || name.hasSuffix("_force")
  }

  private static let remedy = "choose with --forces-key NAME or FILE:forces=NAME"

  private static func names(_ columns: [ColumnTable.Column]) -> [String] { columns.map(\.name) }

  private static func forceColumns(
    _ columns: ColumnTable, _ expression: ColumnExpression?
  ) throws(InputError) -> (String, [ForceTerm]) {
    let vectors = columns.vectors.filter { $0.name != "pos" }
    guard let expression else {
      let candidates = vectors.filter { $0.kind == .real && isForces($0.name) }
      guard let only = candidates.first else {
        throw InputError(
          "expected a column of forces, found the 3-component real columns "
            + names(vectors).listed(with: "and"),
          remedy: vectors.isEmpty ? "use data with reference forces" : remedy)
      }
      guard candidates.count == 1 else {
        throw InputError(
          "expected one column of forces, found \(names(candidates).listed(with: "and"))",
          remedy: remedy)
      }
      return (only.name, [ForceTerm(factor: 1, start: only.start)])
    }
    var terms: [ForceTerm] = []
    for term in expression.terms(amongNames: names(columns.columns)) {
      guard let column = columns.vectors.first(where: { $0.name == term.name }) else {
        throw InputError(
          "expected a column \"\(term.name)\" for the forces, found the 3-component real columns "
            + names(vectors).listed(with: "and"),
          remedy: remedy)
      }
      terms.append(ForceTerm(factor: term.factor, start: column.start))
    }
    return (expression.text, terms)
  }

  /// What says that all atoms are of one type.
  static let noTypes = "none"

  private static func typeColumn(
    _ columns: ColumnTable, _ name: String?
  ) throws(InputError) -> ColumnTable.Column? {
    let name = name ?? "species"
    if name == noTypes { return nil }
    guard let column = columns.labels.first(where: { $0.name == name }) else {
      throw InputError(
        "expected a column \"\(name)\" of the atoms' types, found "
          + names(columns.labels).listed(with: "and"),
        remedy: "choose with --types COLUMN")
    }
    return column
  }

  private static func moleculeColumn(
    _ columns: ColumnTable
  ) throws(InputError) -> ColumnTable.Column? {
    guard let column = columns["mol_id"] ?? columns["molid"] else { return nil }
    guard columns.labels.contains(column) else {
      throw InputError(
        "expected \(column.name) of type I or S with count 1, "
          + "found \(column.kind.rawValue) with \(column.count)",
        remedy: "mend the column, or say --molecule-size")
    }
    return column
  }
}
