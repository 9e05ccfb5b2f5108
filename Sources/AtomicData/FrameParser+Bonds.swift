extension FrameParser {
  /// A bond of the first frame that is longer than this times the sum of the radii in another frame is
  /// none there: the two are different molecules. Heat stretches bonds to 1.82 times (H2O-13, 4000 K).
  private static let longestStretch = 2.0

  /// Gives a frame its bonds, and its molecules where nothing else says.
  ///
  /// - Parameter line: of the frame's count.
  @inline(never)
  mutating func addBonds(
    to frame: inout Frame, _ reading: BondReading, line: Int
  ) throws(InputError) {
    do throws(InputError) {
      let count = frame.positions.count
      try reading.file?.check(atomCount: count)
      guard reading.file != nil || layout?.elementEntry != nil && radii.count == count else {
        throw Self.unknownElements
      }
      let sequence = bondSequence(of: frame, reading)
      let known = topologies[sequence]
      let entry: BondTopologies.Entry
      if let known, known.topology.atomCount == count {
        entry = known
      } else {
        guard !trustsMolecules else { throw DatasetReader.changed(context.path) }
        let topology = topology(of: frame, reading)
        entry = .init(
          topology: topology, place: .init(file: context.path, line: line),
          pairs: reading.usesClasses ? pairs(topology, frame.types, reading.selection) : [])
        topologies.add(entry, for: sequence)
      }
      frame.bonds = entry.topology
      if frame.molecules == nil { frame.molecules = entry.topology.molecules }
      if trustsMolecules, reading.file == nil { try checkBonds(of: frame, entry) }
    } catch {
      var error = error
      error.line = error.line ?? line
      throw error
    }
  }

  private static let unknownElements = InputError(
    "expected a column species of elements, whose bonds tell pairs apart, found none",
    remedy: "say --bonds FILE")

  private mutating func bondSequence(of frame: Frame, _ reading: BondReading) -> UInt64 {
    guard reading.file == nil else { return UInt64(frame.positions.count) }
    while typeHashes.count < types.count {
      // Without a property: it may differ from frame to frame.
      let name = KindName(types[typeHashes.count]).type
      typeHashes.append(Array(name.utf8).withUnsafeBufferPointer(NameTable.hash))
    }
    let atoms = MoleculePartitions.hash(frame.types) { typeHashes[$0] }
    let elements = MoleculePartitions.hash(Array(radii.indices)) { radii[$0].bitPattern }
    let molecules = MoleculePartitions.hash(frame.molecules ?? []) {
      UInt64(truncatingIfNeeded: $0)
    }
    return MoleculePartitions.hash([0, 1, 2]) { [atoms, elements, molecules][$0] }
  }

  private func topology(of frame: Frame, _ reading: BondReading) -> BondTopology {
    let count = frame.positions.count
    if let file = reading.file {
      return BondTopology(atomCount: count, bonds: file.bonds, reach: reading.reach)
    }
    let found = BondedMolecules.bonds(
      positions: frame.positions, radii: radii, cell: frame.cell)
    // Where molecules are known, atoms of two of them are close but not bonded.
    let bonds = found.filter { bond in
      frame.molecules.map { $0[bond.first] == $0[bond.second] } ?? true
    }
    return BondTopology(atomCount: count, bonds: bonds, reach: reading.reach)
  }

  private func pairs(
    _ topology: BondTopology, _ kinds: [Int], _ selection: PairSelection
  ) -> Set<BondTopologies.NamedPair> {
    struct Numbered: Hashable { let first, second, bonds: Int }
    var found: Set<Numbered> = []
    for atom in kinds.indices {
      for place in topology.places(of: atom) where topology.neighbors[place] > atom {
        let (a, b) = (kinds[atom], kinds[topology.neighbors[place]])
        let count = topology.counts[place]
        if case .bonds(let range) = selection, !range.contains(count) { continue }
        found.insert(
          Numbered(
            first: min(a, b), second: max(a, b),
            bonds: KnownQuantity(bonds: count).map { Int($0.rawValue) } ?? 0))
      }
    }
    return Set(
      found.map {
        .init(
          first: KindName(types[$0.first]).type, second: KindName(types[$0.second]).type,
          bonds: $0.bonds)
      })
  }

  private func checkBonds(of frame: Frame, _ entry: BondTopologies.Entry) throws(InputError) {
    for bond in entry.topology.bonds {
      let separation = frame.cell.shortened(
        frame.positions[bond.first] - frame.positions[bond.second])
      let length = (separation * separation).sum().squareRoot()
      guard length > Self.longestStretch * (radii[bond.first] + radii[bond.second]) else {
        continue
      }
      throw InputError(
        "expected the bonds of \(entry.place.file):\(entry.place.line), which has the same atoms, "
          + "found its bond of atoms \(bond.first + 1) and \(bond.second + 1) "
          + "\((length * 100).rounded() / 100) Å long",
        remedy: "tell the molecules apart by --types COLUMN, or say --bonds FILE")
    }
  }
}

extension Cell {
  /// The shortest image of a separation, Å.
  fileprivate func shortened(_ separation: SIMD3<Double>) -> SIMD3<Double> {
    if isIsolated { return separation }
    let repeating = zip(vectors, isPeriodic).filter(\.1).map(\.0)
    func square(_ v: SIMD3<Double>) -> Double { (v * v).sum() }
    var shortest = separation
    // Whole steps along one vector after the other, then any neighbour that is shorter.
    for _ in 0..<Self.mostRounds {
      let before = square(shortest)
      for vector in repeating {
        shortest -= ((shortest * vector).sum() / square(vector)).rounded() * vector
      }
      var images = [shortest]
      for vector in repeating { images += images.flatMap { [$0 + vector, $0 - vector] } }
      shortest = images.min { square($0) < square($1) } ?? shortest
      if square(shortest) >= before { break }
    }
    return shortest
  }

  private static let mostRounds = 20
}
