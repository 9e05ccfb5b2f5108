import ArgumentParser

/// A second estimate of standard errors.
struct BootstrapOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Standard errors from so many fits to resampled frames, beside those of the sandwich "
        + "estimate; 0 for none.", valueName: "fits"))
  var bootstrap = "0"

  func samples() throws -> Int {
    if bootstrap == "0" { return 0 }
    return try OptionText("--bootstrap", bootstrap)
      .integer("0 or a number of fits from 10 to 100000", in: 10...100_000)
  }
}
