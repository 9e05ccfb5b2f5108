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
    // Differences have an error of 0.1; the threshold is 2.58 of them.
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
      if test.isGain(Self.table(gains: gains), of: 0, over: nil) { passes += 1 }
    }
    // 25 of the t test, with a standard deviation of 5, and 1 of the sign test.
    #expect((10...45).contains(passes), "\(passes)")
  }

  /// One entry and how much less than U = 0 its error is in each unit.
  private static func table(gains: [Double]) -> LossTable {
    let count = Double(gains.count)
    let mean = gains.reduce(0, +) / count
    let variance = gains.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1) / count
    let (lower, higher) = (gains.count { $0 > 0 }, gains.count { $0 < 0 })
    return LossTable(
      losses: [100, 100 - mean], covariance: [variance, 0, 0, 0],
      lowerCounts: [0, higher, lower, 0], unitCount: gains.count)
  }

  @Test("a gain in nearly all units counts, though few units carry most of it")
  func heavyTails() {
    var random = RandomStream(seed: 9, purpose: 0x6761)
    let test = GainTest(unitCount: 500, formCount: 100_000)
    var gains = (0..<500).map { _ in random.nextUnit() - 0.1 }
    gains[7] = 20_000
    let table = Self.table(gains: gains)
    let excess = table.excess(of: 0, over: nil)
    #expect(-excess.value <= 1.01 * (excess.standardError ?? 0))
    #expect(test.isGain(table, of: 0, over: nil))
    // Half of the units better, half worse, and one that carries all: that may be chance.
    gains = gains.indices.map { $0 % 2 == 0 ? gains[$0] : -gains[$0] }
    gains[8] = 20_000
    #expect(!test.isGain(Self.table(gains: gains), of: 0, over: nil))
    // Smaller errors in nearly all units are no gain where the mean is larger.
    gains = gains.map { min(abs($0), 1) }
    gains[8] = -20_000
    #expect(!test.isGain(Self.table(gains: gains), of: 0, over: nil))
  }
}
