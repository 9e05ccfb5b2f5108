import ArgumentParser
import ForceFitting

/// The distance at which pairs end.
struct CutoffOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Distance beyond which pairs do not count, Å.", valueName: "length"))
  var cutoff = "10"

  func length() throws -> Double {
    try OptionText("--cutoff", cutoff).number("a length above 0 Å") { $0 > 0 }
  }
}

/// How a potential ends at the cutoff.
struct CutoffModeOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What happens at the cutoff: constraint (the fit makes F(cutoff) = 0), shifted-force (F is "
        + "shifted by its value there) or none. (default: constraint; none for the published "
        + "values of a known potential)",
      valueName: "mode"))
  var cutoffMode: String?

  /// Nil where none is given.
  func mode() throws -> CutoffMode? {
    try cutoffMode.map {
      try OptionText("--cutoff-mode", $0).choice(CutoffMode.allCases, name: \.rawValue)
    }
  }
}
