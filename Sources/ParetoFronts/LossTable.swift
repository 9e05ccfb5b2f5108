/// Mean losses of the entries of a front on frames their parameters were not fitted to, with the
/// covariance of these means.
///
/// The entries are judged on the same frames, so that the error of a difference is much smaller than
/// those of the losses: var(L_a − L_b) = var L_a + var L_b − 2 cov(L_a, L_b).
public struct LossTable: Sendable {
  /// Of U = 0, the column 0; (eV/Å)².
  public let zeroLoss: Double
  /// Of the entries, (eV/Å)².
  public let losses: [Double]
  /// Of all columns, that of U = 0 first, row by row; empty where the units are too few.
  private let covariance: [Double]
  /// Units in which the error of one column is below that of another, row by row; may be empty.
  private let lowerCounts: [Int]
  /// Frames or groups that count as independent.
  public let unitCount: Int

  /// - Parameters:
  ///   - losses: of U = 0 first.
  ///   - covariance: of these, row by row; empty for fewer than two units.
  ///   - lowerCounts: of these, row by row: units in which one has a smaller error than another; empty where
  ///     it is not known.
  ///   - unitCount: frames or groups that count as independent.
  public init(
    losses: [Double], covariance: [Double], lowerCounts: [Int] = [], unitCount: Int
  ) {
    zeroLoss = losses.first ?? 0
    self.losses = Array(losses.dropFirst())
    self.covariance = covariance
    self.lowerCounts = lowerCounts
    self.unitCount = unitCount
  }

  /// Whether there are errors at all.
  public var hasErrors: Bool { !covariance.isEmpty }

  /// A number with its standard error, nil where there is none.
  public struct Estimate: Sendable, Hashable {
    public let value: Double
    public let standardError: Double?

    public init(value: Double, standardError: Double?) {
      self.value = value
      self.standardError = standardError
    }
  }

  private func covariance(_ a: Int, _ b: Int) -> Double {
    covariance[a * (losses.count + 1) + b]
  }

  /// By how much the loss of an entry is above that of another, nil: of U = 0, with the error of the
  /// difference on the same frames, in units of the loss of U = 0.
  public func excess(of entry: Int, over other: Int?) -> Estimate {
    let (a, b) = (entry + 1, (other ?? -1) + 1)
    let value = (losses[entry] - (other.map { losses[$0] } ?? zeroLoss)) / zeroLoss
    guard hasErrors else { return Estimate(value: value, standardError: nil) }
    let variance = covariance(a, a) + covariance(b, b) - 2 * covariance(a, b)
    return Estimate(value: value, standardError: max(0, variance).squareRoot() / zeroLoss)
  }

  /// By how many of their standard deviations, were one as likely as the other, the units in which an entry has
  /// a smaller error than another (nil: than U = 0) outnumber those in which it has a larger one: the sign
  /// test. Nil where it is not known.
  public func signScore(of entry: Int, over other: Int?) -> Double? {
    let (a, b, n) = (entry + 1, (other ?? -1) + 1, losses.count + 1)
    guard !lowerCounts.isEmpty else { return nil }
    let (lower, higher) = (lowerCounts[a * n + b], lowerCounts[b * n + a])
    return lower + higher > 0
      ? Double(lower - higher) / Double(lower + higher).squareRoot() : 0
  }

  /// Root mean square error, eV/Å; its standard error is that of the loss over 2·RMSE.
  public func rmse(of entry: Int) -> Estimate {
    let value = losses[entry].squareRoot()
    guard hasErrors, value > 0 else { return Estimate(value: value, standardError: nil) }
    let error = max(0, covariance(entry + 1, entry + 1)).squareRoot()
    return Estimate(value: value, standardError: error / (2 * value))
  }

  /// 1 − L/L₀, a ratio: its error counts that of L₀ on the same frames.
  public func r2(of entry: Int) -> Estimate {
    let (k, share) = (entry + 1, losses[entry] / zeroLoss)
    guard hasErrors else { return Estimate(value: 1 - share, standardError: nil) }
    let variance =
      covariance(k, k) - 2 * share * covariance(k, 0) + share * share * covariance(0, 0)
    return Estimate(
      value: 1 - share, standardError: max(0, variance).squareRoot() / zeroLoss)
  }
}
