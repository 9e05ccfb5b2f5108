import ArgumentParser
import Foundation
import Machine
import SymReg

/// The studies of docs/guides/: searches whose results the guides quote.
@main
struct StudiesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Studies", abstract: "Makes the figures of the guides.",
    discussion: "Run it at the top of the repository, or say where the data are.",
    subcommands: [
      SolventCommand.self, PoorCommand.self, WaterCommand.self, ArgonCommand.self,
    ])
}

/// What every study is told.
struct StudyOptions: ParsableArguments {
  @Option(help: "Seconds of each search.") var seconds = 120.0
  @Option(help: "Threads.") var threads = ProcessInfo.processInfo.activeProcessorCount
  @Option(help: "File for the results as JSON, renewed after every search.") var json: String?

  func write(_ results: some Encodable) throws {
    guard let json else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(results).write(to: URL(filePath: json))
  }

  static func say(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }
}
