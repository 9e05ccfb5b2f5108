import AtomicData
import Foundation
import RunStorage
import Testing

@Suite("runs: resume, extend, verify, front, runs", .serialized)
struct RunCommandTests {
  private static func search(_ others: String..., out: String) -> [String] {
    [
      "search", "water.extxyz", "--cutoff-mode", "shifted-force", "--max-complexity", "9",
      "--time-limit", "1h", "--out", out,
    ] + others
  }

  /// Kills, waits and resumes come at random moments; each ends with the front of a run that was left
  /// alone. `scripts/survive` does the same with more and longer runs.
  @Test("kill -9 at any moment: resumed, the front is the same to the byte")
  func kills() async throws {
    let folder = try WaterDimers.folder()
    let begin = ContinuousClock.now
    let whole = try await Executable.run(
      Self.search("--max-evaluations", "2500", out: "whole"), in: folder)
    #expect(whole.status == 0, "\(whole.errors)")
    let length = (ContinuousClock.now - begin) / .milliseconds(1)
    let expected = try folder.text(of: "whole/front.json")
    let seed = UInt64.random(in: 0 ... .max)
    var random = RandomStream(seed: seed)
    for number in 1...5 {
      let run = "killed-\(number)"
      var arguments = Self.search("--max-evaluations", "2500", out: run)
      var moments: [Int] = []
      // Killed twice; the second time while it is resumed.
      for _ in 0..<2 {
        let moment = Int(random.nextUnit() * length)
        moments.append(moment)
        _ = try await Executable.run(arguments, in: folder) { process, _ in
          try await Task.sleep(for: .milliseconds(moment))
          kill(process.processIdentifier, SIGKILL)
        }
        // Killed before there was a run: begin again.
        if FileManager.default.fileExists(atPath: folder.path(run)) { arguments = ["resume", run] }
      }
      let resumed = try await Executable.run(arguments, in: folder)
      #expect(resumed.status == 0, "seed \(seed), \(moments) ms: \(resumed.errors)")
      #expect(
        try folder.text(of: "\(run)/front.json") == expected,
        "seed \(seed), run \(number), \(moments) ms")
      let store = try RunFolder(existing: folder.path(run)).store(for: .reading)
      #expect(try store.faults().isEmpty, "seed \(seed), \(moments) ms")
    }
  }

  @Test(
    "Ctrl-C, then resume with the data elsewhere: the front is that of a run that was not stopped")
  func interrupted() async throws {
    let folder = try WaterDimers.folder()
    let arguments = Self.search("--max-evaluations", "8000", "--threads", "1", out: "run")
    let stopped = try await Executable.run(arguments, in: folder) { process, errors in
      while !errors().contains(" in the front"), process.isRunning {
        try await Task.sleep(for: .milliseconds(5))
      }
      kill(process.processIdentifier, SIGINT)
    }
    #expect(stopped.status == 3, "\(stopped.errors)")
    try FileManager.default.createDirectory(
      atPath: folder.path("b"), withIntermediateDirectories: true)
    try FileManager.default.moveItem(
      atPath: folder.path("water.extxyz"), toPath: folder.path("b/water.extxyz"))
    let lost = try await Executable.run(["resume", "run"], in: folder)
    #expect(lost.status == 2)
    #expect(lost.errors.contains("water.extxyz: expected a file, found none"))
    try folder.write("1\nProperties=species:S:1:pos:R:3:forces:R:3\nO 0 0 0 0 0 0\n", to: "o.xyz")
    let wrong = try await Executable.run(["resume", "run", "o.xyz"], in: folder)
    #expect(wrong.status == 2)
    try FileManager.default.moveItem(
      atPath: folder.path("b/water.extxyz"), toPath: folder.path("b/renamed.extxyz"))
    let resumed = try await Executable.run(
      ["resume", "run", "b/renamed.extxyz", "--threads", "2"], in: folder)
    #expect(resumed.status == 0, "\(resumed.errors)")
    // It knows where they are now.
    let verified = try await Executable.run(["verify", "run"], in: folder)
    #expect(verified.status == 0, "\(verified.errors)")
    try FileManager.default.moveItem(
      atPath: folder.path("b/renamed.extxyz"), toPath: folder.path("water.extxyz"))
    let whole = try await Executable.run(
      Self.search("--max-evaluations", "8000", out: "whole"), in: folder)
    #expect(whole.status == 0)
    #expect(
      try folder.text(of: "run/front.json") == (try folder.text(of: "whole/front.json")))
  }

  @Test("an extension fits no form again, and refuses what changes the losses")
  func extended() async throws {
    let folder = try WaterDimers.folder()
    _ = try await Executable.run(
      Self.search(
        "--max-evaluations", "300", "--strategy", "islands", "--operators", "+,*,/", out: "run"),
      in: folder)
    let other = try await Executable.run(
      ["search", "--extend", "run", "--cutoff", "9", "--max-evaluations", "100"], in: folder)
    #expect(other.status == 2)
    #expect(other.errors.contains("search anew"), "\(other.errors)")
    let both = try await Executable.run(
      ["search", "--extend", "run", "--out", "other"], in: folder)
    #expect(both.status == 2)
    let extended = try await Executable.run(
      [
        "search", "--extend", "run", "--operators", "+,*,/,exp", "--max-evaluations", "200",
        "--events", "events.jsonl",
      ], in: folder)
    #expect(extended.status == 0, "\(extended.errors)")
    let run = try RunFolder(existing: folder.path("run"))
    let document = try run.front()
    #expect(document.evaluations == 500)
    #expect(document.grammar.operators.contains("exp"))
    #expect(document.grammar.maxComplexity == 9)
    let store = try run.store(for: .reading)
    let forms = try store.sample(10_000, typeCount: 2).filter { $0.origin.kind != .polishing }.map(
      \.tree)
    #expect(forms.count >= 500 && Set(forms).count == forms.count)
    #expect(try store.stages().map(\.evaluationsBefore) == [0, 300])
    let events = try folder.text(of: "events.jsonl").split(separator: "\n")
      .map { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
    #expect(events.first??["event"] as? String == "extended")
    #expect(events.last??["event"] as? String == "finished")
    #expect(events.allSatisfy { $0?["seconds"] is Double && $0?["time"] is String })
  }

  @Test("verify agrees with what was written, and tells what was changed")
  func verified() async throws {
    let folder = try WaterDimers.folder()
    _ = try await Executable.run(Self.search("--max-evaluations", "300", out: "run"), in: folder)
    let sound = try await Executable.run(
      ["verify", "run", "water.extxyz", "--json"], in: folder)
    #expect(sound.status == 0, "\(sound.errors)")
    let keys = try Keys.ofObject(sound.output)
    #expect(keys.contains("largestDifference") && keys.contains("mismatches"))
    #expect(sound.output.contains(#""largestDifference" : 0"#), "\(sound.output)")
    let front = try folder.text(of: "run/front.json")
    for name in ["compressedRMSE", "R2", "validationR2", "RMSE"] {
      let number = try Regex("\"\(name)\" : 0\\.")
      let forged = front.replacing(number, with: "\"\(name)\" : 1.", maxReplacements: 1)
      #expect(forged != front)
      try folder.write(forged, to: "run/front.json")
      let found = try await Executable.run(["verify", "run", "--json"], in: folder)
      #expect(found.status == 1)
      #expect(found.output.contains(".\(name): expected 0."), "\(found.output)")
    }
  }

  @Test("front merges runs on the same data and refuses others; runs lists them")
  func merged() async throws {
    let folder = try WaterDimers.folder()
    for seed in ["1", "2"] {
      _ = try await Executable.run(
        Self.search("--max-evaluations", "300", "--seed", seed, out: "runs/\(seed)"), in: folder)
    }
    let merged = try await Executable.run(["front", "runs/1", "runs/2", "--json"], in: folder)
    #expect(merged.status == 0, "\(merged.errors)")
    let document = try JSONDecoder().decode(FrontDocument.self, from: Data(merged.output.utf8))
    let fronts = try ["runs/1", "runs/2"].map { try RunFolder(existing: folder.path($0)).front() }
    #expect(document.evaluations == 600 && document.seed == nil)
    #expect(document.front.filter(\.recommended).count == 1)
    let all = fronts.flatMap(\.front)
    for entry in all {
      // Each entry of a run is in the merged front, or one as small is at least as good.
      #expect(
        document.front.contains {
          $0.complexity <= entry.complexity && $0.trainRMSE <= entry.trainRMSE
        })
    }
    #expect(
      document.front.allSatisfy { entry in all.contains { $0.expression == entry.expression } })
    #expect(
      zip(document.front, document.front.dropFirst()).allSatisfy { $0.trainRMSE > $1.trainRMSE })
    _ = try await Executable.run(
      Self.search("--max-evaluations", "50", "--validation", "0", out: "runs/3"), in: folder)
    let refused = try await Executable.run(["front", "runs/1", "runs/3"], in: folder)
    #expect(refused.status == 2)
    let list = try await Executable.run(["runs", "runs"], in: folder)
    #expect(list.status == 0)
    #expect(list.output.split(separator: "\n").count == 4, "\(list.output)")
    #expect(list.output.contains("finished"))
  }

  @Test("the time limit holds for the whole command, and a memory limit that is too small is told")
  func limits() async throws {
    let folder = try WaterDimers.folder()
    let begin = ContinuousClock.now
    let outcome = try await Executable.run(
      [
        "search", "water.extxyz", "--time-limit", "6s", "--cutoff-mode", "shifted-force", "--out",
        "run",
      ], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    // Generous, for machines under load: a limit that is not heeded takes ten minutes.
    #expect(ContinuousClock.now - begin < .seconds(60))
    #expect(outcome.output.contains("The time is spent"))
    // What is spent is spent.
    let resumed = try await Executable.run(["resume", "run"], in: folder)
    #expect(resumed.status == 0)
    let extended = try await Executable.run(
      ["search", "--extend", "run", "--time-limit", "1s", "--max-evaluations", "\(Int.max)"],
      in: folder)
    #expect(extended.status == 0, "\(extended.errors)")
    let events = try await Executable.run(
      Self.search("--events", "nowhere/e.jsonl", out: "eventless"), in: folder)
    #expect(events.status == 2)
    #expect(!FileManager.default.fileExists(atPath: folder.path("eventless")))
    let small = try await Executable.run(
      Self.search("--memory-limit", "5MB", out: "small"), in: folder)
    #expect(small.status == 1)
    #expect(small.errors.contains("--memory-limit"), "\(small.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("small")))
  }

  @Test("a run that another process works on is left alone")
  func busy() async throws {
    let folder = try WaterDimers.folder()
    _ = try await Executable.run(
      ["search", "water.extxyz", "--time-limit", "3min", "--out", "run"], in: folder
    ) { process, errors in
      while !errors().contains(" in the front"), process.isRunning {
        try await Task.sleep(for: .milliseconds(20))
      }
      let second = try await Executable.run(["resume", "run"], in: folder)
      #expect(second.status == 2)
      #expect(second.errors.contains("another process"), "\(second.errors)")
      kill(process.processIdentifier, SIGINT)
    }
  }
}
