import AtomicData

/// Random frames for property tests; a failing test prints the seed.
struct RandomFrames {
  private var random: RandomStream

  init(seed: UInt64) { random = RandomStream(seed: seed, purpose: 0xF4) }

  mutating func unit() -> Double { random.nextUnit() }

  mutating func vector(_ scale: Double) -> SIMD3<Double> {
    SIMD3(unit() - 0.5, unit() - 0.5, unit() - 0.5) * (2 * scale)
  }

  /// Atoms in a box of edge `edge`, no two closer than 0.8 Å, two types, molecules of two atoms.
  mutating func isolated(atoms: Int, edge: Double) -> Frame {
    var positions: [SIMD3<Double>] = []
    while positions.count < atoms {
      let position = vector(edge / 2)
      let isFree = positions.allSatisfy { (($0 - position) * ($0 - position)).sum() > 0.64 }
      if isFree { positions.append(position) }
    }
    return Frame(
      positions: positions, forces: positions.map { _ in vector(1) },
      types: positions.indices.map { $0 % 3 == 0 ? 1 : 0 },
      molecules: positions.indices.map { $0 / 2 },
      part: .training(fold: random.nextInt(below: DataPart.foldCount)))
  }

  /// The same in a random cell, of edges about `edge` and any angles, that repeats as told.
  mutating func periodic(atoms: Int, edge: Double, isPeriodic: [Bool]) -> Frame {
    var frame = isolated(atoms: atoms, edge: edge)
    let axes = [SIMD3<Double>(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
    let vectors = axes.map { edge * (0.7 + 0.6 * unit()) * $0 + vector(0.3 * edge) }
    frame.cell = Cell(
      vectors: zip(vectors, isPeriodic).map { $1 ? $0 : .zero }, isPeriodic: isPeriodic)
    return frame
  }

  /// Bonds between any atoms, wherever they are: some chains, branches and rings, and atoms without.
  mutating func bonds(atoms: Int, reach: Int) -> BondTopology {
    var bonds: [BondTopology.Bond] = []
    for atom in 1..<atoms where unit() < 0.8 {
      bonds.append(.init(atom, random.nextInt(below: min(atom, 4)) + max(0, atom - 4)))
    }
    if unit() < 0.5 { bonds.append(.init(0, atoms - 1)) }
    return BondTopology(atomCount: atoms, bonds: bonds, reach: reach)
  }

  mutating func dataset(frames: Int, atoms: Int, edge: Double) -> InMemoryFrames {
    InMemoryFrames(
      pairTypes: PairTypes(typeNames: ["A", "B"]), pairSelection: .inter,
      frames: (0..<frames).map { _ in
        var frame = isolated(atoms: atoms, edge: edge)
        frame.weight = 0.5 + unit()
        return frame
      })
  }
}
