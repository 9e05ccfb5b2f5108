import Foundation
import Testing

/// A run reads and writes what the user named, whatever the files say.
@Suite("Named paths", .serialized)
struct NamedPathsTests {
  /// Water dimers whose types, keys and group are paths.
  private static func hostileDimers() throws -> String {
    try WaterDimers.lines(frames: 40).map { line in
      switch line.first {
      case "H": "../../H" + line.dropFirst()
      case "O": "/etc/O" + line.dropFirst()
      case "P", "L":
        line + " include=../secret.yaml out=/outside name=\"$HOME/%n\" statistics-cache=../cache"
      default: line
      }
    }.joined(separator: "\n") + "\n"
  }

  @Test("nothing in a data file names a path")
  func dataFile() async throws {
    let folder = try Folder()
    try folder.write(try Self.hostileDimers(), to: "water.extxyz")
    let outcome = try await Executable.run(
      [
        "search", "water.extxyz", "--molecule-size", "3", "--cutoff-mode", "shifted-force",
        "--max-evaluations", "20",
      ], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try folder.names == ["runs", "water.extxyz"])
    let runs = folder.path("runs")
    #expect(try FileManager.default.contentsOfDirectory(atPath: runs) == ["water-001"])
    for file in try FileManager.default.contentsOfDirectory(atPath: runs + "/water-001") {
      var isFolder: ObjCBool = true
      #expect(
        FileManager.default.fileExists(atPath: "\(runs)/water-001/\(file)", isDirectory: &isFolder))
      #expect(!isFolder.boolValue)
    }
  }

  @Test(
    "a file of options reads no other file and runs nothing",
    arguments: [
      "include: secret.yaml", "data: !include secret.yaml", "<<: secret.yaml",
      "data: $(touch made)", "data: \"`touch made`\"", "out: &a secret.yaml", "config: secret.yaml",
    ])
  func optionsFile(text: String) async throws {
    let folder = try WaterDimers.folder(frames: 1)
    try folder.write("cutoff: -3", to: "secret.yaml")
    try folder.write(text, to: "run.yaml")
    let outcome = try await Executable.run(["inspect", "--config", "run.yaml"], in: folder)
    #expect(outcome.status == 2)
    #expect(outcome.output.isEmpty)
    #expect(!outcome.errors.contains("-3"))
    #expect(try folder.names == ["run.yaml", "secret.yaml", "water.extxyz"])
  }

  @Test("paths of a file of options start at its folder, those of the command line do not")
  func relativePaths() async throws {
    let folder = try WaterDimers.folder(frames: 40)
    let (inner, outer) = (folder.url.appending(path: "inner"), folder.path("runs"))
    try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: false)
    try folder.write(
      """
      data: ../water.extxyz
      out: made/run
      statistics-cache: cache
      cutoff-mode: shifted-force
      max-evaluations: 20
      """, to: "inner/run.yaml")
    let outcome = try await Executable.run(
      ["search", "--config", "inner/run.yaml"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: inner.path()).sorted()
        == ["cache", "made", "run.yaml"])
    #expect(!FileManager.default.fileExists(atPath: outer))
    let named = try await Executable.run(
      ["search", "--config", "inner/run.yaml", "--out", "runs/named"], in: folder)
    #expect(named.status == 0, "\(named.errors)")
    #expect(FileManager.default.fileExists(atPath: outer + "/named/front.json"))
  }
}
