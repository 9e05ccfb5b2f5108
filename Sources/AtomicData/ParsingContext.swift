/// What the frames of one file have in common for the parser.
struct ParsingContext: Sendable {
  let path: String
  /// Forces by name or expression; nil: found.
  let forces: ColumnExpression?
  let weight: Double
  /// Number of the file.
  let number: Int
  let readsEnergies: Bool
  /// Energies by name or expression; nil: found.
  let energy: ColumnExpression?
  let readsVirials: Bool
  let virialKey: String?
  let weightKey: String?
  let errorKey: String?
  let forceScale: Double?
  /// Whether molecules follow from bonds where nothing else says.
  let findsBonds: Bool
  /// How bonds are found that tell pairs apart; nil where none do.
  let bonds: BondReading?
  let typesColumn: String?
  let propertyColumn: String?
  let moleculeSize: Int?
  let units: Units
  let groupKey: String?
  /// Whether the groups have to be known before the frames can be divided.
  var needsGroups: Bool { groupKey != nil && (split.isBalanced || !split.heldOut.isEmpty) }
  var split: DataSplit

  init(
    source: DataSource, number: Int = 0, options: ReadingOptions, bonds: BondReading? = nil
  ) throws {
    self.number = number
    readsEnergies = options.readsEnergies
    energy = try source.energy ?? options.energyKey.map { try ColumnExpression($0) }
    readsVirials = options.readsVirials
    virialKey = options.virialKey
    weightKey = options.weightKey
    errorKey = options.errorKey
    forceScale = options.forceScale
    findsBonds = options.pairs != .all && options.moleculeSize == nil && bonds == nil
    self.bonds = bonds
    path = source.path
    forces = try source.forces ?? options.forcesKey.map { try ColumnExpression($0) }
    weight = source.weight
    typesColumn = options.typesColumn
    propertyColumn = options.propertyColumn
    moleculeSize = options.moleculeSize
    units = options.units
    groupKey = options.groupKey
    split = DataSplit(options)
  }
}
