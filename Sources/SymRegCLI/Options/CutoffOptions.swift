import ArgumentParser
import AtomicData
import ForceFitting
import SymReg

/// The distance at which pairs end.
struct CutoffOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Distance beyond which pairs do not count, Å.", valueName: "length"))
  var cutoff = "10"

  func length() throws -> Double { try Self.length(cutoff) }

  fileprivate static func length(_ text: String) throws -> Double {
    try OptionText("--cutoff", text).number("a length above 0 Å") { $0 > 0 }
  }
}

/// The same where a file may say it.
struct FileCutoffOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Distance beyond which pairs do not count, Å. (default: that of the file where --potential is one, "
        + "else 10)", valueName: "length"))
  var cutoff: String?

  /// - Parameter ofFile: Å; nil where there is none.
  func length(ofFile: Double?) throws -> Double {
    try cutoff.map(CutoffOption.length) ?? ofFile ?? DiscoverySettings().cutoff
  }
}

/// How a potential ends at the cutoff.
struct CutoffModeOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What happens at the cutoff: constraint (the fit makes F(cutoff) = 0), shifted-force (F is "
        + "shifted by its value there), switch (U goes smoothly to 0) or none. (default: "
        + "constraint; shifted-force for generate; none where evaluate takes the published values "
        + "of a known potential)",
      valueName: "mode"))
  var cutoffMode: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Length over which --cutoff-mode switch takes U to 0, Å. (default: 1)", valueName: "length"))
  var switchWidth: String?

  /// - Parameters:
  ///   - standard: where no mode is given.
  ///   - standardWidth: Å, where no width is given; nil: the default.
  func apply(
    to settings: inout DiscoverySettings, standard: CutoffMode, standardWidth: Double? = nil
  ) throws {
    settings.cutoffMode = try mode() ?? standard
    if let standardWidth, standardWidth < settings.cutoff { settings.switchWidth = standardWidth }
    guard let switchWidth else { return }
    guard settings.cutoffMode == .switched else {
      throw InputError("expected --switch-width with --cutoff-mode switch, found it without")
    }
    let cutoff = settings.cutoff
    settings.switchWidth = try OptionText("--switch-width", switchWidth)
      .number("a length above 0 Å and below the cutoff") { $0 > 0 && $0 < cutoff }
  }

  /// Nil where none is given.
  private func mode() throws -> CutoffMode? {
    try cutoffMode.map {
      try OptionText("--cutoff-mode", $0).choice(CutoffMode.allCases, name: \.rawValue)
    }
  }
}
