import Foundation
import RunStorage
import SummaryReport
import Testing

@testable import SymRegCLI

private let hasGnuplot = (try? Gnuplot()) != nil

@Suite("report and compare", .serialized)
struct ReportCommandTests {
  private static func folderWithRun(_ names: String...) async throws -> Folder {
    let folder = try WaterDimers.folder()
    for (number, name) in names.enumerated() {
      let outcome = try await Executable.run(
        [
          "search", "water.extxyz", "--cutoff-mode", "shifted-force", "--max-complexity", "9",
          "--max-evaluations", "300", "--time-limit", "1h", "--seed", "\(number + 1)", "--out",
          name,
        ], in: folder)
      try #require(outcome.status == 0, "\(outcome.errors)")
    }
    return folder
  }

  @Test("a page of a run, its figures, and no word written over", .enabled(if: hasGnuplot))
  func report() async throws {
    let folder = try await Self.folderWithRun("run")
    let outcome = try await Executable.run(
      ["report", "run", "--figures", "figures", "--json"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let page = try folder.text(of: "run/report.html")
    let document = try RunFolder(existing: folder.path("run")).front()
    for entry in document.front { #expect(page.contains("id=\"entry-\(entry.complexity)\"")) }
    #expect(page.contains("against the reference"))
    #expect(page.contains("symreg search --cutoff-mode=shifted-force"))
    #expect(page.contains("Forms fitted, by strategy"))
    let figures = try FileManager.default.contentsOfDirectory(atPath: folder.path("figures"))
    #expect(figures.contains("front.pdf") && figures.contains("front.png"))
    #expect(outcome.output.contains("\"bytes\""))
    let again = try await Executable.run(["report", "run"], in: folder)
    #expect(again.status == 2)
    #expect(again.errors.contains("run/report.html: expected a new file, found that it exists"))
    let figuresAgain = try await Executable.run(
      ["report", "run", "--out", "other.html", "--figures", "figures"], in: folder)
    #expect(figuresAgain.status == 2)
    #expect(try !folder.names.contains("other.html"))
    let forced = try await Executable.run(
      ["report", "run", "--figures", "figures", "--force"], in: folder)
    #expect(forced.status == 0, "\(forced.errors)")
    #expect(try folder.text(of: "run/report.html") == page)
  }

  @Test(
    "data that have gone are missed, in place and on standard error; other data are refused",
    .enabled(if: hasGnuplot))
  func missingData() async throws {
    let folder = try await Self.folderWithRun("run")
    try FileManager.default.moveItem(
      atPath: folder.path("water.extxyz"), toPath: folder.path("moved.extxyz"))
    let outcome = try await Executable.run(["report", "run", "--out", "a.html"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("warning: the data could not be read"))
    let page = try folder.text(of: "a.html")
    #expect(page.contains("The data could not be read"))
    #expect(!page.contains("against the reference"))
    let found = try await Executable.run(
      ["report", "run", "moved.extxyz", "--out", "b.html"], in: folder)
    #expect(found.status == 0)
    #expect(try folder.text(of: "b.html").contains("against the reference"))
    try folder.write("1\nProperties=species:S:1:pos:R:3:forces:R:3\nO 0 0 0 0 0 0\n", to: "o.xyz")
    let wrong = try await Executable.run(
      ["report", "run", "o.xyz", "--out", "c.html"], in: folder)
    #expect(wrong.status == 2)
    #expect(try !folder.names.contains { $0.hasPrefix("c.html") })
  }

  @Test("several fronts in one page", .enabled(if: hasGnuplot))
  func compare() async throws {
    let folder = try await Self.folderWithRun("one", "two")
    let outcome = try await Executable.run(["compare", "one", "two"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("compare.html"))
    let page = try folder.text(of: "compare.html")
    #expect(page.contains("Fronts of 2 runs, training"))
  }

  @Test(
    "bad input is one line and status 2",
    arguments: [
      (["report", "nowhere"], "nowhere: expected a run folder, found nothing there"),
      (["report", "."], "expected a run folder, found no run in it"),
      (["report", "empty"], "empty: expected a run with front.json, found one that has none yet"),
      (["compare", "empty"], "expected at least two runs to compare, found 1"),
      (["compare", "nowhere", "empty"], "nowhere: expected a run folder"),
      (
        ["report", "full", "--out", "none/a.html"],
        "none/a.html: expected a file that can be written"
      ),
      (["report", "full", "--out", "full"], "full: expected a file to write, found a directory"),
      (
        ["report", "full", "--figures", "full/front.json"],
        "full/front.json: expected a folder that can be written in, found: a file"
      ),
    ])
  func badInput(arguments: [String], message: String) async throws {
    let folder = try Folder()
    let stage = RunStage(number: 0, version: "0.1.0", commit: "", arguments: [], seed: 1)
    _ = try RunFolder(creating: folder.path("empty"), stage: stage)
    let full = try RunFolder(creating: folder.path("full"), stage: stage)
    let front = """
      {"formatVersion":1,"dataset":{"name":"w","sha256":"a","frames":1,"rmsForce":1},"units":"eV, Å",
      "cutoff":5,"cutoffMode":"none","seed":1,"grammar":{"operators":[],"parameters":[],"maxComplexity":3},
      "certifiedComplexity":0,"evaluations":1,"baselines":[],"front":[]}
      """
    try folder.write(front, to: "full/front.json")
    _ = full
    let outcome = try await Executable.run(arguments, in: folder)
    #expect(outcome.status == 2, "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    #expect(try folder.names == ["empty", "full"])
  }
}
