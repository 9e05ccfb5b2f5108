import Foundation
import Testing

@testable import AtomicData

struct BondTopologyTests {
  private static func open(
    _ text: String, bonds: String? = nil, range: BondRange = BondRange(1, through: 2),
    threads: Int = 1, configure: (inout ReadingOptions) -> Void = { _ in }
  ) async throws -> (Dataset, [Frame]) {
    try await TestFiles.withFile(text) { path in
      try await TestFiles.withFile(bonds ?? "") { file in
        var options = ReadingOptions(pairs: .bonds(range), validationFraction: 0)
        if bonds != nil { options.bondsFile = file }
        configure(&options)
        let dataset = try await Dataset.open(
          [DataSource(path: path)], options: options, threads: threads)
        return (dataset, try dataset.allFrames())
      }
    }
  }

  private static func frame(_ atoms: [(String, Double, Double)], keys: String = "") -> String {
    "\(atoms.count)\nProperties=species:S:1:pos:R:3:forces:R:3 \(keys)\n"
      + atoms.map { "\($0.0) \($0.1) \($0.2) 0 0 0 1\n" }.joined()
  }

  /// H–O–O–H along a zigzag.
  private static func peroxide(stretch: Double = 1) -> String {
    frame([("H", 0, 0.9 * stretch), ("O", 0, 0), ("O", 1.4, 0), ("H", 1.4, -0.9)])
  }

  @Test("counts bonds as a search through the graph does", arguments: 0..<20 as Range<UInt64>)
  func counts(seed: UInt64) {
    var random = RandomStream(seed: seed)
    let atomCount = 4 + random.nextInt(below: 20)
    let bonds = (0..<atomCount).map { _ in
      BondTopology.Bond(random.nextInt(below: atomCount), random.nextInt(below: atomCount))
    }
    let far = 1_000
    var distances = (0..<atomCount).map { a in (0..<atomCount).map { a == $0 ? 0 : far } }
    for bond in bonds where bond.first != bond.second {
      distances[bond.first][bond.second] = 1
      distances[bond.second][bond.first] = 1
    }
    for k in 0..<atomCount {
      for i in 0..<atomCount {
        for j in 0..<atomCount {
          distances[i][j] = min(distances[i][j], distances[i][k] + distances[k][j])
        }
      }
    }
    for reach in [0, 1, 3, 15] {
      let topology = BondTopology(atomCount: atomCount, bonds: bonds, reach: reach)
      for i in 0..<atomCount {
        for j in 0..<atomCount {
          let expected = (1...max(1, reach)).contains(distances[i][j]) && reach > 0
          #expect(
            topology.bondCount(i, j) == (expected ? distances[i][j] : nil),
            "seed \(seed), \(i) \(j)")
          #expect((topology.molecules[i] == topology.molecules[j]) == (distances[i][j] < far))
        }
      }
    }
  }

  @Test("bonds follow from covalent radii, by periodic images too")
  func radii() async throws {
    let (dataset, frames) = try await Self.open(Self.peroxide())
    let bonds = try #require(frames[0].bonds)
    #expect(bonds.bonds == [.init(0, 1), .init(1, 2), .init(2, 3)])
    #expect(bonds.bondCount(0, 2) == 2 && bonds.bondCount(0, 3) == nil && bonds.reach == 2)
    #expect(frames[0].molecules == [0, 0, 0, 0] && dataset.hasBondedMolecules)
    #expect(dataset.moleculeCompositions == [[2, 2]])
    let (_, periodic) = try await Self.open(
      Self.frame([("O", 0.2, 0), ("O", 6.8, 0)], keys: "Lattice=\"8 0 0 0 8 0 0 0 8\""))
    #expect(periodic[0].bonds?.bonds == [.init(0, 1)])
  }

  @Test("the first frame's bonds hold for all frames with the same atoms", arguments: [1, 4])
  func noise(threads: Int) async throws {
    // 200 frames are several blocks; a hot bond is longer than any that counts.
    let hot = Self.peroxide(stretch: 1.8)
    let other = Self.frame([("O", 0, 0), ("O", 1.4, 0)])
    let text =
      Self.peroxide() + other
      + (0..<200).map { $0 % 3 == 0 ? hot : Self.peroxide() }.joined()
    let (_, frames) = try await Self.open(text, threads: threads)
    let first = try #require(frames[0].bonds)
    #expect(first.bonds.count == 3)
    #expect(frames[2...].allSatisfy { $0.bonds === first && $0.molecules == [0, 0, 0, 0] })
    #expect(frames[1].bonds?.bonds == [.init(0, 1)])
    let (_, reversed) = try await Self.open(
      (0..<70).map { _ in hot }.joined() + text, threads: threads)
    #expect(reversed.filter { $0.types.count == 4 }.allSatisfy { $0.bonds?.bonds.count == 2 })
  }

  @Test("a bond that another frame does not have at all is another molecule: an error")
  func isomers() async throws {
    let isomer = Self.frame([("H", 0, 9), ("O", 0, 0), ("O", 1.4, 0), ("H", 0, -0.9)])
    let error = await #expect(throws: InputError.self) {
      try await Self.open(Self.peroxide() + isomer)
    }
    #expect(error?.line == 7)
    #expect(
      error?.message.contains(
        ":1, which has the same atoms, found its bond of atoms 1 and 2 9.0 Å long") == true)
    #expect(
      error?.remedy == "tell the molecules apart by --types COLUMN, or say --bonds FILE")
  }

  @Test("known molecules are not bonded to each other")
  func molecules() async throws {
    let (_, frames) = try await Self.open(Self.peroxide()) { $0.moleculeSize = 2 }
    #expect(frames[0].bonds?.bonds == [.init(0, 1), .init(2, 3)])
    #expect(frames[0].molecules == [0, 0, 1, 1])
  }

  @Test("a file of bonds holds for every frame, whatever the elements")
  func file() async throws {
    let text = Self.frame([("A", 0, 0), ("B", 5, 0), ("A", 9, 0)]) + Self.peroxide()
    let (dataset, frames) = try await Self.open(
      text, bonds: "# a chain\n1 2\n\n3 2 # back\r\n2 1\n")
    #expect(dataset.bondsOfFile == [.init(0, 1), .init(1, 2)])
    #expect(frames.allSatisfy { $0.bonds?.bonds == [.init(0, 1), .init(1, 2)] })
    #expect(frames.map(\.molecules) == [[0, 0, 0], [0, 0, 0, 1]])
  }

  @Test(
    "a file that holds no bonds is refused by line",
    arguments: [
      ("1 2\n3\n", "FILE:2: expected two numbers of atoms, found \"3\""),
      ("1 2 3\n", "FILE:1: expected two numbers of atoms, found \"1 2 3\""),
      ("# C H\nC H\n", "FILE:2: expected two numbers of atoms, found \"C H\""),
      ("0 1\n", "FILE:1: expected two numbers of atoms, found \"0 1\""),
      ("1 -2\n", "FILE:1: expected two numbers of atoms, found \"1 -2\""),
      ("1 99999999999999999999\n", "FILE:1: expected two numbers of atoms, found"),
      ("1 2\n2 2\n", "FILE:2: expected two different atoms, found 2 twice"),
      ("# none\n", "FILE: expected a bond, found none"),
      ("", "FILE: expected a bond, found none"),
    ])
  func malformed(text: String, message: String) async throws {
    try await TestFiles.withFile(text) { path in
      let error = #expect(throws: InputError.self) { try BondsFile(path: path) }
      let expected = message.replacingOccurrences(of: "FILE", with: path)
      #expect(error?.description.hasPrefix(expected) == true, "\(String(describing: error))")
      #expect(error?.remedy.isEmpty == false)
    }
  }

  @Test("a frame with too few atoms for the bonds is refused")
  func tooFewAtoms() async throws {
    let error = await #expect(throws: InputError.self) {
      try await Self.open(
        Self.peroxide() + Self.frame([("O", 0, 0), ("O", 1.4, 0)]), bonds: "1 2\n2 4\n")
    }
    #expect(error?.line == 7)
    #expect(error?.message.hasPrefix("expected at least 4 atoms, as ") == true)
    #expect(error?.message.hasSuffix(":2 has a bond of, found 2") == true)
  }

  @Test("bonds need elements, or a file")
  func noElements() async throws {
    let error = await #expect(throws: InputError.self) {
      try await Self.open(Self.frame([("A", 0, 0), ("B", 5, 0)]))
    }
    #expect(error?.remedy == "say --bonds FILE")
    await #expect(throws: InputError.self) {
      try await Self.open(Self.peroxide(), bonds: "1 2\n") { $0.pairs = .all }
    }
    await #expect(throws: InputError.self) {
      try await Self.open(Self.peroxide()) { $0.bondsFile = "/nowhere/bonds" }
    }
  }
}
