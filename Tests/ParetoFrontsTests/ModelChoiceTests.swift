import AtomicData
import Testing

@testable import ParetoFronts

@Suite struct ModelChoiceTests {
  private static func points(
    _ losses: [Double], error: Double? = nil, barred: Set<Int> = []
  ) -> [ModelChoice.Point] {
    losses.enumerated().map {
      ModelChoice.Point(
        complexity: 3 + 2 * $0, loss: $1, standardError: error, isBarred: barred.contains($0))
    }
  }

  private static func excess(
    _ losses: [Double], error: Double
  ) -> (Int, Int) -> LossTable.Estimate {
    { .init(value: losses[$0] - losses[$1], standardError: error) }
  }

  @Test("without errors the recommended entry gains most per node among the good ones")
  func withoutErrors() {
    let points = [(3, 10.0), (10, 2.0), (12, 1.5), (17, 1.4), (20, 1.39)].map {
      ModelChoice.Point(complexity: $0.0, loss: $0.1)
    }
    // Within 1.5 times 1.39 = 2.085: gains per node 0.230, 0.144, 0.014, 0.002.
    #expect(ModelChoice.recommended(points) == 1)
    #expect(ModelChoice.recommended([]) == nil)
    #expect(ModelChoice.recommended([points[0]]) == 0)
  }

  @Test("the smallest entry within one standard error of the lowest loss is recommended")
  func oneStandardError() {
    let losses = [5, 2.1, 1.55, 1.5, 1.6]
    #expect(ModelChoice.recommended(Self.points(losses, error: 0.04)) == 3)
    #expect(ModelChoice.recommended(Self.points(losses, error: 0.06)) == 2)
    #expect(ModelChoice.recommended(Self.points(losses, error: 1)) == 1)
    // The error of the difference counts where it is known.
    let sharp = Self.excess(losses, error: 0.04)
    #expect(ModelChoice.recommended(Self.points(losses, error: 1), excess: sharp) == 3)
  }

  @Test("a barred entry is neither chosen nor the mark of the others")
  func barred() {
    let losses = [5, 2, 1.5, 0.1]
    let excess = Self.excess(losses, error: 0.01)
    #expect(ModelChoice.recommended(Self.points(losses, barred: [3]), excess: excess) == 2)
    #expect(ModelChoice.recommended(Self.points(losses, barred: [0, 1, 2, 3])) == nil)
    #expect(ModelChoice.recommended(Self.points(losses, barred: [2, 3])) == 1)
  }

  /// Frames differ in how hard they are for any form; the law is entry 2, two more entries are equal to it
  /// but for a little noise. The lowest loss is then any of the three.
  @Test("of planted entries the law is found by paired errors, a smaller form by marginal ones")
  func planted() {
    var (paired, marginal) = ([0, 0, 0, 0, 0], [0, 0, 0, 0, 0])
    for seed in 0..<200 {
      var random = RandomStream(seed: UInt64(seed), purpose: 0x6D63)
      let frameCount = 200
      let frames = (0..<frameCount).map { _ -> [Double] in
        // Heavy tails: some frames are ten times as hard.
        let hardness = 1 / (0.1 + random.nextUnit())
        return [4, 1.04, 1, 1, 1].map {
          hardness * $0 * (1 + 0.02 * (random.nextUnit() - 0.5))
        }
      }
      let losses = (0..<5).map { k in frames.reduce(0) { $0 + $1[k] } / Double(frameCount) }
      func error(_ values: [Double]) -> Double {
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (variance / Double(values.count * (values.count - 1))).squareRoot()
      }
      let points = (0..<5).map { k in
        ModelChoice.Point(
          complexity: 3 + k, loss: losses[k], standardError: error(frames.map { $0[k] }))
      }
      let excess = { (a: Int, b: Int) in
        LossTable.Estimate(
          value: losses[a] - losses[b], standardError: error(frames.map { $0[a] - $0[b] }))
      }
      if let choice = ModelChoice.recommended(points, excess: excess) { paired[choice] += 1 }
      if let choice = ModelChoice.recommended(points) { marginal[choice] += 1 }
    }
    // Never too small; one standard error leaves a larger one now and then.
    #expect(paired[0] + paired[1] == 0, "\(paired)")
    #expect(paired[2] >= 120, "\(paired)")
    #expect(marginal[1] >= 150, "\(marginal)")
  }
}
