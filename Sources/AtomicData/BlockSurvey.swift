/// What one block of frames adds to the survey of the data.
struct BlockSurvey: Sendable {
  var atomCount = 0
  var frameCountsByPart = [Int](repeating: 0, count: DataPart.all.count)
  /// Sum of the squared force components, (eV/Å)².
  var squaredForceSum = 0.0
  var typeNames: [String] = []
  var numericKeys: Set<String> = []
  /// First line of the first frame whose molecules are unknown.
  var lineWithoutMolecules: Int?
  var hasSeveralMolecules = false
  /// First use of each forces column.
  var forcesColumns: [(name: String, line: Int)] = []
  var partitions = MoleculePartitions()

  /// - Throws: `InputError` for the first fault in the block.
  init(
    _ block: TextBlock, firstFrame: Int, context: ParsingContext, checksMolecules: Bool
  ) throws(InputError) {
    var parser = FrameParser(context: context)
    var keys = NameTable()
    // By number of the key: whether it was seen with a number.
    var isNumeric: [Bool] = []
    let failure: InputError? = block.bytes.withUnsafeBufferPointer { text in
      do throws(InputError) {
        for (offset, span) in block.frames.enumerated() {
          let frame = try parser.parse(span, in: text, index: firstFrame + offset)
          add(frame)
          addColumn(parser, span)
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
    numericKeys = Set(zip(keys.names, isNumeric).filter(\.1).map(\.0))
  }

  private mutating func add(_ frame: Frame) {
    atomCount += frame.positions.count
    frameCountsByPart[frame.part.index] += 1
    for force in frame.forces { squaredForceSum += (force * force).sum() }
  }

  private mutating func addColumn(_ parser: FrameParser, _ span: TextBlock.Span) {
    guard let name = parser.layout?.forcesName, forcesColumns.last?.name != name else { return }
    forcesColumns.append((name, span.line + 1))
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
      molecules, ofTypes: frame.types, types,
      at: MoleculePartitions.Place(file: path, line: span.line))
  }
}
