import ArgumentParser
import Foundation
import Machine
import SymReg

/// Takes the measurements, one after the other.
struct MeasureCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure", abstract: "Measures the fit and prints the figures.")

  enum Part: String, CaseIterable, ExpressibleByArgument {
    case solves, constraints, candidates, recording, minima, frames, nodes, compression, scipy,
      pyoperon
  }

  @Option(help: "Parts to measure; all unless told otherwise.", transform: Self.parts)
  var only = Part.allCases
  @Option(help: "Repeats of each measurement, of which the median counts.") var repeats = 5
  @Option(help: "Python with NumPy, SciPy and pyoperon.") var python = "python3"
  @Flag(help: "One JSON object in place of tables.") var json = false
  @Option(help: "Page whose tables are renewed between its two marks.") var update: String?

  private static func parts(_ text: String) throws -> [Part] {
    try text.split(separator: ",").map { word in
      guard let part = Part(rawValue: String(word)) else {
        let names = Part.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("expected parts among \(names), found \(word)")
      }
      return part
    }
  }

  func run() async throws {
    let mix = try ReferenceMix.load()
    let data = try await WaterDimers.load()
    var report = SpeedReport(
      machine: Machine(), versions: Versions.all(), mixMean: mix.mean)
    for part in Part.allCases where only.contains(part) {
      say("measuring: \(part.rawValue)")
      try await measure(part, mix, data, into: &report)
    }
    for reason in report.skipped { say("left out: \(reason)") }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      print(String(decoding: try encoder.encode(report), as: UTF8.self))
    } else {
      print(report.markdown)
    }
    if let update { try MarkedPage(path: update).replaceTables(with: report.markdown) }
  }

  private func measure(
    _ part: Part, _ mix: ReferenceMix, _ data: WaterDimers, into report: inout SpeedReport
  ) async throws {
    switch part {
    case .solves:
      report.localSolves = ReferenceLosses.modes.flatMap {
        LocalSolves.all(mix, problem: data.problem($0), repeats: repeats)
      }
    case .constraints:
      report.constraints = ConstraintCost.all(mix, data, repeats: repeats)
    case .candidates:
      let references = try ReferenceLosses.load()
      try references.validate(mix)
      report.candidates = ReferenceLosses.modes.flatMap { mode in
        Road.allCases.map {
          CandidateFits.measured(
            mix, problem: data.problem(mode), road: $0, references: references.fits(mode),
            repeats: repeats)
        }
      }
    case .recording:
      report.recording = [
        try await RecordingCost.measured(data.problem(.shiftedForce), seconds: 60),
        try await RecordingCost.measured(data.problem(.constraint), seconds: 60),
      ]
    case .minima: report.minima = try KnownMinimum.all(data.problem(.shiftedForce))
    case .frames:
      report.scaling = try await FrameScaling.measured(
        mix, frames: try WaterDimers.frames(of: data.dataset), repetitions: 100, repeats: repeats)
    case .nodes: report.nodes = try NodeRate.all(data.statistics.grid, repeats: repeats)
    case .compression:
      report.compression = try await Compression.measured(
        try WaterDimers.frames(of: data.dataset), repeats: repeats)
    case .scipy:
      let references = try ReferenceLosses.load()
      try references.validate(mix)
      report.rawFrames = try RawFrames.measured(
        mix, problem: data.problem(.shiftedForce), references: references.fits(.shiftedForce),
        count: 10, interpreter: python)
      note(report.rawFrames?.versions, "scipy: \(python) has no NumPy or SciPy", in: &report)
    case .pyoperon:
      let measured = try PairForces.iterationLimits.compactMap {
        try PairForces.measured(
          mix, points: 20_000, iterationLimit: $0, repeats: repeats, interpreter: python)
      }
      report.pairForces = measured.isEmpty ? nil : measured
      note(measured.first?.versions, "pyoperon: \(python) has no NumPy or pyoperon", in: &report)
    }
  }

  private func note(_ versions: [String: String]?, _ reason: String, in report: inout SpeedReport) {
    if let versions {
      report.versions.merge(versions) { $1 }
    } else {
      report.skipped.append(reason)
    }
  }

  private func say(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }
}
