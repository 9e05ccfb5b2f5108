import Foundation

/// The built `symreg`, run as a user runs it.
struct Executable {
  struct Outcome: Sendable {
    let status: Int32
    let output: String
    let errors: String
  }

  /// Beside the bundle of the tests, in the build folder.
  static var url: URL {
    get throws {
      var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      // On Linux the bundle is a file of the build folder, elsewhere a folder in it.
      for _ in 0..<4 {
        let candidate = folder.appending(path: "symreg")
        if FileManager.default.isExecutableFile(atPath: candidate.path()) { return candidate }
        folder.deleteLastPathComponent()
      }
      throw CocoaError(.fileNoSuchFile)
    }
  }

  /// Runs to the end, in a folder.
  ///
  /// - Parameter whileRunning: called once the process runs, with what reads its standard error.
  static func run(
    _ arguments: [String], in folder: Folder,
    whileRunning: @Sendable (ChildProcess, () -> String) async throws -> Void = { _, _ in }
  ) async throws -> Outcome {
    // Files, not pipes: nothing blocks, whatever the amount.
    let id = UUID().uuidString
    let urls = ["out", "err"].map { folder.url.appending(path: ".\(id).\($0)") }
    for url in urls { try Data().write(to: url) }
    // A cache of its own: no test depends on what another left, and none touches the user's.
    let environment = ProcessInfo.processInfo.environment.merging(
      ["XDG_CACHE_HOME": folder.path(".cache")]) { $1 }
    let process = try ChildProcess(
      url, arguments, environment: environment, folder: folder.url, output: urls[0], errors: urls[1]
    )
    try await whileRunning(process) { (try? String(contentsOf: urls[1], encoding: .utf8)) ?? "" }
    let status = await process.status
    defer { for url in urls { try? FileManager.default.removeItem(at: url) } }
    return Outcome(
      status: status,
      output: try String(contentsOf: urls[0], encoding: .utf8),
      errors: try String(contentsOf: urls[1], encoding: .utf8))
  }
}

/// A folder of its own, gone with the last reference.
final class Folder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "symreg-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path() }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: url.appending(path: name))
  }

  func text(of name: String) throws -> String {
    try String(contentsOf: url.appending(path: name), encoding: .utf8)
  }

  /// Names of the visible entries.
  var names: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: url.path())
        .filter { !$0.hasPrefix(".") }.sorted()
    }
  }
}

/// The water dimers of the package.
enum WaterDimers {
  static let url = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Datasets/water-dimer/water-dimer.extxyz")

  /// Lines of the first frames, eight each.
  static func lines(frames: Int = 200) throws -> [String] {
    let file = try FileHandle(forReadingFrom: url)
    defer { try? file.close() }
    let bytes = try file.read(upToCount: 1000 * frames) ?? Data()
    return String(decoding: bytes, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).prefix(8 * frames).map(String.init)
  }

  /// A folder with the first frames as `water.extxyz`.
  static func folder(frames: Int = 200) throws -> Folder {
    let folder = try Folder()
    try folder.write(try lines(frames: frames).joined(separator: "\n") + "\n", to: "water.extxyz")
    return folder
  }
}
