import AtomicData
import CompressedForces
import RunStorage

/// `inspect --json`: what the data hold. Lengths in Å, forces in eV/Å.
struct InspectDocument: Encodable {
  struct File: Encodable {
    let path: String
    let frames: Int
    let forces: String
    /// Null where they were not asked for.
    @Nullable var energies: String?
    @Nullable var virials: String?
    let weight: Double
  }

  struct Molecules: Codable, Equatable, Sendable {
    enum Origin: String, Codable {
      case bonds, column, size
    }

    let origin: Origin
    /// Atoms by type of each different molecule.
    let compositions: [[String: Int]]
  }

  struct Weights: Encodable {
    @Nullable var frameKey: String?
    @Nullable var errorColumn: String?
    /// eV/Å.
    @Nullable var forceScale: Double?
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
  /// Numeric keys named like energies, and keys named like virials or stresses.
  let energyKeys: [String]
  let virialKeys: [String]
  /// Null where they are not known, or do not matter.
  @Nullable var molecules: Molecules?
  let weights: Weights
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
        energies: $0.energyKey, virials: $0.virialKey, weight: $0.source.weight)
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
    energyKeys = dataset.energyKeys
    virialKeys = dataset.virialKeys
    _molecules = Nullable(wrappedValue: Self.molecules(dataset))
    let options = dataset.options
    weights = Weights(
      frameKey: options.weightKey, errorColumn: options.errorKey, forceScale: options.forceScale)
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
          dataset.pairTypes.name(ofSampled: pair),
          PairSample(
            pairs: sample.pairCount, range: range.map { Extent($0) },
            histogram: sample.histogram)
        )
      })
  }

  private static func molecules(_ dataset: Dataset) -> Molecules? {
    guard !dataset.moleculeCompositions.isEmpty else { return nil }
    let origin: Molecules.Origin =
      dataset.options.moleculeSize != nil
      ? .size : dataset.hasBondedMolecules ? .bonds : .column
    return Molecules(
      origin: origin,
      compositions: dataset.moleculeCompositions.map { counts in
        Dictionary(
          uniqueKeysWithValues: zip(dataset.pairTypes.typeNames, counts).filter { $0.1 > 0 })
      })
  }
}
