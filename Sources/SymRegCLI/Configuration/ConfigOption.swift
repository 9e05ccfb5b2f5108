import ArgumentParser

/// `--config`: declared for the help; `ConfiguredArguments` reads the file before the arguments are
/// parsed.
struct ConfigOption: ParsableArguments {
  static let name = "config"

  @Option(
    help: ArgumentHelp(
      "YAML file of options, named as here without dashes; data: [FILE, FILE] names the data. What "
        + "stands on the command line wins.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var config: String?
}
