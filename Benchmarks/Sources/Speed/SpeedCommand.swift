import ArgumentParser

/// How fast the fit is, and what it is measured on.
@main
struct SpeedCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Speed", abstract: "Measures the fit.",
    subcommands: [MixCommand.self, ReferencesCommand.self])
}
