import AtomicData
import Foundation
import Testing

@testable import SymReg

/// Pairs chosen by the bonds between them, through the whole pipeline.
struct BondSelectionTests {
  @Test(
    "pairs by bonds explain of the solvent's forces what an independent fit found",
    arguments: [
      // R² on held-out conformations, with another spline: shared data README.
      ("bonds:1-2", nil, 0.840), ("bonds:1-2", "type", 0.852), ("bonds:3+", nil, 0.428),
      ("bonds:3+", "type", 0.682),
    ])
  func reference(pairs: String, types: String?, r2: Double) async throws {
    let discovery = try await PropertyTests.open {
      $0.reading.typesColumn = types
      $0.reading.propertyColumn = nil
      $0.reading.pairs = PairSelection(rawValue: pairs)
    }
    let floor = try #require(try await discovery.marks().floor)
    let ratio = floor.crossValidatedRMSE / discovery.dataset.meanSquareForce.squareRoot()
    #expect(abs(1 - ratio * ratio - r2) < 0.02, "\(1 - ratio * ratio)")
    #expect(discovery.dataset.pairSelection.rawValue == pairs)
  }

  @Test("bonds from a file are those from radii, and another file is other data")
  func bondsFile() async throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("symreg-bonds-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    func open(_ range: BondRange, _ bonds: [BondTopology.Bond]?) async throws -> Discovery {
      try bonds?.map { "\($0.first + 1) \($0.second + 1)\n" }.joined()
        .write(toFile: path, atomically: true, encoding: .utf8)
      return try await PropertyTests.open {
        $0.reading.typesColumn = nil
        $0.reading.propertyColumn = nil
        $0.reading.pairs = .bonds(range)
        $0.reading.bondsFile = bonds == nil ? nil : path
      }
    }
    let range = BondRange(1, through: 2)
    let found = try await open(range, nil)
    let reader = try found.dataset.makeBlockReader()
    let bonds = try #require(try reader.next()?.frames().first?.bonds?.bonds)
    #expect(bonds.count == 21)
    let given = try await open(range, bonds)
    #expect(given.statistics.all == found.statistics.all)
    let fewer = try await open(range, Array(bonds.dropLast()))
    #expect(fewer.statistics.all != found.statistics.all)
    #expect(try fewer.runData().problem != given.runData().problem)
  }
}
