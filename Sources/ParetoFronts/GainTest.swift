#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Whether the entries of a front are better than no force, and than what is smaller, beyond chance.
///
/// Two paired, one-sided tests over the units of the data, of which one has to be passed (Diebold, Mariano, J. Bus. Econ.
/// Stat. 13, 253 (1995), doi 10.1080/07350015.1995.10524599, for losses of forecasts): the t test of the mean
/// difference of two losses, in units of its own error, and the sign test, how many units are
/// better. Where few units carry most of the loss the mean difference has an error as large as itself,
/// however many of the others are better. Where the form was
/// chosen with the frames it is judged on, as in cross-validation after a search, the choice may have
/// added to the gain: the largest of M standard normal numbers is at most √(2 ln M) on average (Boucheron,
/// Lugosi, Massart, Concentration Inequalities, 2013, theorem 2.5), so much more is asked of it.
public struct GainTest: Sendable {
  /// Probability of a gain by chance alone; each of the two tests has half of it.
  public static let level = 0.01

  /// Gains in units of their error above which they count.
  public let threshold: Double

  /// - Parameters:
  ///   - unitCount: frames or groups.
  ///   - formCount: forms that were tried on the frames that judge; 1: the form was chosen without them.
  public init(unitCount: Int, formCount: Int) {
    threshold =
      StudentDistribution(degreesOfFreedom: unitCount - 1).quantile(ofTail: Self.level / 2)
      + (2 * log(Double(max(1, formCount)))).squareRoot()
  }

  /// What became of an entry.
  public enum Verdict: Sendable, Hashable {
    case gain
    /// No better than U = 0.
    case nothing
    /// No better than the last smaller entry that had a gain.
    case noGainOverSmaller
  }

  /// Whether the loss of an entry is below that of another, nil: of U = 0, beyond chance.
  public func isGain(_ table: LossTable, of entry: Int, over other: Int?) -> Bool {
    let excess = table.excess(of: entry, over: other)
    guard let error = excess.standardError, excess.value < 0 else { return false }
    return -excess.value > threshold * error
      || table.signScore(of: entry, over: other) ?? 0 > threshold
  }

  /// The verdicts on the entries by rising complexity; nil where there are no errors.
  ///
  /// Each is compared with the last one that had a gain, so that many small gains add up.
  ///
  /// - Parameters:
  ///   - table: the losses on held-out frames.
  ///   - isBarred: by entry: whether something else is wrong with it, so that no other need be better;
  ///     empty: with none.
  public func verdicts(_ table: LossTable, isBarred: [Bool] = []) -> [Verdict]? {
    guard table.hasErrors else { return nil }
    var reference: Int?
    return table.losses.indices.map { entry in
      guard isGain(table, of: entry, over: nil) else { return .nothing }
      if let reference, !isGain(table, of: entry, over: reference) {
        return .noGainOverSmaller
      }
      if !(isBarred.indices.contains(entry) && isBarred[entry]) { reference = entry }
      return .gain
    }
  }
}
