import AtomicData
import Foundation

@testable import SymReg

/// Data of a known law, opened as a user opens them.
struct PlantedDiscovery {
  var law = "a/r^12 - b/r^6"
  var parameters: [String: ParameterValue] = ["a": .number(100_100), "b": .number(64.2)]
  var frames = 120
  var atoms = ["Ar": 8]
  /// Å
  var smallestDistance = 3.0
  /// Of the data; that of the discovery is 10 Å unless changed.
  var cutoff = 10.0
  var noise = 0.0
  var seed: UInt64 = 1
  /// Value of the key `group` by the number of a frame.
  var group: (@Sendable (Int) -> Int)?

  /// Calls `body` with the data, whose file is gone afterwards.
  func open<Result>(
    _ configure: (inout DiscoverySettings) -> Void = { _ in },
    body: (Discovery) async throws -> Result
  ) async throws -> Result {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("planted-\(UUID().uuidString).extxyz").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var options = SyntheticOptions()
    options.frameCount = frames
    options.geometry = SyntheticGeometry(atoms: atoms, smallestDistance: smallestDistance)
    options.cutoff = cutoff
    options.noise = noise
    options.seed = seed
    try await SyntheticFrames(
      of: try ExpressionTree(parsing: law), parameters: parameters, options: options, threads: 2
    ).write(to: path)
    if let group {
      var number = 0
      let lines = try String(contentsOfFile: path, encoding: .utf8)
        .split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
          guard line.contains("Properties=") else { return String(line) }
          defer { number += 1 }
          return line + " group=\(group(number))"
        }
      try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }
    var settings = DiscoverySettings()
    settings.cutoffMode = .shiftedForce
    settings.reading.validationFraction = 0
    settings.search.threads = 2
    configure(&settings)
    return try await body(try await Discovery.open([DataSource(path: path)], settings: settings))
  }
}
