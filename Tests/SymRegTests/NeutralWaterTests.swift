import Foundation
import Testing

@testable import SymReg

/// Neutral molecules on the water dimers of the repository.
struct NeutralWaterTests {
  private static let path = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Datasets/water-dimer/water-dimer.extxyz").path

  @Test("a neutral X/r + Y*exp(-b*r) loses less than 2 % of the free fit")
  func neutral() async throws {
    func entry(_ neutral: [String]) async throws -> (FrontEntry, FitOutcome) {
      var settings = DiscoverySettings()
      settings.cutoffMode = .shiftedForce
      settings.reading.validationFraction = 0
      settings.search.threads = 2
      settings.constraints.neutral = neutral
      let discovery = try await Discovery.open([DataSource(path: Self.path)], settings: settings)
      let (document, fit) = try await discovery.fit(
        try ExpressionTree(parsing: "X/r + Y*exp(-b*r)"))
      return (try #require(document.front.first), fit)
    }
    let (free, freeFit) = try await entry([])
    let (bound, boundFit) = try await entry(["X"])
    guard case .byName(let charges)? = bound.parameters["X"] else {
      Issue.record("no factors of X")
      return
    }
    let (oxygen, hydrogen) = (charges["O"] ?? .nan, charges["H"] ?? .nan)
    #expect(abs(oxygen + 2 * hydrogen) <= 1e-10 && abs(oxygen) > 1)
    #expect(boundFit.meanSquaredForceError >= freeFit.meanSquaredForceError)
    #expect(boundFit.meanSquaredForceError <= 1.02 * freeFit.meanSquaredForceError)
    #expect(bound.constraintViolations?.count == 1 && free.constraintViolations == nil)
    // A charge that the other determines has no freedom of its own: their errors are in proportion.
    let errors = try #require(bound.uncertainty?.standardErrors["X"])
    guard case .byName(let error) = errors else {
      Issue.record("no errors of X")
      return
    }
    #expect(abs((error["O"] ?? .nan) - 2 * (error["H"] ?? .nan)) <= 1e-6)
  }
}
