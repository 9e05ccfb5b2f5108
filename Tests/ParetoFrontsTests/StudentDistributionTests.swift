import Testing

@testable import ParetoFronts

@Suite struct StudentDistributionTests {
  @Test(
    "quantiles are those of the tables",
    arguments: [
      (1, 0.05, 6.313751515), (4, 0.01, 3.746947388), (10, 0.05, 1.812461123),
      (30, 0.01, 2.457261542), (1_000_000, 0.01, 2.326352),
    ])
  func quantiles(freedom: Int, tail: Double, value: Double) {
    let distribution = StudentDistribution(degreesOfFreedom: freedom)
    #expect(abs(distribution.quantile(ofTail: tail) - value) <= 1e-5)
    #expect(abs(distribution.tail(above: value) - tail) <= 1e-6)
    #expect(abs(distribution.tail(above: -value) - (1 - tail)) <= 1e-6)
  }
}
