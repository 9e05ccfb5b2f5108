import Foundation
import RunStorage
import Testing

@Suite("symreg search", .serialized)
struct SearchCommandTests {
  /// Small enough for a debug build; never ended by the time limit.
  private static func arguments(_ others: String...) -> [String] {
    ["search", "water.extxyz", "--time-limit", "1h"] + others
  }

  @Test("gives the same front.json on one and two threads")
  func threads() async throws {
    let folder = try WaterDimers.folder()
    for threads in ["1", "2"] {
      let outcome = try await Executable.run(
        Self.arguments(
          "--max-evaluations", "150", "--max-complexity", "9", "--cutoff-mode", "shifted-force",
          "--threads", threads,
          "--out", "run-\(threads)"), in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("free-form floor"))
    }
    let first = try folder.text(of: "run-1/front.json")
    #expect(try folder.text(of: "run-2/front.json") == first)
    #expect(!first.contains("threads") && !first.contains(folder.url.path()))
    #expect(try folder.names == ["run-1", "run-2", "water.extxyz"])

    // `front` shows what is stored.
    let shown = try await Executable.run(["front", "run-1", "--json"], in: folder)
    #expect(shown.status == 0)
    #expect(shown.output == first)
    let table = try await Executable.run(["front", "run-1", "run-2"], in: folder)
    #expect(table.status == 0)
    #expect(table.output.contains("* recommended"))
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path("run-1")).sorted()
    #expect(files == ["front.csv", "front.json", "options.json", "run.sqlite"])
  }

  @Test("--json prints the front document alone, under a folder of its own choice")
  func json() async throws {
    let folder = try WaterDimers.folder()
    let outcome = try await Executable.run(
      Self.arguments("--max-evaluations", "20", "--max-complexity", "5", "--json"), in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output == (try folder.text(of: "runs/water-001/front.json")))
    #expect(outcome.errors.contains("free-form floor"))
    let document = try JSONDecoder().decode(FrontDocument.self, from: Data(outcome.output.utf8))
    #expect(document.dataset.frames == 200)
    let keys = try Keys.ofObject(outcome.output)
    #expect(
      keys == [
        "alternatives", "background", "baselines", "certifiedComplexity", "constraints", "cutoff",
        "cutoffMode",
        "dataset", "division", "evaluations", "floor", "formatVersion", "front", "grammar",
        "recommendation", "seed", "units", "warnings",
      ])
  }

  @Test(
    "a signal stops the search at the next barrier, with a result",
    arguments: [SIGINT, SIGTERM, SIGHUP])
  func signals(signal: Int32) async throws {
    let folder = try WaterDimers.folder()
    let outcome = try await Executable.run(
      [
        "search", "water.extxyz", "--time-limit", "3min",
        "--cutoff-mode", "shifted-force", "--out", "run",
      ], in: folder
    ) { process, errors in
      // The first plain line tells of the first barrier.
      while !errors().contains(" in the front"), process.isRunning {
        try await Task.sleep(for: .milliseconds(20))
      }
      kill(process.processIdentifier, signal)
    }
    #expect(outcome.status == 3, "\(outcome.errors)")
    let document = try RunFolder(existing: folder.path("run")).front()
    #expect(!document.front.isEmpty)
    #expect(outcome.output.contains("Stopped by a signal"))
  }

  @Test("the options that decide a result are kept")
  func options() async throws {
    let folder = try WaterDimers.folder(frames: 20)
    let outcome = try await Executable.run(
      Self.arguments("--max-evaluations", "5", "--max-complexity", "5", "--out", "a/b"),
      in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let keys = try Keys.ofObject(try folder.text(of: "a/b/options.json"))
    #expect(
      keys.isSuperset(of: [
        "cutoff", "cutoffMode", "data", "maxComplexity", "maxEvaluations", "operators", "pairs",
        "parameters", "seed", "sha256", "splitSeed", "threads", "timeLimit", "types", "units",
        "validation", "version",
      ]))
  }
}

/// Top-level keys of a JSON object.
enum Keys {
  static func ofObject(_ text: String) throws -> Set<String> {
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
    return Set((object as? [String: Any] ?? [:]).keys)
  }
}
