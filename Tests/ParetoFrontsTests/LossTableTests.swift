import Testing

@testable import ParetoFronts

@Suite struct LossTableTests {
  /// U = 0, then two entries that are hard on the same frames.
  static let table = LossTable(
    losses: [4, 2, 1.9],
    covariance: [0.09, 0.03, 0.03, 0.03, 0.04, 0.0399, 0.03, 0.0399, 0.04], unitCount: 50)

  @Test("differences have the errors of pairs, not those of losses")
  func pairs() throws {
    let excess = Self.table.excess(of: 0, over: 1)
    #expect(abs(excess.value - 0.1 / 4) <= 1e-12)
    // √(0.04 + 0.04 − 2·0.0399) = 0.014142 where each loss has 0.2.
    #expect(abs((excess.standardError ?? 0) - 0.0002.squareRoot() / 4) <= 1e-9)
    let gain = Self.table.excess(of: 1, over: nil)
    #expect(abs(gain.value + 2.1 / 4) <= 1e-12)
    #expect(abs((gain.standardError ?? 0) - (0.04 + 0.09 - 0.06).squareRoot() / 4) <= 1e-12)
  }

  @Test("errors of RMSE and R² follow from those of the losses")
  func roots() {
    let rmse = Self.table.rmse(of: 0)
    #expect(rmse.value == 2.0.squareRoot())
    #expect(abs((rmse.standardError ?? 0) - 0.2 / (2 * 2.0.squareRoot())) <= 1e-12)
    let r2 = Self.table.r2(of: 0)
    #expect(r2.value == 0.5)
    // (0.04 − 2·0.5·0.03 + 0.25·0.09)/16.
    #expect(abs((r2.standardError ?? 0) - (0.0325 / 16).squareRoot()) <= 1e-12)
  }

  @Test("one unit has no errors")
  func oneUnit() {
    let table = LossTable(losses: [4, 2], covariance: [], unitCount: 1)
    #expect(!table.hasErrors)
    #expect(table.rmse(of: 0).standardError == nil)
    #expect(table.excess(of: 0, over: nil) == .init(value: -0.5, standardError: nil))
    #expect(GainTest(unitCount: 1, formCount: 1).verdicts(table) == nil)
  }
}
