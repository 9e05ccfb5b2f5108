/// Parses frames, one after the other, from the bytes of a `TextBlock`.
///
/// Keeps between frames what most often stays the same: the meaning of `Properties`, the names of
/// types and keys.
struct FrameParser {
  let context: ParsingContext
  /// Names of the kinds (`KindName`), numbered as in the frames.
  var types: NameTable
  /// Comment line of the last frame.
  private(set) var comment = CommentLine()
  /// Columns of the last frame.
  private(set) var layout: FrameLayout?
  /// Keys or expressions that gave the energy and the virial of the last frame.
  var energyName: String?
  var virialName: String?

  private var layoutText: [UInt8] = []
  private(set) var numbers: [Double] = []
  private(set) var texts: [Range<Int>] = []
  private var molecules = MoleculeNumbers()
  /// Weights of the last frame's force components.
  var weights: [SIMD3<Double>] = []
  /// Covalent radii of the atoms of the last frame in need of bonds; empty where one is of no known
  /// element.
  var radii: [Double] = []
  var elements = NameTable()
  /// By number of the element, nil for what is none.
  var radiusOfElement: [Double?] = []
  /// Whether frames with equal types are known to have equal molecules.
  let trustsMolecules: Bool
  var lastBonded: (types: [Int], molecules: [Int])?
  /// Bonds by sequence of atoms, where they tell pairs apart.
  var topologies: BondTopologies
  /// By number of the kind, of the name of its type.
  var typeHashes: [UInt64] = []

  /// - Parameters:
  ///   - typeNames: get the numbers 0, 1, …; further names get further numbers.
  ///   - trustsMolecules: whether frames with equal types are known to have equal molecules, and the
  ///     bonds of all sequences of atoms.
  init(
    context: ParsingContext, typeNames: [String] = [], trustsMolecules: Bool = false,
    topologies: BondTopologies = BondTopologies()
  ) {
    self.context = context
    self.topologies = topologies
    self.trustsMolecules = trustsMolecules
    types = NameTable(typeNames)
  }

  /// Largest position (Å) and force (eV/Å) that can be meant: its square stays far from overflow.
  static let largest = 1e12

  /// Their pairs are counted: more are no types but names of single atoms.
  static let mostTypes = 200

  static let tooManyTypes = InputError(
    "expected at most \(mostTypes) types of atoms, found more",
    remedy: "choose the column that holds them with --types COLUMN")

  /// - Parameters:
  ///   - span: the frame's place in `text`.
  ///   - index: number of the frame in the whole data.
  /// - Throws: `InputError` where the text is no frame.
  mutating func parse(
    _ span: TextBlock.Span, in text: Bytes, index: Int
  ) throws(InputError) -> Frame {
    var cursor = LineCursor(text: text, place: span.range.lowerBound, end: span.range.upperBound)
    _ = cursor.next()
    let line = cursor.next()
    var frame = Frame(positions: [], forces: [], types: [], weight: context.weight)
    do throws(InputError) {
      frame.cell = try readComment(line)
      (frame.part, frame.group) = try part(ofFrame: index, line)
      let values = try readValues(line, cell: frame.cell)
      guard let layout else { throw Self.plain }
      try readAtoms(layout, span, &cursor, into: &frame)
      frame.source = context.number
      frame.energy = values.energy
      frame.virial = values.virial
      frame.weight *= values.weight
      if let bonds = context.bonds {
        try addBonds(to: &frame, bonds, line: span.line)
      } else if layout.elementEntry != nil, !radii.isEmpty {
        frame.molecules = bondedMolecules(of: frame)
      }
    } catch {
      throw located(error, line: span.line + 1)
    }
    return frame
  }

  private func located(_ error: InputError, line: Int) -> InputError {
    var error = error
    error.file = context.path
    error.line = error.line ?? line
    return error
  }

  private static let plain = InputError(
    "expected a comment line with Properties, found none: a plain XYZ frame has no forces",
    remedy: "use extended XYZ with Properties=species:S:1:pos:R:3:forces:R:3")

  // MARK: Comment line

  private mutating func readComment(_ line: Bytes) throws(InputError) -> Cell {
    do {
      try comment.read(line)
    } catch {
      // Any text is legal in a plain XYZ file.
      guard line.string.lowercased().contains("properties") else { throw Self.plain }
      let found = line.part(error.place..<line.count).quoted
      throw InputError(
        "expected \(error.expected) in the comment line, found \(found)",
        remedy: "write key=value pairs, values with white space in quotation marks")
    }
    guard let properties = comment.entry("properties", in: line) else { throw Self.plain }
    try chooseLayout(line.part(properties.value))
    return try comment.cell(in: line, length: context.units.length)
  }

  private mutating func chooseLayout(_ text: Bytes) throws(InputError) {
    if layout != nil, text.elementsEqual(layoutText) { return }
    layout = nil
    let columns = try ColumnTable(properties: text.string)
    let layout = try FrameLayout(
      columns: columns, forces: context.forces, typesColumn: context.typesColumn,
      readsMolecules: context.moleculeSize == nil, propertyColumn: context.propertyColumn,
      errorColumn: context.errorKey,
      findsBonds: context.findsBonds,
      needsElements: context.bonds.map { $0.file == nil } ?? false)
    numbers = Array(repeating: 0, count: columns.width)
    texts = Array(repeating: 0..<0, count: columns.width)
    layoutText = Array(text)
    self.layout = layout
  }

  private func part(
    ofFrame index: Int, _ line: Bytes
  ) throws(InputError) -> (DataPart, group: UInt64) {
    guard let key = context.groupKey else {
      return (context.split.part(ofFrame: index), UInt64(truncatingIfNeeded: index))
    }
    guard let entry = comment.entry(named: key, in: line) else {
      throw InputError(
        "expected a key \"\(key)\" of the frame's group, found the keys "
          + comment.keys(in: line).listed(with: "and"),
        remedy: "choose with --group KEY")
    }
    return CommentLine.text(of: entry, in: line).withUnsafeBufferPointer {
      (context.split.part(ofGroup: $0), NameTable.hash($0))
    }
  }

  // MARK: Atom lines

  private mutating func readAtoms(
    _ layout: FrameLayout, _ span: TextBlock.Span, _ cursor: inout LineCursor,
    into frame: inout Frame
  ) throws(InputError) {
    let count = span.atomCount
    frame.positions.reserveCapacity(count)
    frame.forces.reserveCapacity(count)
    frame.types.reserveCapacity(count)
    let isWeighted = layout.errorStart != nil || context.forceScale != nil
    let hasExtras = isWeighted || layout.elementEntry != nil
    if hasExtras {
      weights.removeAll(keepingCapacity: true)
      radii.removeAll(keepingCapacity: true)
    }
    var moleculeNumbers: [Int] = []
    if layout.moleculeEntry != nil { moleculeNumbers.reserveCapacity(count) }
    molecules.removeAll()
    let (length, force) = (context.units.length, context.units.force)

    for atom in 0..<count {
      let line = cursor.next()
      do throws(InputError) {
        try readEntries(line, layout, countLine: span.line)
        frame.positions.append(try vector(length, [.init(factor: 1, start: layout.positionStart)]))
        frame.forces.append(try vector(force, layout.forceTerms))
        if let entry = layout.typeEntry, layout.propertyEntry == nil {
          frame.types.append(types.number(of: line.part(texts[entry])))
        } else {
          frame.types.append(kind(line, layout))
        }
        if hasExtras {
          try readExtras(line, layout, force: frame.forces[atom], isWeighted: isWeighted)
        }
        if let entry = layout.moleculeEntry {
          moleculeNumbers.append(
            try molecules.number(of: line.part(texts[entry.place]), isInteger: entry.isInteger))
        }
      } catch {
        throw located(error, line: span.line + 2 + atom)
      }
    }
    guard types.count <= Self.mostTypes else { throw located(Self.tooManyTypes, line: span.line) }
    if isWeighted { frame.forceWeights = weights }
    // An atom of no known element leaves all molecules unknown.
    if hasExtras, radii.count < count { radii.removeAll(keepingCapacity: true) }
    if let size = context.moleculeSize {
      guard count % size == 0 else {
        throw located(
          InputError(
            "expected a multiple of \(size) atoms, found \(count)",
            remedy: "say another --molecule-size, or use a mol_id column"), line: span.line)
      }
      frame.molecules = (0..<count).map { $0 / size }
    } else if layout.moleculeEntry != nil {
      frame.molecules = moleculeNumbers
    }
  }

  /// Fills `numbers` and `texts` from one atom line.
  @inline(__always)
  private mutating func readEntries(
    _ line: Bytes, _ layout: FrameLayout, countLine: Int
  ) throws(InputError) {
    guard let start = line.baseAddress else {
      throw Self.wrongWidth(line, layout, countLine)
    }
    let end = start + line.count
    var cursor = start
    for entry in 0..<layout.actions.count {
      while cursor < end, cursor.pointee.isSpace { cursor += 1 }
      if cursor == end { throw Self.wrongWidth(line, layout, countLine) }
      let word = cursor
      if layout.actions[entry] == .number {
        guard let value = DecimalNumber.scan(&cursor, end: end),
          cursor == end || cursor.pointee.isSpace
        else {
          throw Self.noNumber(line, layout, countLine, entry, at: word - start)
        }
        numbers[entry] = value
      } else {
        while cursor < end, !cursor.pointee.isSpace { cursor += 1 }
        texts[entry] = word - start..<cursor - start
      }
    }
    while cursor < end, cursor.pointee.isSpace { cursor += 1 }
    if cursor < end { throw Self.wrongWidth(line, layout, countLine) }
  }

  @inline(__always)
  private func vector(
    _ unit: Double, _ terms: [FrameLayout.ForceTerm]
  ) throws(InputError) -> SIMD3<Double> {
    var sum = SIMD3<Double>()
    for term in terms {
      let start = term.start
      sum += term.factor * SIMD3(numbers[start], numbers[start + 1], numbers[start + 2])
    }
    sum *= unit
    // Also false for NaN.
    guard abs(sum.x) <= Self.largest, abs(sum.y) <= Self.largest, abs(sum.z) <= Self.largest else {
      throw InputError(
        "expected positions and forces up to 1e12 Å and eV/Å, found a larger number",
        remedy: "mend or remove the frame")
    }
    return sum
  }

  private static func wrongWidth(
    _ line: Bytes, _ layout: FrameLayout, _ countLine: Int
  ) -> InputError {
    let found = line.split(whereSeparator: \.isSpace).count
    return InputError(
      "expected \(layout.actions.count) columns as Properties says, found \(found)",
      remedy: "mend the line, Properties, or the atom count in line \(countLine)")
  }

  private static func noNumber(
    _ line: Bytes, _ layout: FrameLayout, _ countLine: Int, _ entry: Int, at place: Int
  ) -> InputError {
    // A line of another kind has another number of columns: say that first.
    let words = line.split(whereSeparator: \.isSpace)
    guard words.count == layout.actions.count else { return wrongWidth(line, layout, countLine) }
    let word = Bytes(rebasing: words[entry])
    let bare = word.string.lowercased().drop { $0 == "+" || $0 == "-" }
    let isNonFinite = bare.hasPrefix("nan") || bare == "inf" || bare == "infinity"
    return InputError(
      "expected a \(isNonFinite ? "finite " : "")number in column \(layout.columnNames[entry]), "
        + "found \(word.quoted)",
      remedy: isNonFinite ? "remove the frame" : "mend the line")
  }
}
