/// Whether an entry of a front explains no more than one that is far smaller.
public enum FarSmaller {
  /// Share of an entry's size up to which another is far smaller.
  static let sizeShare = 0.5
  /// Share of what an entry explains that another has to explain to be as good.
  static let explainedShare = 0.99
  /// Multiple of the entry's loss that another may have at most to be as good: where nearly all is explained,
  /// the last hundredth is many times the loss.
  static let lossRatio = 1.05

  /// - Parameters:
  ///   - sizes: nodes, rising.
  ///   - losses: (eV/Å)², over held-out frames where there are some.
  ///   - zeroLoss: of U = 0.
  public static func isNoBetter(sizes: [Int], losses: [Double], zeroLoss: Double) -> [Bool] {
    sizes.indices.map { entry in
      sizes.indices.contains { other in
        Double(sizes[other]) <= sizeShare * Double(sizes[entry])
          && losses[other] <= lossRatio * losses[entry]
          && zeroLoss - losses[other] >= explainedShare * (zeroLoss - losses[entry])
      }
    }
  }
}
