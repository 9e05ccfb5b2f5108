import AtomicData
import Testing

@testable import ParetoFronts

@Suite struct GainTestTests {
  /// Entries with independent errors of 0.1 around these losses; U = 0 at 10.
  private static func table(_ losses: [Double], error: Double = 0.1) -> LossTable {
    let n = losses.count + 1
    let covariance = (0..<n * n).map { $0 / n == $0 % n ? error * error / 2 : 0 }
    return LossTable(losses: [10] + losses, covariance: covariance, unitCount: 1_000)
  }

  @Test("the verdicts follow gains beyond chance, and small gains add up")
  func verdicts() {
    // Differences have an error of 0.1; the threshold is 2.33 of them.
    let test = GainTest(unitCount: 1_000, formCount: 1)
    let losses = [9.9, 8, 7.85, 7.7, 7.69]
    #expect(
      test.verdicts(Self.table(losses))
        == [.nothing, .gain, .noGainOverSmaller, .gain, .noGainOverSmaller])
    // What is barred is no mark for others.
    #expect(
      test.verdicts(Self.table(losses), isBarred: [false, true, false, true, false])
        == [.nothing, .gain, .gain, .noGainOverSmaller, .noGainOverSmaller])
  }

  @Test("more is asked where the form was chosen on the same frames")
  func allowance() {
    let plain = GainTest(unitCount: 1_000, formCount: 1).threshold
    let searched = GainTest(unitCount: 1_000, formCount: 100_000).threshold
    // √(2 ln 10⁵) = 4.7985.
    #expect(abs(searched - plain - 4.79853) <= 1e-4)
    #expect(GainTest(unitCount: 5, formCount: 1).threshold > plain)
  }

  @Test("a gain by chance passes as often as the level says")
  func level() {
    var random = RandomStream(seed: 8, purpose: 0x6761)
    let test = GainTest(unitCount: 12, formCount: 1)
    var passes = 0
    for _ in 0..<5_000 {
      let gains = (0..<12).map { _ in
        (0..<12).reduce(-6.0) { sum, _ in sum + random.nextUnit() }
      }
      let mean = gains.reduce(0, +) / 12
      let variance = gains.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 11
      let excess = LossTable.Estimate(value: -mean, standardError: (variance / 12).squareRoot())
      if test.isGain(excess) { passes += 1 }
    }
    // 50 expected, with a standard deviation of 7.
    #expect((25...75).contains(passes), "\(passes)")
  }
}
