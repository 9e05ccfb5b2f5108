import Foundation
import RunStorage
import Testing

@Suite("symreg scan", .serialized)
struct ScanCommandTests {
  private struct Document: Decodable {
    struct Pair: Decodable {
      struct Range: Decodable { let smallest, largest: Double }
      struct Minimum: Decodable {
        let distance, energy: Double
        let isSampled: Bool?
      }
      let pair: String
      let sampled: Range?
      let minimum: Minimum?
      let distances, energies, forces: [Double]
    }
    struct Dimer: Decodable {
      let orientation, distances, energies: [Double]
      let isSampled: [Bool?]
    }
    struct Virial: Decodable {
      let temperature: Double
      let value, error: Double?
    }
    let expression, cutoffMode: String
    let pairs: [Pair]
    let dimers: [Dimer]?
    let virialCoefficients: [Virial]?
  }

  private static let water = """
    3
    Properties=species:S:1:pos:R:3
    O 0 0 0
    H 0.8290375726 0.5591929035 0
    H -0.8290375726 0.5591929035 0

    """

  @Test("a known potential is scanned with its minimum, its B₂ and files")
  func knownPotential() async throws {
    let folder = try Folder()
    let outcome = try await Executable.run(
      [
        "scan", "--potential", "Lennard-Jones", "--cutoff", "20", "--temperatures", "119.8,239.6",
        "--distances", "3:4:0.5", "--out", "argon", "--json",
      ], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let document = try JSONDecoder().decode(Document.self, from: Data(outcome.output.utf8))
    let pair = try #require(document.pairs.first)
    #expect(pair.distances == [3, 3.5, 4] && pair.sampled == nil)
    #expect(abs(try #require(pair.minimum).distance - pow(2, 1.0 / 6) * 3.405) < 1e-6)
    let values = try #require(document.virialCoefficients).map { $0.value ?? .nan }
    // T* = 1 and 2 (Hirschfelder, Curtiss, Bird), less the tail beyond 20 Å to first order.
    let unit = 2 * Double.pi / 3 * 0.602214076 * pow(3.405, 3)
    for (value, (reduced, tabulated)) in zip(values, [(1.0, -2.53808), (2.0, -0.62763)]) {
      #expect(abs(value / unit - tabulated - 4 / reduced * pow(3.405 / 20, 3)) < 2e-5)
    }
    #expect(try folder.names == ["argon"])
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path("argon")).sorted()
    #expect(files == ["pairs.csv", "scan.json", "virial.csv"])
    #expect(
      try folder.text(of: "argon/pairs.csv").hasPrefix("pair,distance,energy,force,sampled\n"))
    #expect(try folder.text(of: "argon/scan.json") == outcome.output)
  }

  @Test(
    "an entry of a run is scanned with the sampled ranges of its data, also as a dimer of molecules"
  )
  func run() async throws {
    let folder = try WaterDimers.folder()
    let search = try await Executable.run(
      [
        "search", "water.extxyz", "--cutoff-mode", "shifted-force", "--max-evaluations", "200",
        "--out", "run",
      ], in: folder)
    #expect(search.status == 0, "\(search.errors)")
    let front = try JSONDecoder().decode(
      FrontDocument.self, from: Data(try folder.text(of: "run/front.json").utf8))
    let entry = try #require(front.front.first)
    try folder.write(Self.water, to: "molecule.xyz")
    let outcome = try await Executable.run(
      [
        "scan", "run", "--complexity", "\(entry.complexity)", "--molecule", "molecule.xyz",
        "--orientation", "0,0,0,0,0,0", "--orientation", "-90,0,0,90,0,0", "--temperatures", "500",
        "--orientations", "64", "--json",
      ], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let document = try JSONDecoder().decode(Document.self, from: Data(outcome.output.utf8))
    #expect(document.expression == entry.expression && document.cutoffMode == "shifted-force")
    #expect(document.pairs.map(\.pair) == ["H-H", "H-O", "O-O"])
    for pair in document.pairs {
      let sampled = try #require(pair.sampled)
      #expect(sampled.smallest > 1 && sampled.largest <= 10)
      #expect(try #require(pair.distances.first) <= 0.5 * sampled.smallest + 0.05)
    }
    let dimers = try #require(document.dimers)
    #expect(dimers.map(\.orientation) == [[0, 0, 0, 0, 0, 0], [-90, 0, 0, 90, 0, 0]])
    #expect(dimers.allSatisfy { $0.isSampled.allSatisfy { $0 == true } && !$0.energies.isEmpty })
    #expect(try #require(document.virialCoefficients?.first?.error) > 0)
  }

  @Test(
    "what cannot be scanned ends with one line and status 2",
    arguments: [
      (
        ["--potential", "q-SPC/Fw", "--temperatures", "300"],
        "expected --molecule for --temperatures"
      ),
      (["--potential", "Lennard-Jones", "--molecule", "none.xyz"], "none.xyz: expected a file"),
      (["--potential", "Lennard-Jones", "--molecule", "water.xyz"], "found H, O"),
      (
        ["--potential", "q-SPC/Fw", "--molecule", "water.xyz", "--orientation", "1,2"], "six angles"
      ),
      (["--potential", "Lennard-Jones", "--distances", "5:1:1"], "FROM:TO:STEP"),
      (["--potential", "Lennard-Jones", "--out", "there"], "there"),
      ([], "expected a run or --potential, found neither"),
    ])
  func badInput(arguments: [String], message: String) async throws {
    let folder = try Folder()
    try folder.write(Self.water, to: "water.xyz")
    try folder.write("", to: "there")
    let outcome = try await Executable.run(["scan"] + arguments, in: folder)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1 && outcome.output.isEmpty)
  }
}
