import Foundation
import Testing

/// Statistics on disk, as a user meets them.
struct StatisticsCacheCommandTests {
  private static let fit = [
    "fit", "water.extxyz", "--potential", "X/r", "--cutoff-mode", "shifted-force", "--json",
  ]

  @Test("a second run reuses the statistics, says so, and prints the same bytes")
  func reuse() async throws {
    let folder = try WaterDimers.folder()
    let none = try await Executable.run(Self.fit + ["--statistics-cache", "none"], in: folder)
    let first = try await Executable.run(Self.fit, in: folder)
    let second = try await Executable.run(Self.fit + ["--threads", "2"], in: folder)
    let elsewhere = try await Executable.run(
      Self.fit + ["--statistics-cache", "kept"], in: folder)
    for outcome in [none, first, second, elsewhere] {
      #expect(outcome.status == 0 && outcome.output == none.output, "\(outcome.errors)")
    }
    #expect(!none.errors.contains("statistics:"))
    #expect(first.errors.contains("statistics: stored in \(folder.path(".cache/symreg"))/"))
    #expect(second.errors.contains("statistics: reused from \(folder.path(".cache/symreg"))/"))
    #expect(elsewhere.errors.contains("statistics: stored in kept/"))
  }

  @Test("a search from statistics on disk writes the same front.json")
  func search() async throws {
    let folder = try WaterDimers.folder()
    for run in ["first", "second"] {
      let outcome = try await Executable.run(
        [
          "search", "water.extxyz", "--max-evaluations", "60", "--cutoff-mode", "shifted-force",
          "--out", run,
        ], in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.errors.contains(run == "first" ? "stored in" : "reused from"))
    }
    #expect(try folder.text(of: "first/front.json") == folder.text(of: "second/front.json"))
  }

  @Test("a cache that cannot be written, or is damaged, changes nothing but a line")
  func damage() async throws {
    let folder = try WaterDimers.folder()
    let unwritable = try await Executable.run(
      Self.fit + ["--statistics-cache", "water.extxyz/cache"], in: folder)
    #expect(unwritable.status == 0 && unwritable.errors.contains("statistics: not stored in"))
    _ = try await Executable.run(Self.fit + ["--statistics-cache", "kept"], in: folder)
    let name = try #require(
      FileManager.default.contentsOfDirectory(atPath: folder.path("kept")).first)
    try folder.write("damaged", to: "kept/" + name)
    let damaged = try await Executable.run(
      Self.fit + ["--statistics-cache", "kept"], in: folder)
    #expect(damaged.status == 0 && damaged.output == unwritable.output)
    #expect(damaged.errors.contains("is damaged or of another version; computed anew"))
    #expect(damaged.errors.contains("statistics: stored in kept/"))
  }
}
