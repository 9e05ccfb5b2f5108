import ArgumentParser
import Foundation
import SymReg

/// Writes the reference mix anew.
struct MixCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mix", abstract: "Draws \(ReferenceMix.path) from the proposals of a search.")

  @Option(help: "Candidates the search fits.") var evaluations = 10_000
  @Option(help: "Seed of the search and the draw.") var seed: UInt64 = 1
  @Option(help: "Threads; the mix does not depend on them.") var threads = 2
  @Option(help: "File to write.") var out = ReferenceMix.path

  func run() async throws {
    let data = try await WaterDimers.load()
    let generator = MixGenerator(
      problem: data.problem(.constraint), evaluations: evaluations, seed: seed)
    let proposals = await generator.proposals(threads: threads)
    let mix = generator.mix(from: proposals)
    let useful = proposals.count { $0.fit.isCandidate && $0.fit.r2 > MixGenerator.usefulR2 }
    let sizes = proposals.map(\.tree.nodeCount)
    print(
      "\(proposals.count) proposals, \(useful) with R² above 0.2,",
      "\(Double(sizes.reduce(0, +)) / Double(sizes.count)) nodes on average")
    print("\(mix.trees.count) drawn, \(mix.mean) nodes on average")
    try mix.validate()
    let head = """
      # \(ReferenceMix.count) canonical forms drawn from \(evaluations) proposals of a search with seed \(seed)
      # (water-dimer, constraint). Made by: Speed mix --evaluations \(evaluations) --seed \(seed)

      """
    try (head + mix.trees.map(\.description).joined(separator: "\n") + "\n")
      .write(toFile: out, atomically: true, encoding: .utf8)
  }
}
