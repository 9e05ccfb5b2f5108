import ArgumentParser
import Foundation
import Machine
import PlantedLaws
import SymReg

/// Whether searches find laws again that data were made with.
@main
struct RecoveryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Recovery",
    abstract: "Searches data made with known laws, and counts how many laws are found again.",
    discussion: "What counts as found is in Benchmarks/Recovery/README.md.")

  @Option(help: "Laws, separated by commas; all unless told otherwise.", transform: Self.laws)
  var laws: [PlantedLaw] = []
  @Option(help: "Noises in root mean square forces.", transform: Self.numbers)
  var noise = [0, 0.01, 0.05]
  @Option(help: "Shapes among clusters and liquid.", transform: Self.shapes)
  var shapes = SyntheticGeometry.Shape.allCases
  @Option(help: "Seeds of data and searches.", transform: Self.seeds)
  var seeds: [UInt64] = [1, 2, 3]
  @Option(help: "Seconds of each search.") var seconds = 20.0
  @Option(help: "Threads.") var threads = 2
  @Option(help: "File for the results as JSON, renewed after every search.") var json: String?
  @Option(
    help: "Searches nothing: writes the pair forces of the laws of one type, for peers/recovery.py."
  )
  var pairForces: String?
  @Flag(help: "A few searches of a fixed number of forms; fails where a law is not found again.")
  var quick = false

  func run() async throws {
    if quick { return try await runQuickly() }
    let laws = try laws.isEmpty ? PlantedLaw.all() : laws
    if let pairForces { return try await writePairForces(of: laws, to: pairForces) }
    let report = try await measured(
      laws, shapes: shapes, noises: noise, seeds: seeds,
      budget: RecoveryRun.Budget(seconds: seconds))
    print(report.markdown)
  }

  private func writePairForces(of laws: [PlantedLaw], to path: String) async throws {
    var points: [PairForcePoints] = []
    for law in laws where law.isOneType {
      for shape in shapes {
        for seed in seeds {
          let data = PlantedData(law: law, shape: shape, seed: seed, threads: threads)
          points.append(try await PairForcePoints(data))
        }
      }
    }
    try JSONEncoder().encode(points).write(to: URL(filePath: path))
  }

  /// Laws that must be found again, for continuous integration: bounded by forms, so that the load of
  /// the machine decides nothing.
  private func runQuickly() async throws {
    let report = try await measured(
      try Self.laws(Self.quickLaws), shapes: SyntheticGeometry.Shape.allCases, noises: [0],
      seeds: [1], budget: RecoveryRun.Budget(forms: Self.quickForms))
    print(report.markdown)
    let missed = report.runs.filter { !$0.isRecovered }
    guard missed.isEmpty else {
      for run in missed { say("not recovered: \(run.law), \(run.shape)") }
      throw ExitCode.failure
    }
  }

  private static let quickLaws =
    "lennard-jones,buckingham,yukawa,born-mayer-huggins"
  private static let quickForms = 10_000

  private func measured(
    _ laws: [PlantedLaw], shapes: [SyntheticGeometry.Shape], noises: [Double], seeds: [UInt64],
    budget: RecoveryRun.Budget
  ) async throws -> RecoveryReport {
    var report = RecoveryReport(
      machine: Machine(), versions: Versions.all(), seconds: budget.seconds, forms: budget.forms,
      threads: threads)
    let count = laws.count * shapes.count * noises.count * seeds.count
    for law in laws {
      for shape in shapes {
        for seed in seeds {
          let data = PlantedData(law: law, shape: shape, seed: seed, threads: threads)
          let judge = try await Judge(data)
          for noise in noises {
            let run = try await RecoveryRun.measured(
              data, noise: noise, budget: budget, judge: judge)
            report.runs.append(run)
            say("\(report.runs.count)/\(count) " + Self.line(run))
            if let json { try Data(try report.json().utf8).write(to: URL(filePath: json)) }
          }
        }
      }
    }
    return report
  }

  private static func line(_ run: RecoveryRun) -> String {
    let head =
      "\(run.law), \(run.shape), noise \(String(format: "%g", run.noise)), seed \(run.seed): "
    let found = "\(run.expression ?? "nothing")"
    guard let ground = run.ground else {
      return head + "not found (\(run.fate?.rawValue ?? "")), best \(found)"
    }
    let time = run.seconds.map { String(format: "%.1f s", $0) } ?? "the last fits"
    return head + "found after \(time) by its \(ground.rawValue), \(found)"
  }

  private func say(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }

  // MARK: Options

  private static func words(_ text: String) -> [String] {
    text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private static func laws(_ text: String) throws -> [PlantedLaw] {
    let all = try PlantedLaw.all()
    guard !words(text).isEmpty else { return all }
    return try words(text).map { word in
      guard let law = all.first(where: { $0.name == word }) else {
        throw ValidationError(
          "expected laws among \(all.map(\.name).joined(separator: ", ")), found \(word)")
      }
      return law
    }
  }

  private static func shapes(_ text: String) throws -> [SyntheticGeometry.Shape] {
    try words(text).map { word in
      guard let shape = SyntheticGeometry.Shape(rawValue: word) else {
        throw ValidationError("expected shapes among clusters and liquid, found \(word)")
      }
      return shape
    }
  }

  private static func numbers(_ text: String) throws -> [Double] {
    try words(text).map { word in
      guard let number = Double(word), number >= 0, number.isFinite else {
        throw ValidationError("expected numbers of at least 0, found \(word)")
      }
      return number
    }
  }

  private static func seeds(_ text: String) throws -> [UInt64] {
    try words(text).map { word in
      guard let seed = UInt64(word) else {
        throw ValidationError("expected whole numbers, found \(word)")
      }
      return seed
    }
  }
}
