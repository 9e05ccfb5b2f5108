import ArgumentParser
import Foundation

/// Writes the reference losses anew.
struct ReferencesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "references",
    abstract: "Fits the mix from many starts and writes \(ReferenceLosses.path).")

  @Option(help: "Starts of each form and road.") var starts = 50
  @Option(help: "Threads; the losses do not depend on them.") var threads = 2
  @Option(help: "File to write.") var out = ReferenceLosses.path

  func run() async throws {
    let losses = await ReferenceLosses.measured(
      try ReferenceMix.load(), data: try await WaterDimers.load(), starts: starts,
      threads: threads)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(losses).write(to: URL(filePath: out))
  }
}
