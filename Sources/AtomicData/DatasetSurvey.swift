/// What the first pass gathers over all files, block by block in their order.
struct DatasetSurvey {
  let options: ReadingOptions
  private(set) var frameCount = 0
  private(set) var atomCount = 0
  var frameCountsByPart: [Int]
  /// By hash; where groups have to be known before frames can be divided.
  private(set) var groups: [UInt64: FoldPlan.Group] = [:]
  /// Names of the kinds.
  private(set) var typeNames: Set<String> = []
  private(set) var numericKeys: Set<String> = []
  private(set) var virialKeys: Set<String> = []
  /// First frame whose molecules are unknown.
  private(set) var frameWithoutMolecules: MoleculePartitions.Place?
  private var hasSeveralMolecules = false
  private(set) var hasBonds = false
  private var partitions: MoleculePartitions
  let bonds: BondReading?
  private(set) var topologies = BondTopologies()
  private var weightedSquareSum = 0.0
  private var weightSum = 0.0

  /// - Throws: `InputError` for a file of bonds that cannot be used.
  init(options: ReadingOptions) throws {
    self.options = options
    bonds = try BondReading(options)
    partitions = MoleculePartitions(reusesBonds: bonds != nil)
    let foldCount = options.foldCount ?? DataPart.foldCount
    frameCountsByPart = Array(repeating: 0, count: foldCount + 1)
  }

  /// (eV/Å)².
  var meanSquareForce: Double { weightedSquareSum / weightSum }

  /// Reads one file to its end.
  ///
  /// - Throws: `InputError` for the first fault in the order of the file.
  mutating func read(
    _ source: DataSource, number: Int, threads: Int, progress: (Int) -> Void
  ) async throws -> Dataset.File {
    let context = try ParsingContext(source: source, number: number, options: options, bonds: bonds)
    let input = try InputFile(path: source.path)
    let identity = input.identity
    let cutter = FrameCutter(file: input)
    let firstFrame = frameCount
    // Molecules matter only where pairs are chosen by them.
    let checksMolecules = options.pairs != .all
    var uses: [NameUse.What: NameUse] = [:]
    var cutCount = frameCount
    var cuttingError: (any Error)?

    try await withThrowingTaskGroup(of: (Int, Result<BlockSurvey, InputError>).self) { group in
      var (started, merged, running) = (0, 0, 0)
      var isAtEnd = false
      var finished: [Int: Result<BlockSurvey, InputError>] = [:]
      while true {
        while !isAtEnd, running < max(1, threads), started - merged < 4 * max(1, threads) {
          do {
            guard let block = try cutter.next() else {
              isAtEnd = true
              break
            }
            let (number, firstFrame) = (started, cutCount)
            cutCount += block.frames.count
            started += 1
            running += 1
            group.addTask {
              let survey = Result { () throws(InputError) in
                try BlockSurvey(
                  block, firstFrame: firstFrame, context: context,
                  checksMolecules: checksMolecules)
              }
              return (number, survey)
            }
          } catch {
            // Faults in the blocks before come first.
            cuttingError = error
            isAtEnd = true
          }
        }
        guard let (number, result) = try await group.next() else { break }
        running -= 1
        finished[number] = result
        while let next = finished.removeValue(forKey: merged) {
          try merge(try next.get(), source, &uses)
          merged += 1
        }
        progress(cutter.readByteCount)
      }
    }
    if let cuttingError { throw cuttingError }
    guard let forces = uses[.forces] else {
      let isEmpty = identity.byteCount == 0
      throw InputError(
        file: source.path,
        "expected frames, found \(isEmpty ? "an empty file" : "blank lines only")",
        remedy: "check how the file was written")
    }
    return Dataset.File(
      source: source, frameCount: frameCount - firstFrame, forcesColumn: forces.name,
      energyKey: uses[.energies]?.name, virialKey: uses[.virials]?.name,
      identity: identity, context: context)
  }

  private mutating func merge(
    _ block: BlockSurvey, _ source: DataSource, _ uses: inout [NameUse.What: NameUse]
  ) throws(InputError) {
    for use in block.uses {
      guard let first = uses[use.what], first.name != use.name else {
        uses[use.what] = uses[use.what] ?? use
        continue
      }
      let kind = use.what == .forces ? "column" : "key"
      throw InputError(
        file: source.path, line: use.line,
        "expected \(use.what.rawValue) in \(kind) \(first.name) as in line \(first.line), found "
          + use.name,
        remedy: "rename the \(kind)s alike, or keep such frames in files of their own")
    }
    try partitions.merge(block.partitions)
    topologies.merge(block.topologies)
    frameCount += block.frameCountsByPart.reduce(0, +)
    atomCount += block.atomCount
    for (part, count) in block.frameCountsByPart.enumerated() { frameCountsByPart[part] += count }
    for (hash, group) in block.groups {
      var known = groups[hash] ?? FoldPlan.Group(hash: hash, name: group.name, frameCount: 0)
      known.frameCount += group.frameCount
      groups[hash] = known
    }
    typeNames.formUnion(block.typeNames)
    guard typeNames.count <= FrameParser.mostTypes else {
      var error = FrameParser.tooManyTypes
      error.file = source.path
      throw error
    }
    numericKeys.formUnion(block.numericKeys)
    virialKeys.formUnion(block.virialKeys)
    hasBonds = hasBonds || block.hasBonds
    hasSeveralMolecules = hasSeveralMolecules || block.hasSeveralMolecules
    if frameWithoutMolecules == nil, let line = block.lineWithoutMolecules {
      frameWithoutMolecules = .init(file: source.path, line: line)
    }
    weightedSquareSum += block.squaredForceSum
    weightSum += block.weightSum
  }

  /// The different molecules, atoms of each type; empty where they are not known or do not matter.
  func compositions(_ types: PairTypes) -> [[Int]] {
    guard frameWithoutMolecules == nil else { return [] }
    return partitions.compositions
      .map { counts in
        let byType = counts.reduce(into: [:]) { $0[KindName($1.key).type, default: 0] += $1.value }
        return types.typeNames.map { byType[$0] ?? 0 }
      }
      .sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// The types, with the bond classes that occur where functions tell them apart.
  /// - Throws: `InputError` where all pairs are of one class, or names of types are no names.
  func pairTypes(_ selection: PairSelection) throws(InputError) -> PairTypes {
    let types = PairTypes(kindNames: typeNames)
    try types.requireNames()
    guard options.usesBondClasses else { return types }
    let numbers = Dictionary(uniqueKeysWithValues: types.typeNames.enumerated().map { ($1, $0) })
    var pairs = topologies.pairs.map {
      PairType(
        first: numbers[$0.first] ?? 0, second: numbers[$0.second] ?? 0, bonds: $0.bonds)
    }
    let hasFar: Bool = if case .bonds(let range) = selection { range.upper == nil } else { true }
    if hasFar { pairs += types.pairs }
    guard Set(pairs.map(\.bonds)).count > 1 else {
      throw InputError(
        "expected pairs that the bonds between them tell apart, found none in \(selection.rawValue)",
        remedy: "leave out --by-bonds, or say other --pairs or --bonds FILE")
    }
    return PairTypes(types, occurring: pairs)
  }

  /// The pairs asked for, or those that the molecules suggest.
  /// - Throws: `InputError` where they need molecules that are unknown, or no frame is left to
  ///   train on.
  func pairSelection() throws(InputError) -> PairSelection {
    guard frameCountsByPart[frameCountsByPart.count - 1] < frameCount else {
      throw InputError(
        "expected a frame to train on, found all \(frameCount) in the validation part",
        remedy: options.heldOutGroups.isEmpty
          ? "say --validation 0, or another --split-seed" : "hold out fewer groups")
    }
    // Where each atom is a molecule, all pairs are the same pairs.
    let isMolecular = partitions.compositions.contains { $0.values.reduce(0, +) > 1 }
    guard weightSum > 0, weightSum.isFinite, weightedSquareSum.isFinite else {
      throw InputError(
        "expected weights that are not all zero, and within the range of numbers, found a sum of "
          + "\(weightSum)",
        remedy: "check --weight-key, --error-key and --force-scale")
    }
    let selection =
      options.pairs
      ?? (hasSeveralMolecules && isMolecular && !options.usesBondClasses ? .inter : .all)
    if selection == .inter, let place = frameWithoutMolecules {
      throw InputError(
        file: place.file, line: place.line,
        "expected known molecules for pairs between molecules, found neither a mol_id or molid "
          + "column nor elements whose bonds tell",
        remedy: "say --molecule-size N, or --pairs all")
    }
    return selection
  }
}
