import AtomicData
import CompressedForces
import RunStorage

/// `inspect --json`: what the data hold. Lengths in Å, forces in eV/Å.
struct InspectDocument: Encodable {
  struct File: Encodable {
    let path: String
    let frames: Int
    let forces: String
    let weight: Double
  }

  struct Extent<Value: Comparable & Codable & Sendable>: Codable, Equatable, Sendable {
    let smallest: Value
    let largest: Value

    init(_ range: ClosedRange<Value>) {
      smallest = range.lowerBound
      largest = range.upperBound
    }
  }

  struct PairSample: Encodable {
    let pairs: Int
    /// Null without pairs.
    @Nullable var range: Extent<Double>?
    /// Pairs by distance from 0 on.
    let histogram: [Int]
  }

  let formatVersion = 1
  let name: String
  let files: [File]
  let frames: Int
  let atoms: Int
  let atomsByType: [String: Int]
  @Nullable var atomsPerFrame: Extent<Int>?
  @Nullable var moleculesPerFrame: Extent<Int>?
  let framesByPeriodicity: [String: Int]
  @Nullable var volume: Extent<Double>?
  let numericKeys: [String]
  let rmsForce: Double
  let pairSelection: String
  let cutoff: Double
  let histogramBinWidth = DistanceSurvey.binWidth
  let pairTypes: [String: PairSample]

  init(_ dataset: Dataset, _ survey: FrameSurvey, _ distances: DistanceSurvey) {
    name = dataset.name
    files = dataset.files.map {
      File(
        path: $0.source.path, frames: $0.frameCount, forces: $0.forcesColumn,
        weight: $0.source.weight)
    }
    frames = dataset.frameCount
    atoms = dataset.atomCount
    atomsByType = Dictionary(
      uniqueKeysWithValues: zip(dataset.pairTypes.typeNames, survey.atomCounts))
    _atomsPerFrame = Nullable(wrappedValue: survey.atomsPerFrame.map { Extent($0) })
    _moleculesPerFrame = Nullable(
      wrappedValue: dataset.knowsMolecules ? survey.moleculesPerFrame.map { Extent($0) } : nil)
    framesByPeriodicity = Dictionary(
      uniqueKeysWithValues: survey.framesByPeriodicity.map {
        ($0.key.isEmpty ? "none" : $0.key, $0.value)
      })
    _volume = Nullable(wrappedValue: survey.volumes.map { Extent($0) })
    numericKeys = dataset.numericKeys
    rmsForce = dataset.meanSquareForce.squareRoot()
    pairSelection = dataset.pairSelection.rawValue
    cutoff = distances.cutoff
    pairTypes = Dictionary(
      uniqueKeysWithValues: distances.samples.enumerated().map { pair, sample in
        let range: ClosedRange<Double>? =
          if let smallest = sample.smallest, let largest = sample.largest {
            smallest...largest
          } else { nil }
        return (
          dataset.pairTypes.name(ofPair: pair),
          PairSample(
            pairs: sample.pairCount, range: range.map { Extent($0) },
            histogram: sample.histogram)
        )
      })
  }
}
