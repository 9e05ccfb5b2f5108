import ArgumentParser
import AtomicData
import Foundation

/// The division into training and validation frames.
struct SplitOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Share of the frames kept for validation, from 0 to below 1. (default: 0.2 for search without "
        + "--folds, else 0)", valueName: "share"))
  var validation: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seed of the division; --seed never changes it.", valueName: "number"))
  var splitSeed = "0"

  @Option(
    help: ArgumentHelp(
      "Key of the comment lines: frames with equal values stay together.", valueName: "key"))
  var group: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Cross-validation: divide the training frames into so many parts, of whole groups with "
        + "--group, and fit the parameters of each entry anew without each of them. The search sees "
        + "all training frames.", valueName: "number"))
  var folds: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Values of --group whose frames are kept for validation, in place of a share; the search does "
        + "not see them.", valueName: "value,..."))
  var holdOut: String?

  func apply(to options: inout ReadingOptions, defaultShare: Double) throws {
    options.validationFraction =
      try validation.map {
        try OptionText("--validation", $0)
          .number("a share from 0 to below 1") { (0..<1).contains($0) }
      } ?? (folds == nil ? defaultShare : 0)
    options.splitSeed = try OptionText("--split-seed", splitSeed).seed()
    options.groupKey = group
    options.foldCount = try folds.map {
      let range = ReadingOptions.foldCounts
      return try OptionText("--folds", $0).integer(
        "a whole number from \(range.lowerBound) to \(range.upperBound)", in: range)
    }
    guard let holdOut else { return }
    guard validation == nil else {
      throw InputError(
        "expected --validation or --hold-out, found both", remedy: "leave one of them out")
    }
    options.heldOutGroups = try Self.values(holdOut)
    guard group != nil else {
      throw InputError(
        "expected --group with --hold-out, found none",
        remedy: "name the key that --hold-out gives values of")
    }
  }

  private static func values(_ text: String) throws -> [String] {
    let values = text.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    guard !values.contains("") else {
      throw InputError(
        "expected --hold-out to be values of the group key, separated by commas, found \"\(text)\"")
    }
    return values
  }
}
