import Foundation
import RunStorage
import Testing

@Suite("symreg export", .serialized)
struct ExportCommandTests {
  /// A folder with water dimers and a short run on them.
  private static func run(_ arguments: String...) async throws -> Folder {
    let folder = try WaterDimers.folder(frames: 60)
    let outcome = try await Executable.run(
      [
        "search", "water.extxyz", "--cutoff-mode", "shifted-force", "--max-evaluations", "60",
        "--out", "run",
      ] + arguments, in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return folder
  }

  private static func names(_ folder: Folder, _ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path(path)).sorted()
  }

  private static func evaluated(
    _ arguments: [String], in folder: Folder
  ) async throws -> FrontDocument {
    let outcome = try await Executable.run(
      ["evaluate", "water.extxyz", "--json", "--potential"] + arguments, in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try JSONDecoder().decode(FrontDocument.self, from: Data(outcome.output.utf8))
  }

  @Test(
    "one format stands in the folder, several in folders of their names, all entries by their sizes"
  )
  func layout() async throws {
    let folder = try await Self.run()
    let one = try await Executable.run(
      ["export", "run", "--complexity", "3", "--format", "lammps-lepton", "--out", "one"],
      in: folder)
    #expect(one.status == 0, "\(one.errors)")
    #expect(
      try Self.names(folder, "one")
        == ["README.md", "in.lammps", "potential.lmp", "system.data"])
    let head = try folder.text(of: "one/potential.lmp")
    #expect(head.contains("# U(r) = X/r") && head.contains("data water, 60 frames, SHA-256 "))
    #expect(head.contains("# seed 1") && head.contains("cutoff 10.0 Å, shifted-force; pairs inter"))
    #expect(head.contains("sampled distances: H-H 1."))
    #expect(try folder.text(of: "one/system.data").contains("6 atoms"))
    let several = try await Executable.run(
      [
        "export", "run", "--complexity", "3", "--format",
        "openmm,ase,json,latex,sympy,table,gromacs,lammps-table",
        "--core", "--out", "several", "--json",
      ], in: folder)
    #expect(several.status == 0, "\(several.errors)")
    #expect(
      try Self.names(folder, "several")
        == ["ase", "gromacs", "json", "lammps-table", "latex", "openmm", "sympy", "table"])
    #expect(several.output.contains("\"openmm/forcefield.xml\""))
    let all = try await Executable.run(
      ["export", "run", "--all", "--format", "json", "--out", "all"], in: folder)
    #expect(all.status == 0, "\(all.errors)")
    let document = try JSONDecoder().decode(
      FrontDocument.self, from: Data(try folder.text(of: "run/front.json").utf8))
    #expect(
      try Self.names(folder, "all")
        == document.front.map { ($0.complexity < 10 ? "0" : "") + "\($0.complexity)-nodes" }
        .sorted())
  }

  @Test("what is exported is read back with its cutoff and treatment, and has the same error")
  func roundTrip() async throws {
    let folder = try await Self.run()
    let exported = try await Executable.run(
      ["export", "run", "--complexity", "3", "--format", "json,lammps-table", "--out", "out"],
      in: folder)
    #expect(exported.status == 0, "\(exported.errors)")
    let front = try JSONDecoder().decode(
      FrontDocument.self, from: Data(try folder.text(of: "run/front.json").utf8))
    let entry = try #require(front.front.first { $0.complexity == 3 })
    for name in ["out/json/potential.json", "run/front.json:3"] {
      let document = try await Self.evaluated([name], in: folder)
      #expect(document.cutoffMode == "shifted-force")
      #expect(document.front[0].expression == entry.expression)
      #expect(abs(document.front[0].directRMSE - entry.directRMSE) < 1e-12)
    }
    let table = try await Self.evaluated(["out/lammps-table/potential.table"], in: folder)
    #expect(table.cutoff == 10 && table.cutoffMode == "none")
    #expect(abs(table.front[0].directRMSE - entry.directRMSE) < 1e-8)
    let fit = try await Executable.run(
      [
        "fit", "water.extxyz", "--cutoff-mode", "shifted-force", "--potential",
        "out/json/potential.json", "--json",
      ], in: folder)
    #expect(fit.status == 0, "\(fit.errors)")
    #expect(fit.output.contains("\"expression\" : \"X/r\""))
    let seeded = try await Executable.run(
      [
        "search", "water.extxyz", "--cutoff-mode", "shifted-force", "--max-evaluations", "40",
        "--seed-potentials", "out/json/potential.json; X/r^a", "--out", "seeded",
      ], in: folder)
    #expect(seeded.status == 0, "\(seeded.errors)")
    // And from the JSON to the other formats, walls included: the file has the sampled distances.
    let again = try await Executable.run(
      [
        "export", "--potential", "out/json/potential.json", "--format", "ase", "--core", "--out",
        "again",
      ], in: folder)
    #expect(again.status == 0, "\(again.errors)")
    #expect(try folder.text(of: "again/potential.py").contains("r_core"))
  }

  @Test("a subtracted background acts beside the fit, and evaluate subtracts it again")
  func background() async throws {
    let folder = try await Self.run("--subtract", "q-SPC/Fw")
    let front = try JSONDecoder().decode(
      FrontDocument.self, from: Data(try folder.text(of: "run/front.json").utf8))
    let entry = try #require(front.front.first)
    let size = "\(entry.complexity)"
    let outcome = try await Executable.run(
      ["export", "run", "--complexity", size, "--format", "json,lammps-lepton", "--out", "out"],
      in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try folder.text(of: "out/lammps-lepton/potential.lmp").contains("U_b = X_b/r"))
    let document = try await Self.evaluated(["out/json/potential.json"], in: folder)
    #expect(document.background?.name == "q-SPC/Fw")
    #expect(abs(document.front[0].directRMSE - entry.directRMSE) < 1e-12)
  }

  @Test("a run whose data are gone is exported from what it knows, without what the data say")
  func withoutData() async throws {
    let folder = try await Self.run()
    try FileManager.default.moveItem(
      atPath: folder.path("water.extxyz"), toPath: folder.path("moved.extxyz"))
    let outcome = try await Executable.run(
      ["export", "run", "--complexity", "3", "--format", "lammps-lepton", "--out", "bare"],
      in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("The data were not there"))
    #expect(try Self.names(folder, "bare") == ["README.md", "potential.lmp"])
    let walled = try await Executable.run(
      ["export", "run", "--complexity", "3", "--format", "ase", "--core", "--out", "wall"],
      in: folder)
    #expect(walled.status == 2)
    let named = try await Executable.run(
      [
        "export", "run", "moved.extxyz", "--complexity", "3", "--format", "ase", "--core", "--out",
        "wall",
      ], in: folder)
    #expect(named.status == 0, "\(named.errors)")
    let structured = try await Executable.run(
      [
        "export", "run", "--complexity", "3", "--format", "lammps-lepton", "--structure",
        "moved.extxyz",
        "--bonded", "q-SPC/Fw", "--units", "real", "--out", "box",
      ], in: folder)
    #expect(structured.status == 0, "\(structured.errors)")
    #expect(try folder.text(of: "box/system.data").contains("2 angles"))
    #expect(try folder.text(of: "box/in.lammps").contains("units real"))
  }

  @Test("bad input is one line with status 2, and writes nothing")
  func badInput() async throws {
    let folder = try await Self.run()
    let front = try JSONDecoder().decode(
      FrontDocument.self, from: Data(try folder.text(of: "run/front.json").utf8))
    let sizes = front.front.map { "\($0.complexity)" }
    let listed = sizes.dropLast().joined(separator: ", ") + " or " + sizes[sizes.count - 1]
    try folder.write("0 values\n", to: "broken.json")
    let cases: [([String], String)] = [
      (
        ["run", "--complexity", "99", "--format", "ase"],
        "run: expected an entry of 99 nodes, found none; choose --complexity out of \(listed)"
      ),
      (
        ["run", "--format", "ase,word"],
        "expected --format to be names out of lammps-lepton,lammps-table,openmm,ase,table,gromacs,latex,sympy,"
          + "json, found \"ase,word\""
      ),
      (
        ["--format", "ase"],
        "expected a run or --potential, found neither; name a folder that `symreg search` wrote, or give an "
          + "expression"
      ),
      (
        ["run", "--potential", "X/r", "--format", "ase"],
        "expected a run or --potential, found both; a run says that itself: leave out one of them"
      ),
      (
        ["--potential", "a/r^12", "--parameters", "a=3", "--format", "ase"],
        "expected types of atoms, found none: the parameters name none; give a --structure, or --masses "
          + "\"Ar=39.95\""
      ),
      (
        ["--potential", "X/r", "--parameters", "X.OW=1", "--format", "openmm"],
        "expected masses of all types, found none of OW; give --masses \"OW=…\""
      ),
      (
        [
          "--potential", "X/r", "--parameters", "X.O=1", "--pairs", "bonds:1-2", "--format",
          "lammps-table",
        ],
        "expected pairs bonds:N+ with N up to 4 for LAMMPS, found bonds:1-2; export openmm or ase"
      ),
      (
        ["--potential", "X/r", "--parameters", "X.O=1", "--core", "--format", "ase"],
        "expected data that say where the sampled range of O-O begins for --core, found none; export a run "
          + "whose data are there, or leave out --core"
      ),
      (
        ["run", "--complexity", "3", "--bonded", "TIP9P", "--format", "ase"],
        "expected --bonded to be q-SPC/Fw or SPC/Fw, found \"TIP9P\""
      ),
      (
        ["run", "--complexity", "3", "--bonded", "q-SPC/Fw", "--format", "table"],
        "expected a simulator for --bonded, found table; leave out --bonded, or export lammps-lepton, "
          + "lammps-table, openmm or ase"
      ),
    ]
    for (arguments, message) in cases {
      let outcome = try await Executable.run(["export"] + arguments + ["--out", "out"], in: folder)
      #expect(outcome.status == 2, "\(arguments)")
      #expect(outcome.errors == "error: \(message)\n")
      #expect(outcome.output.isEmpty)
    }
    let existing = try await Executable.run(
      ["export", "run", "--complexity", "3", "--format", "ase", "--out", "run"], in: folder)
    #expect(existing.status == 2)
    #expect(
      existing.errors
        == "error: run: expected a new folder, found that it exists; choose another with --out\n")
    for potential in ["broken.json", "none.json", "none.table"] {
      let outcome = try await Executable.run(
        ["evaluate", "water.extxyz", "--potential", potential], in: folder)
      #expect(outcome.status == 2 && outcome.errors.hasPrefix("error: \(potential): expected a"))
    }
    let fitted = try await Executable.run(
      ["fit", "water.extxyz", "--potential", "none.table"], in: folder)
    #expect(fitted.status == 2 && fitted.errors.contains("found a table"))
    #expect(try folder.names == ["broken.json", "run", "water.extxyz"])
  }
}
