import ArgumentParser
import Logging
import PopulationSearch

/// How the process of a run works: no result depends on it.
struct ProcessOptions: ParsableArguments {
  @OptionGroup var threads: ThreadOption
  @OptionGroup var statistics: StatisticsCacheOption

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Memory that the process may hold, such as 500MB or 2GB; where it is reached the search stops, "
        + "and can be resumed with more. (default: no limit)", valueName: "size"))
  var memoryLimit: String?

  @Option(
    help: ArgumentHelp(
      "File that gets a line of JSON for each event of the run; lines are appended.",
      valueName: "file.jsonl"),
    completion: .file(extensions: ["jsonl"]))
  var events: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What is told on standard error: trace, debug, info, notice, warning, error or critical.",
      valueName: "level"))
  var logLevel = Logger.Level.warning.rawValue

  /// Bytes.
  func memory() throws -> Int? {
    try memoryLimit.map { try OptionText("--memory-limit", $0).bytes() }
  }

  func level() throws -> Logger.Level {
    try OptionText("--log-level", logLevel).choice(Logger.Level.allCases, name: \.rawValue)
  }
}
