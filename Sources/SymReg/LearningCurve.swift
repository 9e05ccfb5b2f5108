/// The loss of a form on held-out frames against the number of frames its parameters were fitted to.
public struct LearningCurve: Sendable, Equatable {
  /// One fit.
  public struct Point: Sendable, Equatable {
    /// Of the training frames taken together, from 0.
    public let repeatNumber: Int
    public let frames: Int
    /// Mean squared force errors, (eV/Å)².
    public let trainingLoss: Double
    public let heldOutLoss: Double

    public init(
      repeatNumber: Int, frames: Int, trainingLoss: Double, heldOutLoss: Double
    ) {
      self.repeatNumber = repeatNumber
      self.frames = frames
      self.trainingLoss = trainingLoss
      self.heldOutLoss = heldOutLoss
    }
  }

  public let points: [Point]

  public init(points: [Point]) { self.points = points }

  /// A median over the repeats with its standard error, nil for fewer than two.
  ///
  /// Fits to few frames can be wrong by orders of magnitude, so that a mean says nothing. The error is
  /// √(π/2)·σ/√n with σ from the median absolute deviation, 1.4826 of it (Rousseeuw, Croux, J. Am. Stat.
  /// Assoc. 88, 1273 (1993), doi 10.1080/01621459.1993.10476408).
  public struct Estimate: Sendable, Equatable {
    public let value: Double
    public let standardError: Double?

    init(_ values: [Double]) {
      let median = Self.median(values)
      value = median
      let deviation = Self.median(values.map { abs($0 - median) })
      standardError =
        values.count > 1
        ? (Double.pi / 2).squareRoot() * 1.4826 * deviation / Double(values.count).squareRoot()
        : nil
    }

    private static func median(_ values: [Double]) -> Double {
      let sorted = values.sorted()
      let middle = sorted.count / 2
      return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
  }

  /// What twice the frames would take off the held-out loss, (eV/Å)².
  ///
  /// The loss of a form with p parameters on N frames exceeds that of its best parameters by a multiple of
  /// p/N for large N (Amari, Murata, Neural Comput. 5, 140 (1993), doi 10.1162/neco.1993.5.1.140): what the
  /// last doubling brought the next one brings half of.
  public var doublingGain: Estimate? {
    guard levels.count > 1 else { return nil }
    return Estimate(
      repeats.map { points in
        (points[points.count - 2].heldOutLoss - points[points.count - 1].heldOutLoss) / 2
      })
  }

  /// Whether more frames would help.
  public enum Verdict: String, Sendable {
    /// By a share of the RMSE that is worth it.
    case helps
    /// There is a gain, and it is small.
    case hardlyHelps = "hardly-helps"
    /// None beyond chance.
    case noGain = "no-gain"
    /// Too few repeats or points to tell.
    case unknown
  }

  /// Gains in units of their error that count.
  static let significance = 2.0
  /// Share of the RMSE that is worth a doubling.
  static let worthwhileShare = 0.01

  public var verdict: Verdict {
    guard let gain = doublingGain, let error = gain.standardError, let last = last else {
      return .unknown
    }
    guard gain.value > Self.significance * error, gain.value > 0 else { return .noGain }
    // The share of the RMSE is half that of the loss.
    let share = gain.value / (2 * last.heldOut.value)
    return share > Self.worthwhileShare ? .helps : .hardlyHelps
  }

  /// The fits of one length of the repeats together.
  public struct Level: Sendable, Equatable {
    /// Mean over the repeats: groups differ in size.
    public let frames: Int
    public let training: Estimate
    public let heldOut: Estimate
  }

  /// By rising number of frames; the k-th points of all repeats belong together.
  public var levels: [Level] {
    let repeats = repeats
    let count = repeats.map(\.count).min() ?? 0
    return (0..<count).map { level in
      // From the end: a repeat of large groups may lack the shortest.
      let points = repeats.map { $0[$0.count - count + level] }
      return Level(
        frames: points.reduce(0) { $0 + $1.frames } / points.count,
        training: Estimate(points.map(\.trainingLoss)),
        heldOut: Estimate(points.map(\.heldOutLoss)))
    }
  }

  private var last: Level? { levels.last }

  /// The points of each repeat by rising number of frames.
  private var repeats: [[Point]] {
    Dictionary(grouping: points) { $0.repeatNumber }
      .sorted { $0.key < $1.key }.map { $0.value.sorted { $0.frames < $1.frames } }
  }
}
