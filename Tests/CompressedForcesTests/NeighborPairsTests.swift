import AtomicData
import CompressedForces
import Testing

@Suite struct NeighborPairsTests {
  private static let pairTypes = PairTypes(typeNames: ["A", "B"])

  /// All pairs by trying every image, as sorted lines of atom, pair type and geometry.
  private static func bruteForce(
    _ frame: Frame, cutoff: Double, selection: PairSelection
  ) -> [[Double]] {
    var found: [[Double]] = []
    let reach = frame.cell.isPeriodic.map { $0 ? 12 : 0 }
    for (i, position) in frame.positions.enumerated() {
      for (j, other) in frame.positions.enumerated() where i != j {
        if selection == .inter && frame.molecules?[i] == frame.molecules?[j] { continue }
        var nearest = Double.infinity
        var images: [(distance: Double, line: [Double])] = []
        for a in -reach[0]...reach[0] {
          for b in -reach[1]...reach[1] {
            for c in -reach[2]...reach[2] {
              let shift =
                Double(a) * frame.cell.vectors[0] + Double(b) * frame.cell.vectors[1]
                + Double(c) * frame.cell.vectors[2]
              let separation = position - other - shift
              let distance = (separation * separation).sum().squareRoot()
              nearest = min(nearest, distance)
              guard distance <= cutoff else { continue }
              let direction = separation / distance
              let pairType = pairTypes.index(frame.types[i], frame.types[j])
              images.append(
                (
                  distance,
                  [Double(i), Double(j), Double(pairType), distance]
                    + [direction.x, direction.y, direction.z]
                ))
            }
          }
        }
        found += images.filter { image in
          guard case .bonds(let range) = selection, let bonds = frame.bonds else { return true }
          let isNearest = image.distance < nearest * (1 + 1e-9)
          return range.contains(isNearest ? Self.bondCount(bonds, i, j) : nil)
        }.map(\.line)
      }
    }
    return found.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// Bonds between two atoms by breadth-first search over the list of bonds; nil where none connect them.
  private static func bondCount(_ topology: BondTopology, _ i: Int, _ j: Int) -> Int? {
    var (reached, count) = (Set([i]), 0)
    while !reached.contains(j) {
      let next = topology.bonds.filter {
        reached.contains($0.first) != reached.contains($0.second)
      }
      if next.isEmpty { return nil }
      for bond in next { reached.formUnion([bond.first, bond.second]) }
      count += 1
    }
    return count
  }

  private static func search(
    _ frame: Frame, cutoff: Double, selection: PairSelection
  ) throws -> [[Double]] {
    let pairs = try PairSearch(pairTypes: pairTypes, selection: selection, cutoff: cutoff)
      .pairs(in: frame)
    var neighbors: [Neighbor] = []
    return try (0..<pairs.atomCount).flatMap { atom in
      try pairs.findNeighbors(of: atom, into: &neighbors)
      return neighbors.map { neighbor in
        [Double(atom), Double(neighbor.atom), Double(neighbor.pairType), neighbor.distance]
          + [neighbor.direction.x, neighbor.direction.y, neighbor.direction.z]
      }
    }.sorted { $0.lexicographicallyPrecedes($1) }
  }

  @Test(
    "finds what trying every image finds, in cells of any shape and periodicity",
    arguments: 0..<24)
  func agreesWithBruteForce(seed: Int) throws {
    var frames = RandomFrames(seed: UInt64(seed))
    let isPeriodic = (0..<3).map { (seed >> $0) & 1 == 1 }
    // Cutoffs below, about and above the cell: images of images count.
    let cutoff = [2.0, 4.5, 7.5][seed % 3]
    let frame = frames.periodic(atoms: 4, edge: 4.5, isPeriodic: isPeriodic)
    for selection in [PairSelection.inter, .all] {
      let expected = Self.bruteForce(frame, cutoff: cutoff, selection: selection)
      let found = try Self.search(frame, cutoff: cutoff, selection: selection)
      try #require(found.count == expected.count, "seed \(seed), \(selection)")
      // Sorted by distance within a pair: equal distances may swap, so compare sums too.
      for (a, b) in zip(found, expected) {
        #expect(a[0...2] == b[0...2] && abs(a[3] - b[3]) < 1e-11, "seed \(seed), \(selection)")
      }
      for column in 4..<7 {
        let difference = zip(found, expected).reduce(0) {
          $0 + $1.0[column] * $1.0[3] - $1.1[column] * $1.1[3]
        }
        #expect(abs(difference) < 1e-8, "seed \(seed), \(selection)")
      }
    }
  }

  static let ranges = [
    BondRange(1, through: 1), BondRange(1, through: 2), BondRange(2, through: 3),
    BondRange(3, through: nil), BondRange(4, through: nil), BondRange(1, through: nil),
  ]

  @Test(
    "pairs by bonds are those that graph distances tell, in frames with and without images",
    arguments: 0..<24)
  func bonds(seed: Int) throws {
    var frames = RandomFrames(seed: UInt64(seed))
    let isPeriodic = (0..<3).map { (seed >> $0) & 1 == 1 }
    let cutoff = [2.5, 4.5, 7.5][seed % 3]
    var frame = frames.periodic(atoms: 7, edge: 6, isPeriodic: isPeriodic)
    for range in Self.ranges {
      frame.bonds = frames.bonds(atoms: 7, reach: PairSelection.bonds(range).bondReach ?? 0)
      try Self.compare(frame, cutoff: cutoff, selection: .bonds(range), "seed \(seed), \(range)")
    }
  }

  @Test("pairs by bonds are those that graph distances tell, in large and small isolated frames")
  func bondsOfIsolatedFrames() throws {
    var frames = RandomFrames(seed: 8)
    for (atoms, edge) in [(20, 6.0), (150, 14)] {
      var frame = frames.isolated(atoms: atoms, edge: edge)
      for range in Self.ranges {
        frame.bonds = frames.bonds(atoms: atoms, reach: PairSelection.bonds(range).bondReach ?? 0)
        try Self.compare(frame, cutoff: 4, selection: .bonds(range), "\(atoms), \(range)")
      }
    }
  }

  private static func compare(
    _ frame: Frame, cutoff: Double, selection: PairSelection, _ name: String
  ) throws {
    let expected = bruteForce(frame, cutoff: cutoff, selection: selection)
    let found = try search(frame, cutoff: cutoff, selection: selection)
    try #require(found.count == expected.count, "\(name)")
    for (a, b) in zip(found, expected) {
      #expect(a[0...2] == b[0...2] && abs(a[3] - b[3]) < 1e-11, "\(name)")
    }
  }

  @Test("two equally near images of a bonded atom are both bonded; its own images are far")
  func images() throws {
    let cell = Cell(
      vectors: [SIMD3(4, 0, 0), SIMD3(0, 9, 0), SIMD3(0, 0, 9)], isPeriodic: [true, true, true])
    let frame = Frame(
      positions: [SIMD3(0, 1, 1), SIMD3(2, 1, 1)], forces: [.zero, .zero], types: [0, 1],
      bonds: BondTopology(atomCount: 2, bonds: [.init(0, 1)], reach: 1), cell: cell)
    let near = try Self.search(frame, cutoff: 3, selection: .bonds(BondRange(1, through: 1)))
    #expect(near.count == 4)
    let far = try Self.search(frame, cutoff: 7, selection: .bonds(BondRange(2, through: nil)))
    #expect(far.count == 4 && far.allSatisfy { abs($0[3] - 6) < 1e-12 })
    #expect(throws: InputError.self) {
      var bare = frame
      bare.bonds = nil
      _ = try Self.search(bare, cutoff: 3, selection: .bonds(BondRange(1, through: 1)))
    }
    // Counted to one bond alone.
    #expect(throws: InputError.self) {
      _ = try Self.search(frame, cutoff: 3, selection: .bonds(BondRange(1, through: 2)))
    }
  }

  @Test("finds what trying every pair finds in a large isolated frame")
  func largeIsolatedFrame() throws {
    var frames = RandomFrames(seed: 7)
    let frame = frames.isolated(atoms: 150, edge: 14)
    let expected = Self.bruteForce(frame, cutoff: 3, selection: .all)
    let found = try Self.search(frame, cutoff: 3, selection: .all)
    #expect(found.count == expected.count && !found.isEmpty)
    for (a, b) in zip(found, expected) { #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-10 }) }
  }

  @Test("does not care in which image of the cell an atom is written")
  func wrapping() throws {
    var frames = RandomFrames(seed: 11)
    let frame = frames.periodic(atoms: 6, edge: 6, isPeriodic: [true, true, true])
    var moved = frame
    for atom in moved.positions.indices {
      moved.positions[atom] += Double(atom * 3 - 7) * frame.cell.vectors[atom % 3]
    }
    let before = try Self.search(frame, cutoff: 5, selection: .all)
    let after = try Self.search(moved, cutoff: 5, selection: .all)
    try #require(before.count == after.count)
    for (a, b) in zip(before, after) { #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-10 }) }
  }

  @Test("counts each pair once from the atom with the lower number")
  func half() throws {
    var frames = RandomFrames(seed: 3)
    let frame = frames.periodic(atoms: 8, edge: 5, isPeriodic: [true, false, true])
    let pairs = try PairSearch(pairTypes: Self.pairTypes, selection: .all, cutoff: 6)
      .pairs(in: frame)
    var (full, half) = (0, 0)
    var neighbors: [Neighbor] = []
    for atom in 0..<pairs.atomCount {
      try pairs.findNeighbors(of: atom, into: &neighbors)
      full += neighbors.count
      try pairs.findNeighbors(of: atom, from: atom + 1, into: &neighbors)
      half += neighbors.count
    }
    #expect(full == 2 * half && half > 0)
  }

  @Test("refuses two interacting atoms at the same place, and accepts bonded ones")
  func sharedPlace() throws {
    var frame = Frame(
      positions: [.zero, .zero], forces: [.zero, .zero], types: [0, 0], molecules: [0, 1])
    let search = PairSearch(pairTypes: Self.pairTypes, selection: .inter, cutoff: 5)
    var neighbors: [Neighbor] = []
    #expect(throws: InputError.self) {
      try search.pairs(in: frame).findNeighbors(of: 0, into: &neighbors)
    }
    frame.molecules = [0, 0]
    try search.pairs(in: frame).findNeighbors(of: 0, into: &neighbors)
    #expect(neighbors.isEmpty)
  }

  @Test(
    "refuses frames it cannot search",
    arguments: [
      Frame(positions: [.zero], forces: [.zero], types: [0]),
      Frame(positions: [SIMD3(.nan, 0, 0)], forces: [.zero], types: [0], molecules: [0]),
      Frame(
        positions: [.zero], forces: [.zero], types: [0], molecules: [0],
        cell: Cell(
          vectors: [SIMD3(1, 0, 0), SIMD3(2, 0, 0), SIMD3(0, 0, 1)],
          isPeriodic: [true, true, true])),
      Frame(
        positions: [.zero], forces: [.zero], types: [0], molecules: [0],
        cell: Cell(
          vectors: [SIMD3(0.01, 0, 0), SIMD3(0, 9, 0), SIMD3(0, 0, 9)],
          isPeriodic: [true, true, true])),
    ])
  func refusals(frame: Frame) {
    let search = PairSearch(pairTypes: Self.pairTypes, selection: .inter, cutoff: 5)
    #expect(throws: InputError.self) { try search.pairs(in: frame) }
  }
}
