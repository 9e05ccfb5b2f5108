import ArgumentParser

/// How fast the fit is, and what it is measured on.
struct SpeedCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Speed", abstract: "Measures the fit, and renews what it is measured on.",
    subcommands: [
      MeasureCommand.self, MixCommand.self, ReferencesCommand.self, WorkCommand.self,
      MemoryCommand.self,
    ],
    defaultSubcommand: MeasureCommand.self)
}
