import Foundation
import Testing

@testable import SymReg

/// What the key of statistics on disk depends on.
struct StatisticsKeyTests {
  private static let frames = (0..<12).map { frame in
    """
    4
    Properties=species:S:1:pos:R:3:kind:S:1:forces:R:3:other:R:3:se:R:3 set=\(frame / 2) \
    energy=-1 w=2 virial="1 2 3 4 5 6" stress="1 2 3 4 5 6" Lattice="40 0 0 0 40 0 0 0 40"
    O 0 0 0 a 1 0 0 0 1 0 1 1 1
    H 0 0 \(1 + Double(frame) / 100) b 0 1 0 0 0 1 1 1 1
    O 0 9 0 a 0 0 1 1 0 0 1 1 1
    H 0 9 1.5 b 1 1 0 0 1 1 1 1 1

    """
  }

  private static func key(
    files: [[String]] = [frames], weight: Double = 1, forces: String = "forces",
    pointCount: Int = 56, threads: Int = 1,
    model: (inout DiscoverySettings) -> Void = { _ in },
    configure: (inout ReadingOptions) -> Void = { _ in }
  ) async throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "symreg-key-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let sources = try files.enumerated().map { index, frames in
      let file = folder.appendingPathComponent("\(index).extxyz")
      try Data(frames.joined().utf8).write(to: file)
      return DataSource(
        path: file.path, forces: try ColumnExpression(forces), weight: weight)
    }
    var options = ReadingOptions()
    configure(&options)
    let dataset = try await Dataset.open(sources, options: options, threads: threads)
    var settings = DiscoverySettings()
    model(&settings)
    return try Discovery.statisticsKey(
      dataset, sha256: try DataDigest.sha256(ofFiles: sources.map(\.path)), settings: settings,
      pointCount: pointCount)
  }

  @Test("the place of the files and the number of threads do not change the key")
  func same() async throws {
    #expect(try await Self.key() == Self.key(threads: 2))
  }

  @Test("the data and each setting that changes the statistics change the key")
  func each() async throws {
    let keys = try await [
      Self.key(),
      Self.key(files: [Array(Self.frames.dropLast())]),
      Self.key(files: [Array(Self.frames.prefix(5)), Array(Self.frames.dropFirst(5))]),
      Self.key(files: [Array(Self.frames.prefix(7)), Array(Self.frames.dropFirst(7))]),
      Self.key(weight: 2),
      Self.key(forces: "other"),
      Self.key(forces: "forces-other"),
      Self.key(model: { $0.cutoff = 8.5 }),
      Self.key(model: { $0.cutoffMode = .switched }),
      Self.key(model: {
        $0.cutoffMode = .switched
        $0.switchWidth = 2
      }),
      Self.key(model: { $0.targetWeights = [.virials: 1] }),
      Self.key(model: { $0.targetWeights = [.virials: 1, .energies: 0.1] }),
      Self.key(model: { $0.shiftsEnergies = false }),
      Self.key(pointCount: 57),
      Self.key(configure: { $0.typesColumn = "kind" }),
      Self.key(configure: { $0.moleculeSize = 2 }),
      Self.key(configure: {
        $0.moleculeSize = 2
        $0.pairs = .all
      }),
      Self.key(configure: { $0.units = .real }),
      Self.key(configure: { $0.validationFraction = 0.3 }),
      Self.key(configure: { $0.splitSeed = 1 }),
      Self.key(configure: { $0.groupKey = "set" }),
      Self.key(configure: { $0.weightKey = "w" }),
      Self.key(configure: { $0.errorKey = "se" }),
      Self.key(configure: { $0.forceScale = 1 }),
      Self.key(configure: { $0.forceScale = 1.5 }),
      Self.key(configure: { $0.readsEnergies = true }),
      Self.key(configure: {
        $0.readsEnergies = true
        $0.energyKey = "energy-w"
      }),
      Self.key(configure: { $0.readsVirials = true }),
      Self.key(configure: {
        $0.readsVirials = true
        $0.virialKey = "stress"
      }),
    ]
    for (index, key) in keys.enumerated() {
      #expect(!keys[..<index].contains(key), "number \(index)")
    }
  }
}
