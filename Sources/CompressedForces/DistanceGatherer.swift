import AtomicData

/// Gathers a survey over frames, in flat arrays.
struct DistanceGatherer: Sendable {
  private let search: PairSearch
  private let binCount: Int
  /// The place in `PairTypes.sampledPairs` of each pair of kinds.
  private let typePairs: [Int]
  /// Å; infinite and 0 without pairs.
  private var smallest: [Double]
  private var largest: [Double]
  /// By pair type and bin.
  private var histogram: [Int]
  private var frameCount = 0
  private var atomCount = 0
  private var energies: [DistanceSurvey.EnergySum] = []

  init(search: PairSearch) {
    self.search = search
    let types = search.pairTypes
    let sampled = types.sampledPairs
    let pairTypeCount = sampled.count
    let places = Dictionary(uniqueKeysWithValues: sampled.enumerated().map { ($1, $0) })
    typePairs = types.kindPairs.map {
      places[PairType(first: $0.first, second: $0.second, bonds: $0.bonds)] ?? 0
    }
    binCount = DistanceSurvey.binCount(cutoff: search.cutoff)
    smallest = Array(repeating: .infinity, count: pairTypeCount)
    largest = Array(repeating: 0, count: pairTypeCount)
    histogram = Array(repeating: 0, count: pairTypeCount * binCount)
  }

  /// - Throws: what `PairSearch` refuses.
  mutating func add(_ frame: borrowing Frame) throws {
    let (binCount, typePairs) = (binCount, typePairs)
    try smallest.withUnsafeMutableBufferPointer { smallest in
      try largest.withUnsafeMutableBufferPointer { largest in
        try histogram.withUnsafeMutableBufferPointer { histogram in
          try search.forEachPair(in: frame) { pair in
            let distance = pair.squaredDistance.squareRoot()
            let type = typePairs[pair.pairType]
            if distance < smallest[type] { smallest[type] = distance }
            if distance > largest[type] { largest[type] = distance }
            let bin = min(Int(distance / DistanceSurvey.binWidth), binCount &- 1)
            histogram[type &* binCount &+ bin] &+= 1
            return true
          }
        }
      }
    }
    frameCount += 1
    atomCount += frame.positions.count
  }

  /// Adds the pairs of atoms with images of their own.
  mutating func addImages(of frame: borrowing Frame) throws {
    try search.pairs(in: frame).forEachOwnImage { pair in
      let (distance, type) = (pair.squaredDistance.squareRoot(), typePairs[pair.pairType])
      smallest[type] = min(smallest[type], distance)
      largest[type] = max(largest[type], distance)
      let bin = min(Int(distance / DistanceSurvey.binWidth), binCount - 1)
      histogram[type * binCount + bin] += 1
    }
  }

  mutating func add(_ energy: Double, ofFile file: Int) {
    while energies.count <= file { energies.append(.init()) }
    energies[file].sum += energy
    energies[file].count += 1
  }

  /// Adds what was gathered to a survey.
  func add(to survey: inout DistanceSurvey) {
    for type in survey.samples.indices {
      let bins = Array(histogram[type * binCount..<(type + 1) * binCount])
      let pairCount = bins.reduce(0, +)
      survey.samples[type].merge(
        DistanceSurvey.Sample(
          pairCount: pairCount, smallest: pairCount > 0 ? smallest[type] : nil,
          largest: pairCount > 0 ? largest[type] : nil, histogram: bins))
    }
    for (file, energies) in energies.enumerated() {
      while survey.energies.count <= file { survey.energies.append(.init()) }
      survey.energies[file].sum += energies.sum
      survey.energies[file].count += energies.count
    }
    survey.frameCount += frameCount
    survey.atomCount += atomCount
  }
}
