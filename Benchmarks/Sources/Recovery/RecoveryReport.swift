import Foundation
import Machine
import SymReg

/// All searches, and what they sum up to.
struct RecoveryReport: Codable, Sendable {
  let machine: Machine
  let versions: [String: String]
  /// Wall time of each search; nil where forms were counted.
  let seconds: Double?
  /// Forms of each search, at most; nil where only time was.
  let forms: Int?
  let threads: Int
  var runs: [RecoveryRun] = []

  /// What became of laws that were not recovered, over all runs.
  private var fates: String {
    let counts = Dictionary(grouping: runs.compactMap(\.fate)) { $0 }.mapValues(\.count)
    guard !counts.isEmpty else { return "" }
    let words = counts.sorted { $0.key.rawValue < $1.key.rawValue }
      .map { "\($0.value) \($0.key.rawValue)" }
    return "\nNot recovered: \(words.joined(separator: ", ")).\n"
  }

  /// What was found for one law, shape and noise.
  struct Cell: Sendable {
    let runs: [RecoveryRun]

    var successes: [RecoveryRun] { runs.filter(\.isRecovered) }
    /// Over the runs that found the law.
    var medianSeconds: Double? { Self.median(successes.compactMap(\.seconds)) }
    var medianFits: Double? { Self.median(successes.compactMap { $0.fits.map(Double.init) }) }

    private static func median(_ values: [Double]) -> Double? {
      guard !values.isEmpty else { return nil }
      let sorted = values.sorted()
      let middle = sorted.count / 2
      return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
  }

  func cell(where isWanted: (RecoveryRun) -> Bool) -> Cell { Cell(runs: runs.filter(isWanted)) }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }
}

extension RecoveryReport {
  /// The table of laws and shapes by noise, as Markdown.
  var markdown: String {
    let versions = versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let budget = [
      seconds.map { String(format: "%.3g s", $0) }, forms.map { "at most \($0) forms" },
    ].compactMap { $0 }.joined(separator: ", ")
    let noises = Self.unique(runs.map(\.noise))
    let places = Self.unique(runs.map { [$0.law, $0.shape] })
    let rows = places.map { place in
      let law = runs.first { $0.law == place[0] }
      return [place[0], place[1], law.map { String($0.plantedComplexity) } ?? ""]
        + noises.map { noise in
          Self.text(cell { [$0.law, $0.shape] == place && $0.noise == noise })
        }
    }
    let totals =
      ["**all**", "", ""] + noises.map { noise in Self.text(cell { $0.noise == noise }) }
    let head =
      ["law", "shape", "nodes"] + noises.map { "noise \(String(format: "%g", $0))" }
    let line = { (cells: [String]) in "| " + cells.joined(separator: " | ") + " |" }
    return """
      Machine: \(machine.processor), \(machine.cores) cores, \(machine.system). \
      \(versions.joined(separator: ", ")).
      Command: `\(machine.command)`. Searches of \(budget), \(threads) threads.
      In each cell: recovered/searches (of them so many beside the front), median seconds and fits until the law stood in the front.

      \(line(head))
      |\(String(repeating: "---|", count: head.count))
      \((rows + [totals]).map(line).joined(separator: "\n"))
      \(fates)
      """
  }

  private static func text(_ cell: Cell) -> String {
    guard !cell.runs.isEmpty else { return "" }
    let beside = cell.runs.count { $0.place == .alternatives }
    let share =
      "\(cell.successes.count)/\(cell.runs.count)" + (beside > 0 ? " (\(beside) beside)" : "")
    guard let seconds = cell.medianSeconds, let fits = cell.medianFits else { return share }
    return share + String(format: ", %.1f s, %.0f", seconds, fits)
  }

  /// In the order they come.
  private static func unique<Value: Hashable>(_ values: [Value]) -> [Value] {
    var seen: Set<Value> = []
    return values.filter { seen.insert($0).inserted }
  }
}
