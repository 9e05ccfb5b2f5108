import AtomicData

/// A structure to simulate: what a simulator's input says of atoms, cell, molecules and bonds.
public struct ExportStructure: Sendable {
  /// Å
  public let positions: [SIMD3<Double>]
  /// By atom.
  public let typeNames: [String]
  /// From 0; nil where nothing says.
  public let molecules: [Int]?
  /// Nil where bonds do not matter.
  public let bonds: [BondTopology.Bond]?
  /// Known property of the atoms; nil where there is none.
  public let properties: [Double]?
  public let cell: Cell

  /// The first frame of files, read as data are; reference forces are not needed.
  ///
  /// - Throws: `InputError` where there is none, or it cannot be read.
  public init(firstFrameOf path: String, options: ReadingOptions) async throws {
    var options = options
    // Any three real numbers of an atom stand for forces that nobody asks for.
    options.forcesKey = nil
    options.validationFraction = 0
    (options.readsEnergies, options.readsVirials) = (false, false)
    (options.weightKey, options.errorKey, options.forceScale) = (nil, nil, nil)
    (options.groupKey, options.foldCount, options.heldOutGroups) = (nil, nil, [])
    let source = DataSource(path: path, forces: try ColumnExpression("pos"))
    let dataset = try await Dataset.open([source], options: options)
    guard let frame = try dataset.makeBlockReader().next()?.frames().first else {
      throw InputError(file: path, "expected a structure, found none")
    }
    self.init(frame, types: dataset.pairTypes)
  }

  /// - Parameters:
  ///   - frame: whose atoms and cell to take.
  ///   - types: that the frame numbers.
  public init(_ frame: Frame, types: PairTypes) {
    positions = frame.positions
    typeNames = frame.types.map { types.typeNames[types.kinds[$0].type] }
    molecules = frame.molecules
    bonds = frame.bonds?.bonds
    properties = types.hasProperty ? frame.types.map { types.kinds[$0].property } : nil
    cell = frame.cell
  }

  /// - Throws: `InputError` for a type that the potential does not have.
  public func check(_ potential: ExportedPotential) throws {
    let unknown = Set(typeNames).subtracting(potential.typeNames).sorted()
    guard unknown.isEmpty else {
      throw InputError(
        "expected atoms of the types \(potential.typeNames.joined(separator: ", ")) in the structure, found "
          + unknown.joined(separator: ", "),
        remedy: "read the types from the column that the data have them in")
    }
  }
}
