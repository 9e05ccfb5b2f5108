import ArgumentParser
import AtomicData

/// The division into training and validation frames.
struct SplitOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Share of the frames kept for validation, from 0 to below 1. (default: 0.2 for search, "
        + "else 0)", valueName: "share"))
  var validation: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seed of the division; --seed never changes it.", valueName: "number"))
  var splitSeed = "0"

  @Option(
    help: ArgumentHelp(
      "Key of the comment lines: frames with equal values stay together.", valueName: "key"))
  var group: String?

  func apply(to options: inout ReadingOptions, defaultShare: Double) throws {
    options.validationFraction =
      try validation.map {
        try OptionText("--validation", $0)
          .number("a share from 0 to below 1") { (0..<1).contains($0) }
      } ?? defaultShare
    options.splitSeed = try OptionText("--split-seed", splitSeed).seed()
    options.groupKey = group
  }
}
