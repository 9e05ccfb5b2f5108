import AtomicData
import Foundation
import RunConfiguration
import RunStorage

/// The arguments of a search as its run keeps them, so that another process can go on with it.
enum RunArguments {
  /// Options that say how a process works, not what a search finds.
  private static let ofProcess: Set<String> = [
    "config", "events", "extend", "json", "log-level", "memory-limit", "out", "statistics-cache",
    "threads",
  ]
  /// Options of one stage, which an extension does not inherit.
  private static let ofStage: Set<String> = ["max-evaluations", "time-limit"]

  /// What decides the result, as `--name=value`, then the data; paths are absolute.
  ///
  /// - Parameter arguments: those of a search behind its name, with those of `--config` among them.
  static func stored(_ arguments: some Sequence<String>) throws -> [String] {
    let command = try searchCommand()
    let given = GivenArguments(arguments, command: command)
    let options = given.options.filter { !ofProcess.contains($0.name) }.map { option in
      let value = option.value.map { value in
        command[option.name].map { $0.isPath && !$0.words.contains(value) } ?? false
          ? absolute(value) : value
      }
      return "--" + option.name + (value.map { "=" + $0 } ?? "")
    }
    return options + given.arguments.map(absolute)
  }

  /// `search --extend RUN …` with the arguments of the run, except those that are given.
  ///
  /// - Throws: `InputError` where there is no run.
  static func extended(_ arguments: [String]) throws -> [String] {
    guard arguments.first == "search",
      arguments.contains(where: { $0 == "--extend" || $0.hasPrefix("--extend=") })
    else { return arguments }
    let command = try searchCommand()
    let given = GivenArguments(arguments.dropFirst(), command: command)
    guard !given.wantsHelp, let run = given.values(of: "extend").last else { return arguments }
    let store = try RunFolder(existing: run).store(for: .reading)
    let earlier = GivenArguments(try store.stages().last?.arguments ?? [], command: command)
    let options = earlier.options
      .filter { !given.has($0.name) && !ofStage.contains($0.name) }
      .map { "--" + $0.name + ($0.value.map { "=" + $0 } ?? "") }
    return ["search"] + options + (given.arguments.isEmpty ? earlier.arguments : [])
      + arguments.dropFirst()
  }

  /// Stored arguments with the data where they are now.
  static func moved(_ arguments: [String], to data: [String]) -> [String] {
    arguments.filter { $0.hasPrefix("--") } + data.map(absolute)
  }

  private static func searchCommand() throws -> ConfigSchema.Command {
    guard let command = try ConfigSchema(of: SymRegCommand.self)[command: "search"] else {
      throw CommandFailure(description: "expected a command search, found none")
    }
    return command
  }

  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }
}
