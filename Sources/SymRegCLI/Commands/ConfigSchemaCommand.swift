import ArgumentParser
import RunConfiguration

/// `symreg config-schema`: what may stand in a configuration file.
struct ConfigSchemaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config-schema",
    abstract: "Print the JSON Schema of the file of --config, for editors.",
    discussion: """
        symreg config-schema > symreg.schema.json
      """)

  func run() async throws {
    try Console(isJSON: true).printJSON(
      ConfigSchemaDocument(ConfigSchema(of: SymRegCommand.self)))
  }
}
