import ArgumentParser

@main
struct SymRegCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "symreg")
}
