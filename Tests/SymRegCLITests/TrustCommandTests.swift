import Foundation
import RunStorage
import Testing

@Suite("Folds, held-out groups and learning curves", .serialized)
struct TrustCommandTests {
  /// Water dimers with a key `set` of four values.
  private static func folder() throws -> Folder {
    let folder = try WaterDimers.folder()
    var number = 0
    let lines = try folder.text(of: "water.extxyz").split(
      separator: "\n", omittingEmptySubsequences: false
    ).map { line -> String in
      guard line.contains("Properties=") else { return String(line) }
      defer { number += 1 }
      return line + " set=\(number % 4)"
    }
    try folder.write(lines.joined(separator: "\n"), to: "sets.extxyz")
    return folder
  }

  private static func search(_ others: String..., out: String) -> [String] {
    [
      "search", "sets.extxyz", "--time-limit", "1h", "--max-complexity", "9", "--cutoff-mode",
      "shifted-force", "--max-evaluations", "150", "--out", out,
    ] + others
  }

  @Test("a run with folds of groups is verified, and shows errors and flags")
  func folds() async throws {
    let folder = try Self.folder()
    let outcome = try await Executable.run(
      Self.search("--group", "set", "--folds", "4", out: "run"), in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("4 folds of 50 frames"), "\(outcome.errors)")
    #expect(outcome.output.contains("standard error over 4 groups"), "\(outcome.output)")
    let document = try RunFolder(existing: folder.path("run")).front()
    #expect(document.division?.folds == 4 && document.division?.trainingUnits == 4)
    for entry in document.front {
      let folds = try #require(entry.crossValidation)
      #expect(folds.rmse > 0 && (folds.rmseError ?? 0) > 0)
      #expect(entry.validationRMSE == nil)
      #expect(entry.gain?.measure == .crossValidation)
    }
    let verified = try await Executable.run(["verify", "run", "--threads", "1"], in: folder)
    #expect(verified.status == 0, "\(verified.output)")
    let front = try folder.text(of: "run/front.json")
    let number = try Regex("\"RMSEError\" : 0\\.")
    try folder.write(front.replacing(number, with: "\"RMSEError\" : 1."), to: "run/front.json")
    let forged = try await Executable.run(["verify", "run"], in: folder)
    #expect(forged.status == 1 && forged.output.contains("crossValidation.RMSEError"))
    let options = try folder.text(of: "run/options.json")
    #expect(options.contains("\"folds\" : 4"))
  }

  @Test("a run with a group held out is verified, and another group is another problem")
  func heldOut() async throws {
    let folder = try Self.folder()
    for group in ["0", "1"] {
      let outcome = try await Executable.run(
        Self.search("--group", "set", "--hold-out", group, out: "run\(group)"), in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.errors.contains("150 frames train, 50 validate"), "\(outcome.errors)")
    }
    let verified = try await Executable.run(["verify", "run0"], in: folder)
    #expect(verified.status == 0, "\(verified.output)")
    let document = try RunFolder(existing: folder.path("run0")).front()
    #expect(document.division?.heldOut == ["0"])
    #expect(document.front.allSatisfy { $0.validationRMSE != nil && $0.validationRMSEError == nil })
    let merged = try await Executable.run(["front", "run0", "run1"], in: folder)
    #expect(merged.status == 2, "\(merged.output)")
  }

  @Test(
    "what cannot be divided is told",
    arguments: [
      (["--folds", "1"], "expected --folds to be a whole number from 2 to 100, found \"1\""),
      (["--folds", "x"], "expected --folds to be a whole number from 2 to 100, found \"x\""),
      (["--hold-out", "0"], "expected --group with --hold-out, found none"),
      (
        ["--group", "set", "--hold-out", "0,"], "expected --hold-out to be values of the group key"
      ),
      (["--group", "set", "--hold-out", "9"], "choose out of 0, 1, 2, 3"),
      (["--group", "set", "--folds", "5"], "lower --folds"),
      (
        ["--group", "set", "--hold-out", "0", "--validation", "0.1"],
        "expected --validation or --hold-out, found both"
      ),
    ])
  func badDivisions(options: [String], message: String) async throws {
    let folder = try Self.folder()
    let outcome = try await Executable.run(
      ["fit", "sets.extxyz", "--potential", "X/r"] + options, in: folder)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test("a learning curve of data and of a run")
  func learning() async throws {
    let folder = try Self.folder()
    let arguments = [
      "learn", "sets.extxyz", "--potential", "X/r + Y*exp(-b*r)", "--cutoff-mode",
      "shifted-force", "--json",
    ]
    let first = try await Executable.run(arguments + ["--threads", "1"], in: folder)
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.errors.contains("More data would"), "\(first.errors)")
    let second = try await Executable.run(arguments + ["--threads", "2"], in: folder)
    #expect(first.output == second.output)
    #expect(
      try Keys.ofObject(first.output) == [
        "complexity", "cutoff", "cutoffMode", "dataset", "doublingGain", "doublingGainError",
        "expression", "formatVersion", "heldOut", "points", "repeats", "seed", "units", "verdict",
      ])
    _ = try await Executable.run(Self.search("--folds", "4", out: "run"), in: folder)
    let ofRun = try await Executable.run(["learn", "run", "--complexity", "3"], in: folder)
    #expect(ofRun.status == 0, "\(ofRun.errors)")
    #expect(ofRun.output.contains("X/r, 3 nodes"), "\(ofRun.output)")
  }

  @Test(
    "what cannot be learned is told",
    arguments: [
      (["sets.extxyz"], "expected --potential for data, found none"),
      (
        ["sets.extxyz", "--potential", "X/r", "--complexity", "3"],
        "expected --complexity with a run"
      ),
      (["sets.extxyz", "--potential", "X/r", "--repeats", "1"], "expected --repeats"),
      (["run", "--cutoff", "8"], "expected no --cutoff with a run"),
      (["run", "--complexity", "4711"], "expected --complexity"),
      (["run", "--complexity", "19"], "expected an entry with 19 nodes"),
      (["."], "expected a run folder"),
    ])
  func badLearning(arguments: [String], message: String) async throws {
    let folder = try Self.folder()
    if arguments[0] == "run" {
      _ = try await Executable.run(Self.search(out: "run"), in: folder)
    }
    let outcome = try await Executable.run(["learn"] + arguments, in: folder)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }
}
