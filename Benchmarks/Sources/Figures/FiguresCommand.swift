import ArgumentParser
import Foundation
import Machine
import SymReg

/// The figures the documents quote: what searches of a given length find on each data set.
@main
struct FiguresCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Figures",
    abstract: "Searches every data set at hand and prints the best losses by size.",
    discussion: """
      Data sets outside the repository are looked for in --data and left out, with a word, where \
      they are not.
      """)

  @Option(help: "Seconds of each search.") var timeLimit = 60.0
  @Option(help: "Seeds of the searches, one after the other.") var seeds = "1"
  @Option(
    help: "Strategy of the searches.",
    transform: { text in
      guard let strategy = SearchOptions.Strategy(rawValue: text) else {
        throw ValidationError("expected a strategy of symreg search, found \(text)")
      }
      return strategy
    })
  var strategy = SearchOptions.Strategy.auto
  @Option(help: "Part of the names of the data sets to search.") var only = ""
  @Option(help: "Threads.") var threads = ProcessInfo.processInfo.activeProcessorCount
  @Option(help: "Folder of data that is not in the repository.") var data = "../shared/data"
  @Flag(help: "JSON lines in place of a table.") var json = false

  func run() async throws {
    let machine = Machine()
    if !json {
      print(machine.description + "\nsearches of \(timeLimit) s, \(strategy), \(threads) threads\n")
    }
    for seed in seeds.split(separator: ",").compactMap({ UInt64($0) }) {
      for figure in Figure.all(data: data) where only.isEmpty || figure.name.contains(only) {
        guard figure.sources.allSatisfy({ FileManager.default.fileExists(atPath: $0.path) }) else {
          if !json { print("\(figure.name): left out, the data are not in \(data)\n") }
          continue
        }
        try await measure(figure, seed: seed)
      }
    }
  }

  private func measure(_ figure: Figure, seed: UInt64) async throws {
    var settings = figure.settings
    settings.search.threads = threads
    settings.search.seed = seed
    settings.search.strategy = strategy
    let discovery = try await Discovery.open(figure.sources, settings: settings)
    let clock = ContinuousClock()
    let limit = Duration.seconds(timeLimit)
    let outcome = try await discovery.search(deadline: clock.now + limit)
    let (document, evaluations) = (outcome.document, outcome.state.counts.evaluations)
    if json {
      let line = JSONLine(
        name: figure.name, seed: seed, evaluations: evaluations, document: document)
      print(String(decoding: try JSONEncoder().encode(line), as: UTF8.self))
      return
    }
    print(
      "\(figure.name), seed \(seed): \(evaluations) forms fitted, certified to "
        + "\(document.certifiedComplexity) nodes")
    if let floor = document.floor {
      print("  floor \(text(floor.rmse)) fitted, \(text(floor.crossValidatedRMSE)) cross-validated")
    }
    for baseline in document.baselines { print("  \(baseline.name) \(text(baseline.directRMSE))") }
    for (size, target) in figure.targets {
      guard let entry = document.front.last(where: { $0.complexity <= size }) else {
        print("  ≤ \(size) nodes: none")
        continue
      }
      let verdict = entry.directRMSE <= target ? "reached" : "MISSED"
      print(
        "  ≤ \(size) nodes: \(text(entry.directRMSE)), \(verdict) \(text(target)): \(entry.expression)"
      )
    }
    let violation = document.front.map(\.maxConstraintViolation).max() ?? 0
    let difference =
      document.front.map {
        abs($0.compressedRMSE - $0.directRMSE) / $0.directRMSE
      }.max() ?? 0
    print("  largest constraint violation \(violation), compressed against direct \(difference)\n")
  }

  /// eV/Å.
  private func text(_ error: Double) -> String { String(format: "%.5f", error) }

  private struct JSONLine: Encodable {
    let name: String
    let seed: UInt64
    let evaluations: Int
    let document: FrontDocument
  }
}
