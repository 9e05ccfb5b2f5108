import Foundation
import RunStorage
import Testing

@Suite("symreg generate", .serialized)
struct GenerateCommandTests {
  private static let potential = "X/r + Y*exp(-b*r)"
  private static let values = "b=3.2; X.K=3.8; X.F=-3.8; Y.K=25; Y.F=45"

  private static func generate(
    _ arguments: String..., in folder: Folder
  ) async throws -> Executable.Outcome {
    try await Executable.run(
      [
        "generate", "--potential", potential, "--parameters", values, "--frames", "50",
        "--smallest-distance", "2", "--out", "salt.extxyz",
      ] + arguments, in: folder)
  }

  private static func evaluated(
    _ potential: [String], mode: String = "shifted-force", in folder: Folder
  ) async throws -> FrontDocument {
    let outcome = try await Executable.run(
      ["evaluate", "salt.extxyz", "--cutoff-mode", mode, "--json", "--potential"] + potential,
      in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try JSONDecoder().decode(FrontDocument.self, from: Data(outcome.output.utf8))
  }

  @Test(
    "what is written has no error to the potential, and with noise the error of the noise",
    arguments: [[], ["--noise", "0.05"], ["--shape", "liquid"], ["--cutoff-mode", "switch"]])
  func evaluation(arguments: [String]) async throws {
    let folder = try Folder()
    let outcome = try await Executable.run(
      [
        "generate", "--potential", Self.potential, "--parameters", Self.values, "--frames", "50",
        "--smallest-distance", "2", "--out", "salt.extxyz",
      ] + arguments, in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("salt.extxyz: 50 frames of "))
    #expect(outcome.errors.isEmpty)
    let mode = arguments.last == "switch" ? "switch" : "shifted-force"
    let document = try await Self.evaluated(
      [Self.potential, "--parameters", Self.values], mode: mode, in: folder)
    let error = try #require(document.front.first?.directRMSE) / document.dataset.rmsForce
    if arguments.first == "--noise" {
      // Of 1,200 components: 2 % is the standard deviation of their rms.
      #expect(abs(error - 0.05) <= 0.005)
    } else {
      #expect(error <= 1e-13)
    }
  }

  @Test("the object of --json says what was made, and a file gives the same bytes as flags")
  func json() async throws {
    let folder = try Folder()
    let outcome = try await Self.generate("--json", "--threads", "1", in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      try Keys.ofObject(outcome.output) == [
        "formatVersion", "file", "sha256", "frames", "atomsByType", "shape", "smallestDistance",
        "edge", "expression", "parameters", "cutoff", "cutoffMode", "rmsForce", "noise", "seed",
      ])
    let text = try folder.text(of: "salt.extxyz")
    #expect(text.contains(" potential=\"X/r + Y*exp(-b*r)\" "))
    #expect(text.contains(" seed=1\n"))
    try folder.write(
      """
      potential: \(Self.potential)
      parameters: [b=3.2, X.K=3.8, X.F=-3.8, Y.K=25, Y.F=45]
      frames: 50
      atoms: [K:4, F:4]
      smallest-distance: 2
      threads: 2
      out: again.extxyz
      """, to: "run.yaml")
    let again = try await Executable.run(["generate", "--config", "run.yaml"], in: folder)
    #expect(again.status == 0, "\(again.errors)")
    #expect(try folder.text(of: "again.extxyz") == text)
  }

  @Test("a known potential has its published values and its own types")
  func known() async throws {
    let folder = try Folder()
    let outcome = try await Executable.run(
      [
        "generate", "--potential", "lennard-jones", "--frames", "5", "--shape", "liquid", "--out",
        "salt.extxyz",
      ], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("5 frames of 108 Ar in a cell of "))
    let document = try await Self.evaluated(["Lennard-Jones"], in: folder)
    #expect(try #require(document.front.first).directRMSE <= 1e-13)
  }

  @Test("a file that is there stays, unless it may be written over")
  func overwriting() async throws {
    let folder = try Folder()
    try folder.write("mine", to: "salt.extxyz")
    let refused = try await Self.generate(in: folder)
    #expect(refused.status == 2)
    #expect(
      refused.errors
        == "error: salt.extxyz: expected a new file, found that it exists; choose another with "
        + "--out, or write over it with --force\n")
    #expect(try folder.text(of: "salt.extxyz") == "mine")
    let forced = try await Self.generate("--force", in: folder)
    #expect(forced.status == 0, "\(forced.errors)")
    #expect(try folder.text(of: "salt.extxyz").hasPrefix("8\n"))
    #expect(try folder.names == ["salt.extxyz"])
  }

  @Test(
    "bad input is one line that says how to mend it, and leaves nothing behind",
    arguments: [
      (
        ["--potential", "X/r"],
        "expected values for X, found none for X/r; give --parameters \"X.A=…\""
      ),
      (
        ["--potential", "a/r", "--parameters", "b=1"],
        "expected values for a in --parameters, found one for b"
      ),
      (
        ["--potential", "Lennard-Jones", "--atoms", "Ne:8"],
        "unknown type Ne: expected a factor of X for each type of --atoms, found only those for Ar; "
          + "add X.Ne=… to --parameters, or name other types with --atoms"
      ),
      (
        ["--potential", "Lennard-Jones", "--atoms", "Ar"],
        "expected --atoms such as \"Ar:8\" or \"H:4,O:4\", found \"Ar\""
      ),
      (
        ["--potential", "Lennard-Jones", "--atoms", "Ar:2,Ar:3"],
        "expected one number of Ar atoms in --atoms, found two"
      ),
      (
        ["--potential", "Lennard-Jones", "--frames", "0"],
        "expected --frames to be a whole number from 1 to 1000000000, found \"0\""
      ),
      (
        ["--potential", "Lennard-Jones", "--shape", "gas"],
        "expected --shape to be clusters or liquid, found \"gas\""
      ),
      (
        ["--potential", "Lennard-Jones", "--density", "0.02"],
        "expected --density with --shape liquid, found it without"
      ),
      (
        ["--potential", "Lennard-Jones", "--atoms", "Ar:1000000"],
        "expected at most 10000 atoms in a cluster, found 1000000; lower --atoms, or say --shape liquid"
      ),
      (
        ["--potential", "Lennard-Jones", "--shape", "liquid", "--density", "1"],
        "expected a density at which 108 atoms can be 2.5 Å apart, at most 0.090509 atoms per Å³, "
          + "found 1.0; lower --density or --smallest-distance"
      ),
      (
        ["--potential", "Lennard-Jones", "--noise", "-0.1"],
        "expected --noise to be a share from 0 to 100, found \"-0.1\""
      ),
      (
        ["--potential", "Lennard-Jones", "--smallest-distance", "12"],
        "expected --smallest-distance above 0 Å and below the cutoff of 10.0 Å, found 12.0"
      ),
      (
        ["--potential", "Lennard-Jones", "--out", "none/a.xyz"],
        "none/a.xyz: expected a file that can be written, found: No such file or directory; choose "
          + "another with --out"
      ),
    ])
  func badInput(arguments: [String], message: String) async throws {
    let folder = try Folder()
    let out = arguments.contains("--out") ? [] : ["--out", "a.extxyz"]
    let outcome = try await Executable.run(["generate"] + arguments + out, in: folder)
    #expect(outcome.status == 2)
    #expect(outcome.errors == "error: \(message)\n")
    #expect(outcome.output.isEmpty)
    #expect(try folder.names.isEmpty)
  }
}
