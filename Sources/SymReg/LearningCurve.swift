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

  /// A mean with its standard error over the repeats, nil for fewer than two.
  public struct Estimate: Sendable, Equatable {
    public let value: Double
    public let standardError: Double?

    init(_ values: [Double]) {
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      value = mean
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      standardError = values.count > 1 ? (squares / (count * (count - 1))).squareRoot() : nil
    }
  }

  /// The largest number of frames.
  public var frames: Int { points.map(\.frames).max() ?? 0 }

  /// What twice the frames would take off the held-out loss, (eV/Å)².
  ///
  /// The loss of a form with p parameters on N frames exceeds that of its best parameters by a multiple of
  /// p/N for large N (Amari, Murata, Neural Comput. 5, 140 (1993), doi 10.1162/neco.1993.5.1.140): by
  /// least squares L = L∞ + c/N for each repeat, and c/(2N) is what the next doubling brings. The points
  /// count from an eighth of the frames on.
  public var doublingGain: Estimate? {
    let gains = slopes.map { $0 / Double(2 * frames) }
    return gains.isEmpty ? nil : Estimate(gains)
  }

  /// c of each repeat, (eV/Å)² times frames.
  private var slopes: [Double] {
    let least = Double(frames) / 8
    return Dictionary(grouping: points.filter { Double($0.frames) >= 0.9 * least }) {
      $0.repeatNumber
    }.sorted { $0.key < $1.key }.compactMap { _, points in
      let count = Double(points.count)
      let x = points.map { 1 / Double($0.frames) }
      let (meanX, meanY) = (
        x.reduce(0, +) / count, points.reduce(0) { $0 + $1.heldOutLoss } / count
      )
      let spread = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
      guard points.count > 1, spread > 0 else { return nil }
      let product = zip(x, points).reduce(0) {
        $0 + ($1.0 - meanX) * ($1.1.heldOutLoss - meanY)
      }
      return product / spread
    }
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
    let repeats = Dictionary(grouping: points) { $0.repeatNumber }
      .sorted { $0.key < $1.key }.map { $0.value.sorted { $0.frames < $1.frames } }
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
}
