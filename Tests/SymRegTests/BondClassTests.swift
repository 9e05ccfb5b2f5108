import AtomicData
import CompressedForces
import ExpressionTrees
import Foundation
import Testing

@testable import SymReg

/// Pairs by the bonds between them, through the whole pipeline.
struct BondClassTests {
  /// Chains of five atoms in random shapes, with U = 0.8 r of atoms two bonds apart beside 3/r of all pairs.
  private static func chains() -> String {
    var random = RandomStream(seed: 11)
    var text = ""
    for _ in 0..<60 {
      var positions: [SIMD3<Double>] = []
      while positions.count < 5 {
        let position = SIMD3(random.nextUnit(), random.nextUnit(), random.nextUnit()) * 6
        if positions.allSatisfy({ (($0 - position) * ($0 - position)).sum() > 2 }) {
          positions.append(position)
        }
      }
      text += "5\nProperties=species:S:1:pos:R:3:forces:R:3\n"
      for (i, position) in positions.enumerated() {
        var force = SIMD3<Double>.zero
        for (j, other) in positions.enumerated() where j != i {
          let separation = position - other
          let r = (separation * separation).sum().squareRoot()
          force += (3 / (r * r) - (abs(i - j) == 2 ? 0.8 : 0)) * separation / r
        }
        text += "C \(position.x) \(position.y) \(position.z) \(force.x) \(force.y) \(force.z)\n"
      }
    }
    return text
  }

  private static func open(
    in folder: URL, configure: (inout DiscoverySettings) -> Void = { _ in }
  ) async throws -> Discovery {
    let data = folder.appendingPathComponent("chains.xyz")
    let bonds = folder.appendingPathComponent("bonds")
    try chains().write(to: data, atomically: true, encoding: .utf8)
    try "1 2\n2 3\n3 4\n4 5\n".write(to: bonds, atomically: true, encoding: .utf8)
    var settings = DiscoverySettings()
    settings.reading.validationFraction = 0
    settings.reading.bondsFile = bonds.path
    settings.reading.usesBondClasses = true
    settings.cutoff = 12
    settings.cutoffMode = .none
    settings.search.threads = 2
    configure(&settings)
    return try await Discovery.open([DataSource(path: data.path)], settings: settings)
  }

  /// A folder that is gone afterwards.
  private static func withFolder(_ body: (URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("symreg-chains-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder)
  }

  @Test("a search finds the law of pairs two bonds apart beside that of all")
  func planted() async throws {
    try await Self.withFolder { folder in
      let discovery = try await Self.open(in: folder) {
        $0.search.maxEvaluations = 6_000
        $0.search.grammar.maxComplexity = 9
      }
      #expect(discovery.settings.search.grammar.known == [.oneBond, .twoBonds, .threeBonds])
      let document = try await discovery.search().document
      // a*B2*r + b/r
      let best = try #require(document.front.last)
      #expect(best.directRMSE < 1e-6 * document.dataset.rmsForce, "\(best)")
      #expect(best.expression.contains("B2"))
      #expect(document.grammar.known == ["B1", "B2", "B3"] && document.grammar.property == nil)
      for entry in document.front {
        #expect(abs(entry.compressedRMSE - entry.directRMSE) <= 1e-5 * document.dataset.rmsForce)
      }
    }
  }

  @Test("indicators without bond classes, and what does not go with them, are refused in one line")
  func refusals() async throws {
    try await Self.withFolder { folder in
      let tree = try ExpressionTree(parsing: "a*B2*r + b/r")
      let plain = try await Self.open(in: folder) {
        $0.reading.usesBondClasses = false
        $0.reading.pairs = .bonds(BondRange(1, through: 2))
      }
      let error = await #expect(throws: InputError.self) { try await plain.fit(tree) }
      #expect(error?.description.contains("--by-bonds") == true)
      let near = try await Self.open(in: folder) {
        $0.reading.pairs = .bonds(BondRange(1, through: 2))
      }
      #expect(near.settings.search.grammar.known == [.oneBond, .twoBonds])
      await #expect(throws: InputError.self) {
        try await near.fit(try ExpressionTree(parsing: "a*B3*r"))
      }
      await #expect(throws: InputError.self) {
        try await Self.open(in: folder) { $0.search.grammar.parameterKinds = [.pair] }
      }
      await #expect(throws: InputError.self) {
        try await Self.open(in: folder) { $0.reading.pairs = .inter }
      }
      // One class alone: nothing is told apart.
      await #expect(throws: InputError.self) {
        try await Self.open(in: folder) { $0.reading.pairs = .bonds(BondRange(2, through: 2)) }
      }
    }
  }
}
