/// How files of frames are read and divided.
public struct ReadingOptions: Sendable, Hashable {
  /// Column (S or I) that holds the atoms' types; nil: `species`; `none`: all are alike.
  public var typesColumn: String?
  /// Column (R or I) of a known property q of the atoms, whose products Q = q_i·q_j expressions may use.
  public var propertyColumn: String?
  /// Every so many consecutive atoms are a molecule; nil: a `mol_id` or `molid` column says, if
  /// there is one.
  public var moleculeSize: Int?
  /// Forces as an expression of columns, for files that name none of their own; nil: found.
  public var forcesKey: String?
  /// Whether frames have energies to be matched, and virials.
  public var readsEnergies = false
  public var readsVirials = false
  /// Energies as an expression of keys, for files that name none of their own; nil: found.
  public var energyKey: String?
  /// Key of the virials or stresses; nil: found.
  public var virialKey: String?
  /// Key of a weight of each frame; nil: all weigh alike.
  public var weightKey: String?
  /// Column of the standard errors of the forces: components get the weight 1/se².
  public var errorKey: String?
  /// F₀ (eV/Å) of the weights 1/(1 + |F|²/F₀²) by which large forces count less; nil: they do not.
  public var forceScale: Double?
  /// Units of the files.
  public var units: Units
  /// Which pairs interact; nil: `inter` if any frame holds more than one known molecule, else `all`.
  public var pairs: PairSelection?
  /// File of the bonds, the same in every frame (`BondsFile`); nil: from covalent radii.
  public var bondsFile: String?
  /// Share of the frames kept for validation, in [0, 1); 0: none.
  public var validationFraction: Double
  /// Seed of the division into training and validation.
  public var splitSeed: UInt64
  /// Key of the comment line whose equal values keep frames together in the division.
  public var groupKey: String?
  /// Folds of the training frames for cross-validation, made of whole groups where there is a group key;
  /// nil: none are asked for.
  public var foldCount: Int?
  /// Values of the group key whose frames are the validation part in place of a share; empty: a share.
  public var heldOutGroups: [String] = []

  /// Folds that can be asked for.
  public static let foldCounts = 2...100

  public init(
    typesColumn: String? = nil, moleculeSize: Int? = nil, forcesKey: String? = nil,
    units: Units = .metal, pairs: PairSelection? = nil,
    validationFraction: Double = 0.2, splitSeed: UInt64 = 0, groupKey: String? = nil
  ) {
    self.typesColumn = typesColumn
    self.moleculeSize = moleculeSize
    self.forcesKey = forcesKey
    self.units = units
    self.pairs = pairs
    self.validationFraction = validationFraction
    self.splitSeed = splitSeed
    self.groupKey = groupKey
  }

  /// Whether functions may tell pairs apart by the bonds between them (`KnownQuantity`).
  public var usesBondClasses = false

  /// Bonds up to which they must be counted; nil where they do not matter.
  var bondReach: Int? {
    usesBondClasses ? max(KnownQuantity.mostBonds, pairs?.bondReach ?? 0) : pairs?.bondReach
  }

  /// - Throws: `InputError` for values out of range.
  func validate() throws {
    if let moleculeSize, moleculeSize < 1 {
      throw InputError("expected --molecule-size of at least 1, found \(moleculeSize)")
    }
    if errorKey != nil, forceScale != nil {
      throw InputError(
        "expected --error-key or --force-scale, found both", remedy: "leave one of them out")
    }
    if let forceScale, !(forceScale > 0 && forceScale.isFinite) {
      throw InputError("expected --force-scale above 0, found \(forceScale)")
    }
    if usesBondClasses, pairs == .inter {
      throw InputError(
        "expected --pairs all or bonds:RANGE beside --by-bonds, found inter",
        remedy: "atoms of different molecules are not bonded: leave out --pairs")
    }
    guard validationFraction >= 0, validationFraction < 1 else {
      throw InputError("expected --validation in [0, 1), found \(validationFraction)")
    }
    if let foldCount, !Self.foldCounts.contains(foldCount) {
      throw InputError(
        "expected --folds from \(Self.foldCounts.lowerBound) to \(Self.foldCounts.upperBound), found "
          + "\(foldCount)")
    }
    guard heldOutGroups.isEmpty || groupKey != nil else {
      throw InputError(
        "expected --group with --hold-out, found none",
        remedy: "name the key that --hold-out gives values of")
    }
  }
}
