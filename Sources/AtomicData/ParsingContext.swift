/// What the frames of one file have in common for the parser.
struct ParsingContext: Sendable {
  let path: String
  /// Forces by name or expression; nil: found.
  let forces: ColumnExpression?
  let weight: Double
  let typesColumn: String?
  let moleculeSize: Int?
  let units: Units
  let groupKey: String?
  let split: DataSplit

  init(source: DataSource, options: ReadingOptions) throws {
    path = source.path
    forces = try source.forces ?? options.forcesKey.map { try ColumnExpression($0) }
    weight = source.weight
    typesColumn = options.typesColumn
    moleculeSize = options.moleculeSize
    units = options.units
    groupKey = options.groupKey
    split = DataSplit(validationFraction: options.validationFraction, seed: options.splitSeed)
  }
}
