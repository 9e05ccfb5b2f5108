#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Which entry of a front to look at first.
///
/// The rule of PySR (Cranmer, arXiv:2305.01582, section 3): among the entries whose loss is at most
/// 1.5 times the lowest, the one that lowers the logarithm of the loss most per node, against the
/// entry before it.
public enum ModelChoice {
  /// Complexity and loss of an entry, the loss over validation data where there is some.
  public struct Point: Sendable {
    public let complexity: Int
    public let loss: Double

    public init(complexity: Int, loss: Double) {
      self.complexity = complexity
      self.loss = loss
    }
  }

  /// Losses up to this many times the lowest are good enough.
  static let tolerance = 1.5

  /// Number of the recommended entry; nil for an empty front.
  ///
  /// - Parameter points: by rising complexity.
  public static func recommended(_ points: [Point]) -> Int? {
    guard let lowest = points.map(\.loss).min() else { return nil }
    var best: (index: Int, gain: Double)?
    for (index, point) in points.enumerated() where point.loss <= tolerance * lowest {
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
