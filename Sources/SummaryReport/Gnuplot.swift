import Foundation

/// What keeps figures from being drawn, though the input is good.
public struct PlottingError: Error, CustomStringConvertible {
  /// "expected …, found …", and what to do about it, in one line.
  public let description: String
}

/// Draws figures by the program gnuplot, some at a time.
public struct Gnuplot: Sendable {
  private let path: String

  private static let program = "gnuplot"

  /// Finds the program in the folders of `PATH`.
  ///
  /// - Throws: `PlottingError` where it is in none of them.
  public init(searchPath: String? = ProcessInfo.processInfo.environment["PATH"]) throws {
    let folders = (searchPath ?? "").split(separator: ":").filter { $0.hasPrefix("/") }
    guard
      let path = folders.map({ "\($0)/\(Self.program)" })
        .first(where: FileManager.default.isExecutableFile)
    else {
      throw PlottingError(
        description: "expected the program gnuplot, found none in PATH; install it: "
          + "apt-get install gnuplot-nox")
    }
    self.path = path
  }

  /// Draws figures.
  ///
  /// - Parameter processes: of gnuplot at the same time.
  /// - Returns: the bytes of their files.
  func draw(_ plots: [Plot], as format: Plot.Format, processes: Int) throws -> [Data] {
    let folder = try TemporaryFolder()
    let files = plots.indices.map { folder.path("\($0).\(format.rawValue)") }
    // One process draws many: to start it takes longer than a figure.
    let count = max(1, min(processes, plots.count))
    let running = try (0..<count).map { number in
      let own = plots.indices.filter { $0 % count == number }
      let script = own.map { plots[$0].script(as: format, to: files[$0]) }.joined()
      return try start(script, in: folder, number)
    }
    for process in running { process.process.waitUntilExit() }
    return try zip(plots, files).map { plot, file in
      guard let data = FileManager.default.contents(atPath: file), !data.isEmpty else {
        throw Self.failure(plot, running.map(\.errors))
      }
      return data
    }
  }

  private func start(
    _ script: String, in folder: TemporaryFolder, _ number: Int
  ) throws -> (process: Process, errors: String) {
    let (input, errors) = (folder.path("\(number).gp"), folder.path("\(number).txt"))
    try Data(script.utf8).write(to: URL(fileURLWithPath: input))
    try Data().write(to: URL(fileURLWithPath: errors))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    // No settings of the user's. A file: of standard input gnuplot reads every byte by itself.
    process.arguments = ["-d", input]
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["LC_ALL": "C.UTF-8", "GNUTERM": "unknown"]) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
    do {
      try process.run()
    } catch {
      throw PlottingError(description: "\(path): expected gnuplot to start, found: \(error)")
    }
    return (process, errors)
  }

  private static func failure(_ plot: Plot, _ files: [String]) -> PlottingError {
    let texts = files.compactMap { try? String(contentsOfFile: $0, encoding: .utf8) }
    let lines = texts.joined(separator: "\n").split(whereSeparator: \.isNewline)
    // gnuplot repeats the line, marks the place, then says what is wrong.
    let reason =
      lines.lazy.map { $0.trimmingCharacters(in: .whitespaces) }
      .first { $0.contains(", line ") || $0.contains(": ") } ?? "no file"
    return PlottingError(
      description: "expected gnuplot to draw \(plot.name), found: \(reason.prefix(200)); it takes "
        + "gnuplot 5.2 or newer with its cairo terminals")
  }
}

/// A folder of its own, gone with the last reference.
final class TemporaryFolder: Sendable {
  private let folder: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(
      path: "symreg-figures-\(UUID().uuidString)")
    do {
      try FileManager.default.createDirectory(
        at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw PlottingError(
        description: "\(url.path): expected a folder for figures, found: "
          + "\(error.localizedDescription)")
    }
    folder = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { "\(folder)/\(name)" }
}
