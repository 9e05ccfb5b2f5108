import ArgumentParser
import AtomicData
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

  @Argument(
    help: ArgumentHelp("Folder that `symreg search` wrote.", valueName: "run"),
    completion: .directory)
  var run: String

  @Argument(
    help: ArgumentHelp(
      "The data of the run, where they are not in their old place any more.", valueName: "data"),
    completion: .file())
  var data: [String] = []

  @OptionGroup(title: "Process") var process: ProcessOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    let start = ContinuousClock.now
    let folder = try RunFolder(continuing: run)
    let arguments = try folder.store(for: .reading).stages().last?.arguments ?? []
    try await RunSession(
      folder: folder, beginning: .resumed,
      search: try SearchCommand.ofRun(arguments, data: data), process: process,
      console: output.console, start: start
    ).run()
  }
}

extension SearchCommand {
  /// The search that stored arguments describe.
  ///
  /// - Parameter data: in place of its own; empty: its own.
  static func ofRun(_ arguments: [String], data: [String]) throws -> SearchCommand {
    let options = arguments.filter { $0.hasPrefix("--") }
    return try SearchCommand.parse(
      data.isEmpty ? arguments : options + ["--"] + data)
  }
}
