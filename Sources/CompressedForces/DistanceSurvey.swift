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
  /// One sample per pair type, in the order of `PairTypes.sampledPairs`.
  public internal(set) var samples: [Sample]
  public internal(set) var frameCount = 0
  public internal(set) var atomCount = 0
  /// Of the frames with reference energies, by file, eV; 0 for a file without.
  public var meanEnergies: [Double] {
    energies.map { $0.count > 0 ? $0.sum / Double($0.count) : 0 }
  }
  /// By file.
  var energies: [EnergySum] = []

  struct EnergySum: Sendable, Equatable {
    var sum = 0.0
    var count = 0
  }

  /// A survey of no frame.
  init(pairTypeCount: Int, cutoff: Double) {
    self.cutoff = cutoff
    let empty = Array(repeating: 0, count: Self.binCount(cutoff: cutoff))
    samples = Array(repeating: Sample(histogram: empty), count: pairTypeCount)
  }

  static func binCount(cutoff: Double) -> Int {
    max(1, Int((cutoff / binWidth).rounded(.up)))
  }

  /// Surveys all pairs within the cutoff in one pass.
  ///
  /// - Parameters:
  ///   - source: the frames.
  ///   - cutoff: Å.
  ///   - countsImages: whether the pairs of atoms with images of their own count.
  ///   - threads: tasks that run at a time.
  /// - Throws: `InputError` for a cutoff out of range, and from the frames.
  public init(
    of source: any FrameSource, cutoff: Double, countsImages: Bool = false, threads: Int
  ) async throws {
    guard cutoff > 0, cutoff <= Self.largestCutoff else {
      throw InputError(
        "expected a cutoff above 0 and up to \(Int(Self.largestCutoff)) Å, found \(cutoff)")
    }
    let search = PairSearch(source: source, cutoff: cutoff)
    let lanes = try await source.reduce(
      laneCount: 16, threads: threads,
      into: DistanceGatherer(search: search)
    ) { gatherer, frames in
      try frames.withUnsafeBufferPointer {
        for index in $0.indices {
          try gatherer.add($0[index])
          if let energy = $0[index].energy { gatherer.add(energy, ofFile: $0[index].source) }
          if countsImages, !$0[index].cell.isIsolated { try gatherer.addImages(of: $0[index]) }
        }
      }
    }
    self.init(pairTypeCount: source.pairTypes.sampledPairs.count, cutoff: cutoff)
    for lane in lanes { lane.add(to: &self) }
  }

  /// Pairs of all types within the cutoff.
  public var pairCount: Int { samples.reduce(0) { $0 + $1.pairCount } }
}
