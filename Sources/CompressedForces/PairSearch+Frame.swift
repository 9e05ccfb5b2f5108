import AtomicData

extension PairSearch {
  /// A pair of atoms within the cutoff.
  struct Pair {
    var first: Int
    var second: Int
    /// A number into `PairTypes.kindPairs`.
    var pairType: Int
    /// From the second to the first atom or image, Å.
    var separation: SIMD3<Double>
    /// Å²
    var squaredDistance: Double
  }

  /// Isolated frames up to this size are searched without linked cells.
  static let bruteForceCount = 64

  /// Atoms closer than this are at the same place (Å): no 1/r of theirs means anything.
  static let smallestDistanceSquared = 1e-12

  static func needsBins(_ frame: borrowing Frame) -> Bool {
    frame.positions.count > bruteForceCount || !frame.cell.isIsolated
  }

  /// Visits each pair of a frame once, always in the same order, until `body` returns false.
  ///
  /// - Throws: `InputError` where the frame cannot be used, see `pairs(in:)`.
  @inline(__always)
  func forEachPair(in frame: borrowing Frame, _ body: (Pair) -> Bool) throws {
    guard !Self.needsBins(frame), !needsBonds else {
      return try pairs(in: frame).forEachPair(body)
    }
    try checkCounts(of: frame)
    let atomCount = frame.positions.count
    let typeCount = pairTypes.kinds.count
    let cutoffSquared = cutoff * cutoff
    var isUsable = true
    let coincident: (Int, Int)? = frame.positions.withUnsafeBufferPointer { positions in
      frame.types.withUnsafeBufferPointer { types in
        withMolecules(of: frame) { molecules in
          pairTypeTable.withUnsafeBufferPointer { table in
            for i in 0..<atomCount {
              isUsable = isUsable && Self.isUsable(positions[i], types[i], typeCount: typeCount)
            }
            guard isUsable else { return nil }
            for i in 0..<atomCount {
              let position = positions[i]
              let row = types[i] &* typeCount
              var j = i &+ 1
              while j < atomCount {
                defer { j &+= 1 }
                if let molecules, molecules[i] == molecules[j] { continue }
                let separation = position - positions[j]
                let square = dot(separation, separation)
                guard square <= cutoffSquared else { continue }
                guard square > Self.smallestDistanceSquared else { return (i, j) }
                let pair = Pair(
                  first: i, second: j, pairType: table[row &+ types[j]],
                  separation: separation, squaredDistance: square)
                guard body(pair) else { return nil }
              }
            }
            return nil
          }
        }
      }
    }
    if !isUsable { try check(frame) }
    if let coincident { throw Self.atSamePlace(coincident.0, coincident.1) }
  }

  /// Visits each pair of a frame once, those of atoms with images of their own too.
  ///
  /// - Throws: `InputError` where the frame cannot be used, see `pairs(in:)`.
  func forEachPairAndImage(in frame: Frame, _ body: (Pair) -> Void) throws {
    try forEachPair(in: frame) {
      body($0)
      return true
    }
    if !frame.cell.isIsolated { try pairs(in: frame).forEachOwnImage(body) }
  }

  /// The molecules where they decide which pairs interact.
  @inline(__always)
  private func withMolecules<Result>(
    of frame: borrowing Frame, _ body: (UnsafeBufferPointer<Int>?) -> Result
  ) -> Result {
    guard selection == .inter, let molecules = frame.molecules else { return body(nil) }
    return molecules.withUnsafeBufferPointer { body($0) }
  }

  /// - Throws: `InputError` for a frame that is incomplete or whose positions are no numbers.
  func check(_ frame: borrowing Frame) throws {
    try checkCounts(of: frame)
    let typeCount = pairTypes.kinds.count
    for (position, type) in zip(frame.positions, frame.types) {
      guard Self.isUsable(position, 0, typeCount: 1) else {
        throw InputError("expected positions that are numbers, found one that is not finite")
      }
      guard Self.isUsable(.zero, type, typeCount: typeCount) else {
        throw InputError("expected types from 0 to \(typeCount - 1), found \(type)")
      }
    }
  }

  @inline(__always)
  private static func isUsable(_ position: SIMD3<Double>, _ type: Int, typeCount: Int) -> Bool {
    // Zero times infinity or NaN is no number.
    let product = 0 * position
    return product.x + product.y + product.z == 0
      && UInt(bitPattern: type) < UInt(bitPattern: typeCount)
  }

  @inline(__always)
  private func checkCounts(of frame: borrowing Frame) throws {
    let atomCount = frame.positions.count
    guard frame.types.count == atomCount, frame.forces.count == atomCount else {
      throw InputError(
        "expected a type and a force for each of \(atomCount) atoms, "
          + "found \(frame.types.count) and \(frame.forces.count)")
    }
    if let bondReach {
      guard let bonds = frame.bonds, bonds.atomCount == atomCount, bonds.reach >= bondReach else {
        throw Self.noBonds
      }
    }
    if selection == .inter, frame.molecules?.count != atomCount {
      throw InputError(
        "expected a molecule for each atom, found none",
        remedy: "give the frames a column mol_id, or say --molecule-size N, or --pairs all")
    }
  }

  private static let noBonds = InputError(
    "expected bonds of each frame, counted as far as pairs are told apart, found none",
    remedy: "say --pairs all")

  static func atSamePlace(_ atom: Int, _ other: Int) -> InputError {
    InputError(
      "expected atoms apart, found atoms \(min(atom, other) + 1) and \(max(atom, other) + 1)"
        + " of a frame at the same place", remedy: "remove the frame or the doubled atom")
  }
}
