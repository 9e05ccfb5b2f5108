import AtomicData
import Testing

/// The data beside the repository, against figures computed by other means (its README).
struct SharedDataTests {
  static let quantum =
    "h2o-13/water_conf_0.02_dimer_dft_samples_4000K_Roo_lt_4.5A_MP2_AVTZ_2041-4080.xyz"
  static let amoeba = "h2o-13/water_dimers_amoeba_bulk300K_1000_4.5_lt_Roo_lt_6.0_MP2_AVTZ.xyz"
  static let waterDimer = "water-dimer/water-dimer.extxyz"
  static let argon = "argon/Ar_dft_short.extxyz"
  static let alanine = "alanine-dipeptide/alanine-mean.extxyz"

  @Test(
    "H2O-13 as distributed has the known root mean square forces",
    .enabled(if: TestFiles.hasSharedData([quantum, amoeba])),
    arguments: [([quantum], 0.208368), ([amoeba], 0.015399), ([quantum, amoeba], 0.170919)])
  func h2o13(files: [String], expected: Double) async throws {
    let keys = [Self.quantum: "fmp2_2body", Self.amoeba: "force-mono1_force-mono2_force"]
    let sources = try files.map {
      try DataSource(parsing: TestFiles.sharedData($0) + ":forces=" + (keys[$0] ?? ""))
    }
    let dataset = try await Dataset.open(
      sources, options: ReadingOptions(moleculeSize: 3), threads: 2)
    #expect(abs(dataset.meanSquareForce.squareRoot() - expected) < 1e-6)
    #expect(dataset.pairSelection == .inter)
    #expect(dataset.pairTypes.typeNames == ["H", "O"])
    #expect(dataset.atomCount == 6 * dataset.frameCount)
  }

  @Test(
    "H2O-13's three force columns are two too many", .enabled(if: TestFiles.hasSharedData([amoeba]))
  )
  func ambiguousForces() async throws {
    let path = TestFiles.sharedData(Self.amoeba)
    let error = await #expect(throws: InputError.self) {
      try await Dataset.open([DataSource(path: path)])
    }
    #expect(
      error?.description
        == "\(path):2: expected one column of forces, found force, mono1_force and "
        + "mono2_force; choose with --forces-key NAME or FILE:forces=NAME")
  }

  @Test(
    "the other sets are read as their README describes them",
    .enabled(if: TestFiles.hasSharedData([waterDimer, argon, alanine])),
    arguments: [
      Expected(
        file: waterDimer, frames: 10_000, atoms: 60_000, types: ["H", "O"], pairs: .inter,
        rootMeanSquare: 0.118083, tolerance: 1e-6),
      // Summed by a few lines of Python.
      Expected(
        file: argon, frames: 500, atoms: 54_000, types: ["Ar"], pairs: .all,
        rootMeanSquare: 0.05060480, tolerance: 1e-8),
      Expected(
        file: alanine, frames: 576, atoms: 12_672, types: ["C", "H", "N", "O"], pairs: .all),
    ])
  func otherSets(_ expected: Expected) async throws {
    let path = TestFiles.sharedData(expected.file)
    let dataset = try await Dataset.open([DataSource(path: path)], threads: 2)
    #expect(dataset.frameCount == expected.frames)
    #expect(dataset.atomCount == expected.atoms)
    #expect(dataset.pairTypes.typeNames == expected.types)
    #expect(dataset.pairSelection == expected.pairs)
    if let rootMeanSquare = expected.rootMeanSquare {
      #expect(abs(dataset.meanSquareForce.squareRoot() - rootMeanSquare) < expected.tolerance)
    }
  }

  struct Expected: CustomTestStringConvertible {
    let file: String
    let frames: Int
    let atoms: Int
    let types: [String]
    let pairs: PairSelection
    /// eV/Å; nil where the README gives none.
    var rootMeanSquare: Double?
    var tolerance = 0.0
    var testDescription: String { file }
  }
}
