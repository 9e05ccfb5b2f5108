import CompressedForces
import ForceFitting
import Foundation
import RunStorage
import SymReg

/// `options.json`: all that decides a result, and how the run was made.
///
/// The one file of a run folder that holds run settings; still no host and no clock.
struct ResolvedOptions: Encodable {
  struct DataFile: Encodable {
    let path: String
    let forces: String
    let energies: String?
    let virials: String?
    let weight: Double
  }

  let version = SymRegCommand.version
  let data: [DataFile]
  let sha256: String
  let units: String
  let types: String
  let moleculeSize: Int?
  let pairs: String
  /// File of the bonds, and what stands for its contents.
  let bondsFile: String?
  let bonds: String?
  /// Whether expressions may tell pairs apart by bonds.
  let byBonds: Bool?
  let cutoff: Double
  let cutoffMode: String
  let switchWidth: Double?
  let weightKey: String?
  let errorKey: String?
  let forceScale: Double?
  /// Column of the known property.
  let property: String?
  let energyWeight: Double?
  let virialWeight: Double?
  let netForceWeight: Double?
  let torqueWeight: Double?
  let energyShift: String?
  /// In words.
  let constraints: [String]?
  /// Expression, parameters and mode of what is subtracted.
  let background: BackgroundSummary?
  let validation: Double
  let splitSeed: UInt64
  let group: String?
  let folds: Int?
  let holdOut: [String]?
  let parameters: [String]
  let operators: [String]
  let maxComplexity: Int
  let strategy: String
  let seedPotentials: [String]?
  let optimizer: String
  let seed: UInt64
  let maxEvaluations: Int?
  /// Seconds.
  let timeLimit: Double
  let threads: Int

  /// What of two sets of options differs and decides a loss: `cutoff 8 (10 in the run)`.
  static func changes(from old: String, to new: String) -> String {
    let (old, new) = (values(old), values(new))
    return Set(old.keys).union(new.keys).subtracting(ofSearch).sorted()
      .filter { old[$0] != new[$0] }
      .map { "\($0) \(new[$0] ?? "none") (\(old[$0] ?? "none") in the run)" }
      .joined(separator: ", ")
  }

  /// Options that decide no loss.
  private static let ofSearch: Set<String> = [
    "bondsFile", "data", "maxComplexity", "maxEvaluations", "operators", "optimizer", "parameters",
    "seed",
    "seedPotentials", "strategy", "threads", "timeLimit", "version",
  ]

  private static func values(_ json: String) -> [String: String] {
    let object = try? JSONSerialization.jsonObject(with: Data(json.utf8))
    return (object as? [String: Any] ?? [:]).mapValues { "\($0)" }
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  init(_ discovery: Discovery, timeLimit: Double) throws {
    let settings = discovery.settings
    data = discovery.dataset.files.map {
      DataFile(
        path: $0.source.path, forces: $0.forcesColumn, energies: $0.energyKey,
        virials: $0.virialKey, weight: $0.source.weight)
    }
    sha256 = discovery.sha256
    units = settings.reading.units.name
    types = settings.reading.typesColumn ?? "species"
    moleculeSize = settings.reading.moleculeSize
    pairs = discovery.dataset.pairSelection.rawValue
    bondsFile = settings.reading.bondsFile
    bonds = try discovery.dataset.bondsOfFile.map { bonds in
      let values = bonds.map { (name: "bond", value: "\($0.first) \($0.second)") }
      return "\(bonds.count), SHA-256 \(try DataDigest.sha256(ofValues: values).prefix(12))…"
    }
    byBonds = settings.reading.usesBondClasses ? true : nil
    cutoff = settings.cutoff
    cutoffMode = settings.cutoffMode.rawValue
    switchWidth = settings.cutoffMode == .switched ? settings.switchWidth : nil
    weightKey = settings.reading.weightKey
    errorKey = settings.reading.errorKey
    forceScale = settings.reading.forceScale
    property = settings.reading.propertyColumn
    energyWeight = settings.targetWeights[.energies]
    virialWeight = settings.targetWeights[.virials]
    netForceWeight = settings.targetWeights[.netForces]
    torqueWeight = settings.targetWeights[.torques]
    energyShift = energyWeight.map { _ in settings.shiftsEnergies ? "file" : "none" }
    let pairTypes = discovery.dataset.pairTypes
    constraints =
      discovery.constraints.isEmpty
      ? nil : discovery.constraints.map { $0.text(pairTypes: pairTypes) }
    background = try discovery.backgroundSummary()
    validation = settings.reading.validationFraction
    splitSeed = settings.reading.splitSeed
    group = settings.reading.groupKey
    folds = settings.reading.foldCount
    holdOut = settings.reading.heldOutGroups.isEmpty ? nil : settings.reading.heldOutGroups
    parameters = settings.search.grammar.parameterKinds.map(\.rawValue)
    operators = settings.search.grammar.operators.map(\.name)
    maxComplexity = settings.search.grammar.maxComplexity
    strategy = settings.search.strategy.rawValue
    seedPotentials =
      settings.search.seedPotentials.isEmpty
      ? nil : settings.search.seedPotentials.map(\.description)
    optimizer = settings.optimizer.rawValue
    seed = settings.search.seed
    maxEvaluations = settings.search.maxEvaluations
    self.timeLimit = timeLimit
    threads = settings.search.threads
  }
}
