#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Which entry of a front to look at first.
///
/// The one-standard-error rule: the smallest entry whose loss on held-out frames is within one standard
/// error of the lowest (Breiman, Friedman, Olshen, Stone, Classification and Regression Trees, 1984, section
/// 3.4.3; Hastie, Tibshirani, Friedman, The Elements of Statistical Learning, 2nd ed. 2009, section 7.10).
/// The error is that of the difference to the lowest, since both are measured on the same frames; the
/// error of the lowest loss itself is mostly what makes frames hard for every form, and would choose too
/// small ones (Yates et al., Ecol. Monogr. 93, e1557 (2023), doi 10.1002/ecm.1557).
///
/// Without errors the rule of PySR (Cranmer, arXiv:2305.01582, section 3): among the entries whose loss
/// is at most 1.5 times the lowest, the one that lowers the logarithm of the loss most per node, against
/// the entry before it.
public enum ModelChoice {
  /// An entry; the loss is over held-out frames where there are some.
  public struct Point: Sendable {
    public let complexity: Int
    public let loss: Double
    /// Of the loss, nil where it is not known.
    public let standardError: Double?
    /// Whether it is not to be chosen, whatever its loss.
    public let isBarred: Bool

    public init(
      complexity: Int, loss: Double, standardError: Double? = nil, isBarred: Bool = false
    ) {
      self.complexity = complexity
      self.loss = loss
      self.standardError = standardError
      self.isBarred = isBarred
    }
  }

  /// Losses up to this many times the lowest are good enough.
  static let tolerance = 1.5

  /// Number of the recommended entry; nil where all are barred.
  ///
  /// - Parameters:
  ///   - points: by rising complexity.
  ///   - excess: by how much the loss of one entry is above that of another, with the error of the
  ///     difference; nil where it is not known: then the errors of the points count, if they have some.
  public static func recommended(
    _ points: [Point], excess: ((_ entry: Int, _ other: Int) -> LossTable.Estimate)? = nil
  ) -> Int? {
    let allowed = points.indices.filter { !points[$0].isBarred && points[$0].loss.isFinite }
    guard let best = allowed.min(by: { points[$0].loss < points[$1].loss }) else { return nil }
    if let excess {
      return allowed.first { entry in
        if entry == best { return true }
        let difference = excess(entry, best)
        return difference.value <= difference.standardError ?? 0
      }
    }
    if let error = points[best].standardError {
      return allowed.first { points[$0].loss <= points[best].loss + error }
    }
    return steepest(points, allowed)
  }

  private static func steepest(_ points: [Point], _ allowed: [Int]) -> Int? {
    let lowest = allowed.map { points[$0].loss }.min() ?? 0
    var best: (index: Int, gain: Double)?
    for index in allowed where points[index].loss <= tolerance * lowest {
      let point = points[index]
      // The first entry is compared with nothing: it wins where no other is good enough.
      let gain =
        index == 0
        ? 0
        : log(points[index - 1].loss / point.loss)
          / Double(point.complexity - points[index - 1].complexity)
      if gain > best?.gain ?? -.infinity { best = (index, gain) }
    }
    return best?.index
  }
}
