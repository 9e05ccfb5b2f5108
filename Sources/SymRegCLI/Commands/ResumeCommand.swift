import ArgumentParser
import AtomicData
import Foundation
import RunStorage

/// `symreg resume`: a stopped search goes on as if it had not stopped.
struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Go on with a run that was stopped.",
    discussion: """
      After Ctrl-C, kill -9, a full disk or a power cut the search goes on where its database stands, \
      with the options it was begun with, and ends with the front.json of a run that was never \
      stopped. The time limit counts the time of all its processes. A run that is finished gets its \
      last fits and its front, and no more.

        symreg resume runs/water-dimer-001
      """)

  @OptionGroup var input: RunAndData
  @OptionGroup(title: "Process") var process: ProcessOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    let start = ContinuousClock.now
    let folder = try RunFolder(continuing: input.run)
    let journal = try process.journal(start: start)
    try await RunSession(
      folder: folder, beginning: .resumed,
      search: try SearchCommand.ofRun(folder, try folder.store(for: .writing), data: input.data),
      process: process, console: output.console, journal: journal, start: start
    ).run()
  }
}

extension SearchCommand {
  /// The search that a run keeps as its last stage.
  ///
  /// - Parameter data: in place of its own; empty: its own.
  /// - Throws: `InputError` where its arguments are not those of a search, or its data are gone.
  static func ofRun(
    _ folder: RunFolder, _ store: RunStore, data: [String]
  ) throws -> SearchCommand {
    let arguments = try store.stages().last?.arguments ?? []
    guard data.isEmpty else {
      return try ofRun(folder, arguments.filter { $0.hasPrefix("--") } + ["--"] + data)
    }
    let search = try ofRun(folder, arguments)
    for source in try search.data.sources()
    where !FileManager.default.fileExists(atPath: source.path) {
      throw InputError(
        file: source.path, "expected a file, found none",
        remedy: "if the run's data have moved, name them behind \(folder.path)")
    }
    return search
  }

  static func ofRun(_ folder: RunFolder, _ arguments: [String]) throws -> SearchCommand {
    do {
      return try SearchCommand.parse(arguments)
    } catch {
      throw InputError(
        file: folder.path, "expected the arguments of a search, found others",
        remedy: "the run was made by another version of symreg, or changed")
    }
  }
}
