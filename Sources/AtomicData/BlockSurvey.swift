/// What one block of frames adds to the survey of the data.
struct BlockSurvey: Sendable {
  var atomCount = 0
  /// Of frames whose part is known before the groups are.
  var frameCountsByPart: [Int]
  /// By hash; where groups have to be known.
  var groups: [UInt64: FoldPlan.Group] = [:]
  /// Weighted sum of the squared force components, (eV/Å)², and the sum of their weights.
  var squaredForceSum = 0.0
  var weightSum = 0.0
  var typeNames: [String] = []
  var numericKeys: Set<String> = []
  /// Keys named like virials or stresses.
  var virialKeys: Set<String> = []
  /// First line of the first frame whose molecules are unknown.
  var lineWithoutMolecules: Int?
  var hasSeveralMolecules = false
  /// Whether molecules came from bonds.
  var hasBonds = false
  /// First use of each column of forces, of each key of energies and of virials.
  var uses: [NameUse] = []
  var partitions: MoleculePartitions
  var topologies = BondTopologies()

  /// - Throws: `InputError` for the first fault in the block.
  init(
    _ block: TextBlock, firstFrame: Int, context: ParsingContext, checksMolecules: Bool
  ) throws(InputError) {
    frameCountsByPart = Array(repeating: 0, count: context.split.foldCount + 1)
    partitions = MoleculePartitions(reusesBonds: context.bonds != nil)
    var parser = FrameParser(context: context)
    var keys = NameTable()
    // By number of the key: whether it was seen with a number.
    var isNumeric: [Bool] = []
    let failure: InputError? = block.bytes.withUnsafeBufferPointer { text in
      do throws(InputError) {
        for (offset, span) in block.frames.enumerated() {
          let frame = try parser.parse(span, in: text, index: firstFrame + offset)
          add(frame, foldCount: context.split.foldCount)
          if context.needsGroups { addGroup(of: frame, parser, span, text) }
          addUses(parser, span)
          Self.note(parser, span, text, &keys, &isNumeric)
          try addMolecules(frame, parser.types, span, context.path, isChecked: checksMolecules)
        }
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
    typeNames = parser.types.names
    topologies = parser.topologies
    numericKeys = Set(zip(keys.names, isNumeric).filter(\.1).map(\.0))
    virialKeys = Set(keys.names.filter(FrameParser.isVirialOrStress))
  }

  private mutating func addGroup(
    of frame: Frame, _ parser: FrameParser, _ span: TextBlock.Span, _ text: Bytes
  ) {
    if groups[frame.group] == nil {
      var cursor = LineCursor(text: text, place: span.range.lowerBound, end: span.range.upperBound)
      _ = cursor.next()
      let line = cursor.next()
      guard let key = parser.context.groupKey,
        let entry = parser.comment.entry(named: key, in: line)
      else { return }
      let name = String(decoding: CommentLine.text(of: entry, in: line), as: UTF8.self)
      groups[frame.group] = FoldPlan.Group(hash: frame.group, name: name, frameCount: 0)
    }
    groups[frame.group]?.frameCount += 1
  }

  private mutating func add(_ frame: Frame, foldCount: Int) {
    atomCount += frame.positions.count
    frameCountsByPart[frame.part.index(foldCount: foldCount)] += 1
    guard let weights = frame.forceWeights else {
      var sum = 0.0
      for force in frame.forces { sum += (force * force).sum() }
      squaredForceSum += frame.weight * sum
      weightSum += frame.weight * Double(3 * frame.forces.count)
      return
    }
    for (force, weight) in zip(frame.forces, weights) {
      squaredForceSum += frame.weight * (weight * force * force).sum()
      weightSum += frame.weight * weight.sum()
    }
  }

  private mutating func addUses(_ parser: FrameParser, _ span: TextBlock.Span) {
    addUse(.forces, parser.layout?.forcesName, span)
    if parser.context.readsEnergies { addUse(.energies, parser.energyName, span) }
    if parser.context.readsVirials { addUse(.virials, parser.virialName, span) }
    let context = parser.context
    let isBonded =
      context.bonds != nil
      ? parser.layout?.moleculeEntry == nil && context.moleculeSize == nil
      : parser.layout?.elementEntry != nil
    if isBonded { hasBonds = true }
  }

  private mutating func addUse(_ what: NameUse.What, _ name: String?, _ span: TextBlock.Span) {
    guard let name, uses.last(where: { $0.what == what })?.name != name else { return }
    uses.append(NameUse(what: what, name: name, line: span.line + 1))
  }

  private static func note(
    _ parser: FrameParser, _ span: TextBlock.Span, _ text: Bytes, _ keys: inout NameTable,
    _ isNumeric: inout [Bool]
  ) {
    var cursor = LineCursor(text: text, place: span.range.lowerBound, end: span.range.upperBound)
    _ = cursor.next()
    let line = cursor.next()
    for entry in parser.comment.entries {
      let number = keys.number(of: line.part(entry.key))
      if number == isNumeric.count { isNumeric.append(false) }
      if !isNumeric[number] { isNumeric[number] = CommentLine.number(of: entry, in: line) != nil }
    }
  }

  private mutating func addMolecules(
    _ frame: Frame, _ types: NameTable, _ span: TextBlock.Span, _ path: String, isChecked: Bool
  ) throws(InputError) {
    guard let molecules = frame.molecules else {
      lineWithoutMolecules = lineWithoutMolecules ?? span.line
      return
    }
    if molecules.contains(where: { $0 > 0 }) { hasSeveralMolecules = true }
    guard isChecked else { return }
    try partitions.add(
      molecules, ofTypes: frame.types, types, areBonded: hasBonds,
      at: MoleculePartitions.Place(file: path, line: span.line))
  }
}

/// The column or key that gave something, where it was first used.
struct NameUse: Sendable {
  enum What: String, Sendable {
    case forces, energies, virials
  }

  let what: What
  let name: String
  let line: Int
}
