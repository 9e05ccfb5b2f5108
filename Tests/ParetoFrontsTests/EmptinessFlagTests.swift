import Testing

@testable import ParetoFronts

@Suite struct EmptinessFlagTests {
  @Test("names are kebab-case, and each has an explanation of its own")
  func names() {
    for flag in EmptinessFlag.allCases {
      #expect(flag.rawValue.allSatisfy { $0.isLowercase || $0 == "-" }, "\(flag)")
    }
    #expect(Set(EmptinessFlag.allCases.map(\.explanation)).count == EmptinessFlag.allCases.count)
  }

  @Test("cautions do not bar, and neither do names of other versions")
  func barring() {
    #expect(!EmptinessFlag.areBarring(["attraction-below-data", "cutoff-beyond-data", "x"]))
    #expect(EmptinessFlag.areBarring(["attraction-below-data", "length-at-cutoff"]))
  }

  @Test("an entry that explains no more than one of half its size is told")
  func farSmaller() {
    // Of 10: 5 explains 4, 11 explains 4.02, 12 explains 5, 24 explains 5.02.
    let isNoBetter = FarSmaller.isNoBetter(
      sizes: [5, 9, 11, 12, 24], losses: [6, 5.99, 5.98, 5, 4.98], zeroLoss: 10)
    #expect(isNoBetter == [false, false, true, false, true])
    // Noise over all: what is explained counts, not the loss.
    #expect(
      FarSmaller.isNoBetter(sizes: [3, 9], losses: [9.99, 9.98], zeroLoss: 10) == [false, false])
    // Nearly all is explained by both, and the loss is a fifth.
    #expect(
      FarSmaller.isNoBetter(sizes: [3, 9], losses: [0.05, 0.01], zeroLoss: 10) == [false, false])
  }
}
