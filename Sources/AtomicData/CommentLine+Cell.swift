extension CommentLine {
  /// The cell that `Lattice` and `pbc` describe, its vectors multiplied by `length`.
  ///
  /// `Lattice` holds a, b, c in turn, or three edges of a box. With it and no `pbc` the structure
  /// repeats in all directions; without it, in none.
  /// - Throws: the message and remedy of an `InputError`.
  func cell(in line: Bytes, length: Double) throws(InputError) -> Cell {
    let lattice = entry("lattice", in: line)
    let given = try entry("pbc", in: line).map { (entry) throws(InputError) in
      try Self.directions(entry, in: line)
    }
    guard let lattice else {
      if let given, given.contains(true) {
        throw InputError(
          "expected Lattice with periodic directions, found pbc without Lattice",
          remedy: "add Lattice=\"ax ay az bx by bz cx cy cz\", or set pbc=\"F F F\"")
      }
      return .isolated
    }
    let isPeriodic = given ?? [true, true, true]
    let vectors = try Self.vectors(lattice, in: line).map { $0 * length }
    return try Self.cell(vectors, isPeriodic, text: line.part(lattice.value).quoted)
  }

  private static func vectors(
    _ entry: Entry, in line: Bytes
  ) throws(InputError) -> [SIMD3<Double>] {
    let text = line.part(entry.value)
    let words = text.split { $0.isSpace || ",[]{}".utf8.contains($0) }
    let numbers = words.map { DecimalNumber.whole(Bytes(rebasing: $0)) ?? .nan }
    guard numbers.count == 9 || numbers.count == 3,
      numbers.allSatisfy({ abs($0) <= FrameParser.largest })
    else {
      throw InputError(
        "expected Lattice with 9 numbers up to 1e12, found \(text.quoted)",
        remedy: "write Lattice=\"ax ay az bx by bz cx cy cz\"")
    }
    if numbers.count == 3 {
      return [
        SIMD3(numbers[0], 0, 0), SIMD3(0, numbers[1], 0), SIMD3(0, 0, numbers[2]),
      ]
    }
    let rows = (0..<3).map { SIMD3(numbers[3 * $0], numbers[3 * $0 + 1], numbers[3 * $0 + 2]) }
    // The specification takes rows of a nested array for the vectors, its parsers take columns.
    let isNested = text.contains(.of("["))
    let isSymmetric =
      rows[0].y == rows[1].x && rows[0].z == rows[2].x && rows[1].z == rows[2].y
    guard !isNested || isSymmetric else {
      throw InputError(
        "expected Lattice as 9 numbers in a row, found a nested array that programs read as rows "
          + "or as columns",
        remedy: "write Lattice=\"ax ay az bx by bz cx cy cz\"")
    }
    return rows
  }

  private static func directions(
    _ entry: Entry, in line: Bytes
  ) throws(InputError) -> [Bool] {
    let text = entry.form == .absent ? "T".utf8.map { $0 } : Array(line.part(entry.value))
    let words = text.split { $0.isSpace || ",[]{}".utf8.contains($0) }
    let values = words.map { Self.truth(String(decoding: $0, as: UTF8.self)) }
    guard values.count == 3 || values.count == 1, !values.contains(nil) else {
      throw InputError(
        "expected pbc with three of T or F, found \(line.part(entry.value).quoted)",
        remedy: "write pbc=\"T T T\"")
    }
    let known = values.compactMap { $0 }
    return known.count == 1 ? [known[0], known[0], known[0]] : known
  }

  private static func truth(_ word: String) -> Bool? {
    switch word {
    case "T", "t", "true", "True", "TRUE", "1": true
    case "F", "f", "false", "False", "FALSE", "0": false
    default: nil
    }
  }

  /// Completes directions that do not repeat; those that do must span their space.
  private static func cell(
    _ vectors: [SIMD3<Double>], _ isPeriodic: [Bool], text: String
  ) throws(InputError) -> Cell {
    guard isPeriodic.contains(true) else {
      return isThick(vectors) ? Cell(vectors: vectors, isPeriodic: isPeriodic) : .isolated
    }
    var completed = vectors
    if !isThick(vectors) {
      // What a direction that does not repeat holds means nothing, often zeros: any vector
      // outside the space of the others serves.
      for direction in 0..<3 where !isPeriodic[direction] {
        completed[direction] = SIMD3()
      }
      for direction in 0..<3 where !isPeriodic[direction] {
        completed[direction] = perpendicular(to: completed.filter { $0 != SIMD3() })
      }
    }
    guard isThick(completed) else {
      throw InputError(
        "expected Lattice with independent periodic vectors, opposite faces at least "
          + "\(leastHeight) Å apart, found \(text)",
        remedy: "mend Lattice, or set pbc=\"F F F\" for a structure without a cell")
    }
    return Cell(vectors: completed, isPeriodic: isPeriodic)
  }

  /// Least distance of opposite faces, Å: less is no cell of atoms, and the images within a bond or
  /// a cutoff would be without number.
  private static let leastHeight = 0.5

  /// Whether opposite faces are all that far apart.
  private static func isThick(_ vectors: [SIMD3<Double>]) -> Bool {
    (0..<3).allSatisfy { direction in
      let normal = cross(vectors[(direction + 1) % 3], vectors[(direction + 2) % 3])
      let area = norm(normal)
      return area > 0 && area.isFinite
        && abs((vectors[direction] * normal).sum()) >= leastHeight * area
    }
  }

  /// A unit vector perpendicular to one or two vectors.
  private static func perpendicular(to vectors: [SIMD3<Double>]) -> SIMD3<Double> {
    guard let first = vectors.first else { return SIMD3(1, 0, 0) }
    let axes = [SIMD3<Double>(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
    let normal =
      vectors.count > 1
      ? cross(first, vectors[1])
      : axes.map { cross(first, $0) }.max { norm($0) < norm($1) } ?? SIMD3()
    let length = norm(normal)
    return length > 0 ? normal / length : SIMD3()
  }

  private static func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
  }

  private static func norm(_ a: SIMD3<Double>) -> Double { (a * a).sum().squareRoot() }
}
