import AtomicData

/// Where the data has pairs: per pair type their number, range and histogram.
public struct DistanceSurvey: Sendable, Equatable {
  /// One pair type's distances.
  public struct Sample: Sendable, Equatable {
    /// Pairs within the cutoff, each counted once.
    public internal(set) var pairCount = 0
    /// Å; nil without pairs.
    public internal(set) var smallest: Double?
    /// Å; nil without pairs.
    public internal(set) var largest: Double?
    /// Pairs by distance, in bins of `binWidth` from 0 to the cutoff.
    public internal(set) var histogram: [Int]

    mutating func add(_ distance: Double) {
      pairCount += 1
      smallest = min(smallest ?? distance, distance)
      largest = max(largest ?? distance, distance)
      histogram[min(Int(distance / DistanceSurvey.binWidth), histogram.count - 1)] += 1
    }

    mutating func merge(_ other: Sample) {
      pairCount += other.pairCount
      smallest = [smallest, other.smallest].compactMap { $0 }.min()
      largest = [largest, other.largest].compactMap { $0 }.max()
      for bin in histogram.indices { histogram[bin] += other.histogram[bin] }
    }
  }

  /// Beyond this no pair force reaches, Å.
  static let largestCutoff = 1_000.0

  /// Width of the histograms' bins, Å.
  public static let binWidth = 0.1

  /// Å
  public let cutoff: Double
  /// One sample per pair type, in the order of `PairTypes.pairs`.
  public internal(set) var samples: [Sample]
  public internal(set) var frameCount = 0
  public internal(set) var atomCount = 0

  /// A survey of no frame.
  init(pairTypeCount: Int, cutoff: Double) {
    self.cutoff = cutoff
    let binCount = max(1, Int((cutoff / Self.binWidth).rounded(.up)))
    samples = Array(
      repeating: Sample(histogram: Array(repeating: 0, count: binCount)), count: pairTypeCount)
  }

  /// Surveys all pairs within `cutoff` (Å) in one pass.
  ///
  /// - Throws: `InputError` for a cutoff out of range, and from the frames.
  public init(of source: any FrameSource, cutoff: Double, threads: Int) async throws {
    guard cutoff > 0, cutoff <= Self.largestCutoff else {
      throw InputError(
        "expected a cutoff above 0 and up to \(Int(Self.largestCutoff)) Å, found \(cutoff)")
    }
    let search = PairSearch(source: source, cutoff: cutoff)
    let empty = DistanceSurvey(pairTypeCount: source.pairTypes.count, cutoff: cutoff)
    let lanes = try await source.reduce(laneCount: 16, threads: threads, into: empty) {
      survey, frames in
      var neighbors: [Neighbor] = []
      for frame in frames {
        let pairs = try search.pairs(in: frame)
        for atom in 0..<pairs.atomCount {
          try pairs.findNeighbors(of: atom, from: atom + 1, into: &neighbors)
          for neighbor in neighbors { survey.samples[neighbor.pairType].add(neighbor.distance) }
        }
        survey.frameCount += 1
        survey.atomCount += pairs.atomCount
      }
    }
    self = lanes.reduce(into: empty) { $0.merge($1) }
  }

  /// Pairs of all types within the cutoff.
  public var pairCount: Int { samples.reduce(0) { $0 + $1.pairCount } }

  mutating func merge(_ other: DistanceSurvey) {
    for index in samples.indices { samples[index].merge(other.samples[index]) }
    frameCount += other.frameCount
    atomCount += other.atomCount
  }
}
