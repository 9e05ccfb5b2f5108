/// What the first pass gathers over all files, block by block in their order.
struct DatasetSurvey {
  let options: ReadingOptions
  private(set) var frameCount = 0
  private(set) var atomCount = 0
  private(set) var frameCountsByPart = [Int](repeating: 0, count: DataPart.all.count)
  private(set) var typeNames: Set<String> = []
  private(set) var numericKeys: Set<String> = []
  /// First frame whose molecules are unknown.
  private(set) var frameWithoutMolecules: MoleculePartitions.Place?
  private var hasSeveralMolecules = false
  private var partitions = MoleculePartitions()
  private var weightedSquareSum = 0.0
  private var weightSum = 0.0

  init(options: ReadingOptions) { self.options = options }

  /// (eV/Å)².
  var meanSquareForce: Double { weightedSquareSum / weightSum }

  /// Reads one file to its end.
  ///
  /// - Throws: `InputError` for the first fault in the order of the file.
  mutating func read(
    _ source: DataSource, threads: Int, progress: (Int) -> Void
  ) async throws -> Dataset.File {
    let context = try ParsingContext(source: source, options: options)
    let input = try InputFile(path: source.path)
    let identity = input.identity
    let cutter = FrameCutter(file: input)
    let firstFrame = frameCount
    // Molecules matter only where pairs are chosen by them.
    let checksMolecules = options.pairs != .all
    var forcesColumn: (name: String, line: Int)?
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
          try merge(try next.get(), source, &forcesColumn)
          merged += 1
        }
        progress(cutter.readByteCount)
      }
    }
    if let cuttingError { throw cuttingError }
    guard let forcesColumn else {
      let isEmpty = identity.byteCount == 0
      throw InputError(
        file: source.path,
        "expected frames, found \(isEmpty ? "an empty file" : "blank lines only")",
        remedy: "check how the file was written")
    }
    return Dataset.File(
      source: source, frameCount: frameCount - firstFrame, forcesColumn: forcesColumn.name,
      identity: identity, context: context)
  }

  private mutating func merge(
    _ block: BlockSurvey, _ source: DataSource, _ forcesColumn: inout (name: String, line: Int)?
  ) throws(InputError) {
    for column in block.forcesColumns {
      guard let first = forcesColumn, first.name != column.name else {
        forcesColumn = forcesColumn ?? column
        continue
      }
      throw InputError(
        file: source.path, line: column.line,
        "expected forces in column \(first.name) as in line \(first.line), found \(column.name)",
        remedy: "rename the columns alike, or keep such frames in files of their own")
    }
    try partitions.merge(block.partitions)
    frameCount += block.frameCountsByPart.reduce(0, +)
    atomCount += block.atomCount
    for (part, count) in block.frameCountsByPart.enumerated() { frameCountsByPart[part] += count }
    typeNames.formUnion(block.typeNames)
    numericKeys.formUnion(block.numericKeys)
    hasSeveralMolecules = hasSeveralMolecules || block.hasSeveralMolecules
    if frameWithoutMolecules == nil, let line = block.lineWithoutMolecules {
      frameWithoutMolecules = .init(file: source.path, line: line)
    }
    weightedSquareSum += source.weight * block.squaredForceSum
    weightSum += source.weight * Double(3 * block.atomCount)
  }

  /// The pairs asked for, or those that the molecules suggest.
  /// - Throws: `InputError` where they need molecules that are unknown, or no frame is left to
  ///   train on.
  func pairSelection() throws(InputError) -> PairSelection {
    guard frameCountsByPart[DataPart.validation.index] < frameCount else {
      throw InputError(
        "expected a frame to train on, found all \(frameCount) in the validation part",
        remedy: "say --validation 0, or another --split-seed")
    }
    let selection = options.pairs ?? (hasSeveralMolecules ? .inter : .all)
    if selection == .inter, let place = frameWithoutMolecules {
      throw InputError(
        file: place.file, line: place.line,
        "expected known molecules for pairs between molecules, found no mol_id or molid column",
        remedy: "say --molecule-size N, or --pairs all")
    }
    return selection
  }
}
