import Testing

@testable import AtomicData

struct BondedMoleculesTests {
  private static func open(
    _ text: String, pairs: PairSelection? = nil, types: String? = nil
  ) async throws -> (Dataset, [Frame]) {
    try await TestFiles.withFile(text) { path in
      let dataset = try await Dataset.open(
        [DataSource(path: path)],
        options: ReadingOptions(typesColumn: types, pairs: pairs, validationFraction: 0))
      return (dataset, try dataset.allFrames())
    }
  }

  private static func water(_ offset: Double, stretch: Double = 0.96) -> String {
    "O \(offset) 0 0 ow 0 0 0\nH \(offset) \(stretch) 0 hw 0 0 0\nH \(offset) 0 0.96 hw 0 0 0\n"
  }

  private static func frame(_ atoms: String, keys: String = "") -> String {
    let count = atoms.split(separator: "\n").count
    return "\(count)\nProperties=species:S:1:pos:R:3:kind:S:1:forces:R:3 \(keys)\n" + atoms
  }

  @Test("atoms that bonds connect are a molecule, whatever the types are called")
  func waters() async throws {
    let text = Self.frame(Self.water(0) + Self.water(2.8, stretch: 1.25))
    for types in [nil, "kind"] {
      let (dataset, frames) = try await Self.open(text, types: types)
      #expect(frames[0].molecules == [0, 0, 0, 1, 1, 1])
      #expect(dataset.pairSelection == .inter && dataset.hasBondedMolecules)
      #expect(dataset.moleculeCompositions == [[2, 1]])
    }
    let (all, frames) = try await Self.open(text, pairs: .all)
    #expect(!all.hasBondedMolecules && frames[0].molecules == nil)
    #expect(all.moleculeCompositions.isEmpty)
  }

  @Test("a molecule column wins over bonds, also after frames without one")
  func columns() async throws {
    let text =
      Self.frame("H 0 0 0 h 0 0 0\nH 0 0 0.7 h 0 0 0\n")
      + "2\nProperties=species:S:1:pos:R:3:kind:S:1:forces:R:3:mol_id:I:1\n"
      + "O 0 0 0 o 0 0 0 1\nH 0 0 0.7 h 0 0 0 2\n"
    let (_, frames) = try await Self.open(text)
    #expect(frames.map(\.molecules) == [[0, 0], [0, 1]])
  }

  @Test("bonds reach across periodic boundaries")
  func periodic() async throws {
    let atoms = "O 0.1 1 1 o 0 0 0\nH 7.3 1 1 h 0 0 0\nH 0.1 1.9 1 h 0 0 0\n"
    let (_, apart) = try await Self.open(Self.frame(atoms))
    #expect(apart[0].molecules == [0, 1, 0])
    let (_, together) = try await Self.open(
      Self.frame(atoms, keys: "Lattice=\"8 0 0 0 8 0 0 0 8\""))
    #expect(together[0].molecules == [0, 0, 0])
  }

  @Test("frames of one composition whose bonds differ stop with a way out")
  func differing() async throws {
    let text =
      Self.frame(Self.water(0) + Self.water(2.8))
      + Self.frame(Self.water(0) + Self.water(2.8, stretch: 1.9))
    let error = await #expect(throws: InputError.self) { try await Self.open(text) }
    let message = error?.description ?? ""
    #expect(message.contains(":9: expected the molecules that"), "\(message)")
    #expect(message.hasSuffix("say --molecule-size N, or --pairs all"), "\(message)")
    let (dataset, _) = try await Self.open(text, pairs: .all)
    #expect(dataset.pairSelection == .all)
  }

  @Test("ions do not bond to the water around them")
  func ions() async throws {
    let (dataset, frames) = try await Self.open(
      Self.frame(Self.water(0) + "Na 2.3 0 0 na 0 0 0\n"))
    #expect(frames[0].molecules == [0, 0, 0, 1] && dataset.pairSelection == .inter)
    #expect(dataset.moleculeCompositions == [[0, 1, 0], [2, 0, 1]])
  }

  @Test("noble gases do not bond, and an unknown element leaves molecules unknown")
  func others() async throws {
    let (argon, frames) = try await Self.open(
      Self.frame("Ar 0 0 0 a 0 0 0\nAr 0 0 1.5 a 0 0 0\n"))
    #expect(frames[0].molecules == [0, 1] && argon.pairSelection == .all)
    let (beads, unknown) = try await Self.open(
      Self.frame("W 0 0 0 a 0 0 0\nBead 0 0 1.5 a 0 0 0\n"))
    #expect(unknown[0].molecules == nil && beads.pairSelection == .all)
    #expect(!beads.knowsMolecules)
  }

  @Test("time and memory do not grow with the empty space around few atoms")
  func sparse() {
    // A row of fifteen hydrogen molecules.
    let positions = (0..<30).map { atom -> SIMD3<Double> in
      let (molecule, end) = (Double(atom / 2), Double(atom % 2))
      return SIMD3(0.9e9 * molecule, 0.5 * end, 0)
    }
    let cells = [
      Cell.isolated,
      Cell(
        vectors: [SIMD3(2e10, 0, 0), SIMD3(0, 2e10, 0), SIMD3(0, 0, 2e10)],
        isPeriodic: [true, true, true]),
      Cell(
        vectors: [SIMD3(1e60, 0, 0), SIMD3(0, 1e60, 0), SIMD3(0, 0, 1e60)],
        isPeriodic: [true, true, true]),
    ]
    for cell in cells {
      let found = BondedMolecules.numbers(
        positions: positions, radii: Array(repeating: 0.31, count: 30), cell: cell)
      #expect(found == (0..<30).map { $0 / 2 })
    }
  }

  @Test("boxes find what all pairs and images find", arguments: 0..<30)
  func boxes(seed: Int) {
    var random = RandomStream(seed: UInt64(seed), purpose: 0xB0D)
    let count = 3 + random.nextInt(below: 120)
    let edge = 4 + 8 * random.nextUnit()
    func vector(_ scale: Double) -> SIMD3<Double> {
      scale * SIMD3(random.nextUnit(), random.nextUnit(), random.nextUnit())
    }
    let isPeriodic = (0..<3).map { (seed >> $0) & 1 == 1 }
    let axes = [SIMD3<Double>(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
    let vectors = axes.map { edge * $0 + vector(0.3 * edge) }
    let cell =
      isPeriodic.contains(true) ? Cell(vectors: vectors, isPeriodic: isPeriodic) : .isolated
    let positions = (0..<count).map { _ in vector(edge * 1.2) }
    let radii = (0..<count).map { _ in [0, 0.31, 0.66][random.nextInt(below: 3)] }
    let found = BondedMolecules.numbers(positions: positions, radii: radii, cell: cell)
    // Labels spread along bonds until nothing changes.
    var labels = Array(0..<count)
    var hasChanged = true
    func areBonded(_ i: Int, _ j: Int) -> Bool {
      // What has no radius has no bonds.
      guard radii[i] > 0, radii[j] > 0 else { return false }
      let bond = BondedMolecules.stretch * (radii[i] + radii[j])
      let reach = isPeriodic.map { $0 ? 3 : 0 }
      for a in -reach[0]...reach[0] {
        for b in -reach[1]...reach[1] {
          for c in -reach[2]...reach[2] {
            let image =
              positions[j] + Double(a) * vectors[0] + Double(b) * vectors[1]
              + Double(c) * vectors[2]
            let separation = positions[i] - image
            if (separation * separation).sum() < bond * bond { return true }
          }
        }
      }
      return false
    }
    let bonds = (0..<count).flatMap { i in (0..<i).filter { areBonded(i, $0) }.map { (i, $0) } }
    while hasChanged {
      hasChanged = false
      for (i, j) in bonds where labels[i] != labels[j] {
        let label = min(labels[i], labels[j])
        (labels[i], labels[j]) = (label, label)
        hasChanged = true
      }
    }
    var numbers: [Int: Int] = [:]
    let expected = labels.map { label -> Int in
      let number = numbers[label] ?? numbers.count
      numbers[label] = number
      return number
    }
    #expect(found == expected, "seed \(seed)")
  }

  @Test(
    "the mild dimers of H2O-13 fall into two waters, the extreme ones stop with a way out",
    .enabled(
      if: TestFiles.hasSharedData([SharedDataTests.quantum, SharedDataTests.amoeba])))
  func extremes() async throws {
    func source(_ file: String, _ forces: String) throws -> DataSource {
      DataSource(path: TestFiles.sharedData(file), forces: try ColumnExpression(forces))
    }
    let mild = try await Dataset.open(
      [source(SharedDataTests.amoeba, "force-mono1_force-mono2_force")], threads: 2)
    #expect(mild.pairSelection == .inter && mild.moleculeCompositions == [[2, 1]])
    #expect(try mild.allFrames().allSatisfy { $0.molecules == [0, 0, 0, 1, 1, 1] })
    // At 4000 K bonds reach 1.77 Å and protons of other molecules come as close as 1.12 Å.
    let error = await #expect(throws: InputError.self) {
      try await Dataset.open([source(SharedDataTests.quantum, "fmp2_2body")])
    }
    #expect(error?.description.contains("say --molecule-size N, or --pairs all") == true)
  }

  @Test("the bonds of the water dimers are those their column says")
  func dimers() async throws {
    let path = TestFiles.repository.appending(path: "Datasets/water-dimer/water-dimer.extxyz").path
    let dataset = try await Dataset.open([DataSource(path: path)], threads: 2)
    let radii = dataset.pairTypes.typeNames.map { $0 == "O" ? 0.66 : 0.31 }
    let frames = try dataset.allFrames()
    let misses = frames.filter { frame in
      BondedMolecules.numbers(
        positions: frame.positions, radii: frame.types.map { radii[$0] }, cell: frame.cell)
        != frame.molecules
    }
    #expect(misses.isEmpty && frames.count == 10_000)
  }
}
