import Foundation
import RunStorage
import Testing

@Suite("symreg evaluate, fit, floor and inspect", .serialized)
struct ScoringCommandTests {
  @Test("evaluate gives the figures of q-SPC/Fw on the water dimers")
  func publishedWater() async throws {
    // shared/data/README: by independent means, six digits.
    let references = [("none", 0.127848), ("shifted-force", 0.126463)]
    for (mode, reference) in references {
      let outcome = try await Executable.run(
        [
          "evaluate", WaterDimers.url.path(), "--potential", "q-spc/fw", "--json",
          "--cutoff-mode", mode,
        ], in: Folder())
      #expect(outcome.status == 0, "\(outcome.errors)")
      let document = try JSONDecoder().decode(
        FrontDocument.self, from: Data(outcome.output.utf8))
      let error = try #require(document.front.first?.directRMSE)
      #expect(abs(error - reference) < 1e-4 * reference)
    }
  }

  @Test("a known potential is evaluated without a cutoff treatment, an expression with the default")
  func defaultModes() async throws {
    let folder = try WaterDimers.folder(frames: 20)
    for (arguments, mode) in [
      (["--potential", "q-SPC/Fw"], "none"),
      (["--potential", "X/r", "--parameters", "X.O=-3; X.H=1.5"], "constraint"),
    ] {
      let outcome = try await Executable.run(
        ["evaluate", "water.extxyz", "--json"] + arguments, in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let document = try JSONDecoder().decode(
        FrontDocument.self, from: Data(outcome.output.utf8))
      #expect(document.cutoffMode == mode)
    }
  }

  @Test("given parameters override published ones")
  func overriding() async throws {
    let folder = try WaterDimers.folder(frames: 20)
    let outcome = try await Executable.run(
      [
        "evaluate", "water.extxyz", "--potential", "q-SPC/Fw", "--parameters", "X.O = -2.5",
        "--json",
      ], in: folder)
    let document = try JSONDecoder().decode(FrontDocument.self, from: Data(outcome.output.utf8))
    guard case .byName(let factors)? = document.front.first?.parameters["X"] else {
      Issue.record("no factors of X: \(outcome.errors)")
      return
    }
    #expect(factors["O"] == -2.5)
    #expect(abs((factors["H"] ?? 0) - 1.59377) < 1e-5)
  }

  @Test("pair and mean parameters are given by pair, in either order, and by type, and come back")
  func pairParameters() async throws {
    let folder = try WaterDimers.folder(frames: 20)
    let outcome = try await Executable.run(
      [
        "evaluate", "water.extxyz", "--potential", "A[]*exp(-S~*r)", "--parameters",
        "A.O-H=1; A.H-H=2; A.O-O=3; S.O=3; S.H=2", "--json",
      ], in: folder)
    let document = try JSONDecoder().decode(FrontDocument.self, from: Data(outcome.output.utf8))
    #expect(
      document.front.first?.parameters == [
        "A": .byName(["H-H": 2, "H-O": 1, "O-O": 3]), "S": .byName(["H": 2, "O": 3]),
      ], "\(outcome.errors)")
    #expect(outcome.errors.contains("half the sum"))
  }

  @Test(
    "a value for a pair that is missing or unknown is named",
    arguments: [
      ("A.H-H=2; A.O-O=3", "unknown pair H-O: expected a value of A for each pair of the data"),
      (
        "A.H-H=2; A.O-O=3; A.H-C=1",
        "unknown pair H-C: expected H-H, H-O or O-O in --parameters, found A.H-C"
      ),
    ])
  func badPairs(parameters: String, message: String) async throws {
    let outcome = try await Executable.run(
      [
        "evaluate", "water.extxyz", "--potential", "A[]/r", "--parameters", parameters,
      ], in: WaterDimers.folder(frames: 2))
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test(
    "--write-forces writes the potential's own forces and energies, which it then has no error to")
  func writtenForces() async throws {
    let folder = try WaterDimers.folder(frames: 20)
    let arguments = ["--potential", "q-SPC/Fw", "--cutoff-mode", "shifted-force", "--json"]
    let written = try await Executable.run(
      ["evaluate", "water.extxyz", "--write-forces", "forces.extxyz"] + arguments, in: folder)
    #expect(written.status == 0, "\(written.errors)")
    #expect(try folder.names == ["forces.extxyz", "water.extxyz"])
    let outcome = try await Executable.run(
      ["evaluate", "forces.extxyz", "--energy-weight", "1"] + arguments, in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let document = try JSONDecoder().decode(FrontDocument.self, from: Data(outcome.output.utf8))
    #expect(document.dataset.frames == 20 && document.dataset.rmsForce > 0.01)
    let entry = try #require(document.front.first)
    // Written with all digits: what is left is the rounding of sums.
    #expect(entry.directRMSE <= 1e-14)
    #expect(try #require(entry.targets?.first).directRMSE <= 1e-13)
    let text = try folder.text(of: "forces.extxyz")
    let again = try await Executable.run(
      ["evaluate", "water.extxyz", "--write-forces", "forces.extxyz"] + arguments, in: folder)
    #expect(again.status == 2)
    #expect(
      again.errors
        == "error: forces.extxyz: expected a new file for --write-forces, found that it exists; "
        + "choose another\n")
    #expect(try folder.text(of: "forces.extxyz") == text)
  }

  @Test("fit prints one entry; what is only met by U = 0 fails")
  func fit() async throws {
    let folder = try WaterDimers.folder()
    let good = try await Executable.run(
      ["fit", "water.extxyz", "--potential", "X/r", "--cutoff-mode", "shifted-force", "--json"],
      in: folder)
    #expect(good.status == 0, "\(good.errors)")
    let document = try JSONDecoder().decode(FrontDocument.self, from: Data(good.output.utf8))
    #expect(document.front.count == 1)
    let bad = try await Executable.run(["fit", "water.extxyz", "--potential", "X/r"], in: folder)
    #expect(bad.status == 1)
    #expect(
      bad.errors.hasSuffix("say --cutoff-mode shifted-force, or give the expression more freedom\n")
    )
  }

  @Test(
    "--json prints one object with the documented keys",
    arguments: [
      (["floor", "water.extxyz"], ["background", "cutoff", "dataset", "floor", "formatVersion"]),
      (
        ["inspect", "water.extxyz"],
        [
          "atoms", "atomsByType", "atomsPerFrame", "cutoff", "energyKeys", "files",
          "formatVersion", "frames", "framesByPeriodicity", "histogramBinWidth", "molecules",
          "moleculesPerFrame", "name", "numericKeys", "pairSelection", "pairTypes", "rmsForce",
          "virialKeys", "volume", "weights",
        ]
      ),
      (["potentials"], ["formatVersion", "potentials"]),
      (["potentials", "Morse"], ["formatVersion", "potentials"]),
    ])
  func json(arguments: [String], keys: [String]) async throws {
    let outcome = try await Executable.run(arguments + ["--json"], in: WaterDimers.folder())
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try Keys.ofObject(outcome.output) == Set(keys))
    #expect(!outcome.errors.isEmpty)
  }

  @Test("inspect tells what it read, where molecules come from and what else could be read")
  func inspected() async throws {
    struct Document: Decodable {
      struct File: Decodable { let energies, virials: String? }
      struct Molecules: Decodable, Equatable {
        let origin: String
        let compositions: [[String: Int]]
      }
      struct Weights: Decodable { let frameKey, errorColumn: String? }
      let files: [File]
      let molecules: Molecules?
      let weights: Weights
      let energyKeys, virialKeys: [String]
    }
    let folder = try Folder()
    let water = "O 0 0 0 1 0 0\nH 0 0.96 0 0 1 0\nH 0.96 0 0 0 0 1\n"
    let keys = "energy=1 mono_energy=2 w=3 virial={1 2 3 4 5 6}"
    try folder.write(
      "4\nProperties=species:S:1:pos:R:3:forces:R:3 \(keys)\n\(water)Ar 0 0 5 0 0 0\n",
      to: "data.xyz")
    func inspect(_ arguments: String...) async throws -> (Document, String) {
      let outcome = try await Executable.run(["inspect", "--json"] + arguments, in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let document = try JSONDecoder().decode(Document.self, from: Data(outcome.output.utf8))
      return (document, outcome.errors)
    }
    let (plain, _) = try await inspect("data.xyz")
    #expect(plain.files[0].energies == nil && plain.files[0].virials == nil)
    #expect(plain.energyKeys == ["energy", "mono_energy"] && plain.virialKeys == ["virial"])
    let bonded = [["Ar": 1], ["H": 2, "O": 1]]
    #expect(plain.molecules?.origin == "bonds")
    #expect(Set(plain.molecules?.compositions ?? []) == Set(bonded))
    #expect(plain.weights.frameKey == nil && plain.weights.errorColumn == nil)
    let (read, text) = try await inspect(
      "data.xyz:energy=energy-mono_energy", "--virial-key", "virial", "--weight-key", "w",
      "--molecule-size", "2")
    #expect(read.files[0].energies == "energy-mono_energy" && read.files[0].virials == "virial")
    #expect(read.weights.frameKey == "w" && read.molecules?.origin == "size")
    #expect(text.contains("molecules  HO, ArH, from --molecule-size 2\n"), "\(text)")
    let (all, _) = try await inspect("data.xyz", "--pairs", "all")
    #expect(all.molecules == nil)
  }
}
