import ArgumentParser

/// When a search ends.
struct BudgetOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Time of the whole command, such as 90, 60s, 10min or 1h, with reading before and the last "
        + "fits and scores after the search.", valueName: "time"))
  var timeLimit = "10min"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Expressions fitted, at most. Equal numbers give equal results on any machine's number of "
        + "threads. (default: no limit)", valueName: "number"))
  var maxEvaluations: String?

  func seconds() throws -> Double { try OptionText("--time-limit", timeLimit).duration() }

  func evaluations() throws -> Int? {
    try maxEvaluations.map {
      try OptionText("--max-evaluations", $0)
        .integer("a whole number of at least 1", in: 1...Int.max)
    }
  }
}
