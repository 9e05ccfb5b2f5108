import AtomicData
import Testing

struct CellTests {
  private static func cell(_ keys: String) async throws -> Cell {
    let text = "1\nProperties=species:S:1:pos:R:3:forces:R:3 \(keys)\nH 0 0 0 1 2 3\n"
    return try await TestFiles.withFile(text) { path in
      let dataset = try await Dataset.open([DataSource(path: path)])
      return try #require(try dataset.allFrames().first).cell
    }
  }

  @Test(
    "directions that do not repeat may have no vector",
    arguments: [
      ("Lattice=\"5 0 0 0 6 0 0 0 0\" pbc=\"T T F\"", [true, true, false]),
      ("Lattice=\"0 0 0 1 6 0 0 1 7\" pbc=\"F T T\"", [false, true, true]),
      ("Lattice=\"0 0 0 1 6 2 0 0 0\" pbc=\"F T F\"", [false, true, false]),
    ])
  func completedCell(keys: String, isPeriodic: [Bool]) async throws {
    let cell = try await Self.cell(keys)
    #expect(cell.isPeriodic == isPeriodic)
    for (first, vector) in cell.vectors.enumerated() where !isPeriodic[first] {
      #expect(abs((vector * vector).sum() - 1) < 1e-12)
      for (second, other) in cell.vectors.enumerated() where second != first {
        #expect(abs((vector * other).sum()) < 1e-12)
      }
    }
  }

  @Test(
    "a structure that repeats nowhere needs no cell",
    arguments: ["", "pbc=\"F F F\"", "pbc=F", "Lattice=\"0 0 0 0 0 0 0 0 0\" pbc=\"F F F\""])
  func isolated(keys: String) async throws {
    #expect(try await Self.cell(keys) == .isolated)
  }

  @Test("Lattice without pbc repeats in all directions, its vectors in a row")
  func periodic() async throws {
    let cell = try await Self.cell("Lattice=\"5 0 0 1 6 0 -1 2 7\"")
    #expect(cell.vectors == [SIMD3(5, 0, 0), SIMD3(1, 6, 0), SIMD3(-1, 2, 7)])
    #expect(cell.isPeriodic == [true, true, true])
  }
}
