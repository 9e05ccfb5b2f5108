import AtomicData
import CompressedForces
import RunStorage

extension Discovery {
  /// Stands for all that decides the statistics: the bytes of the data, how they are read and
  /// divided, the cutoff, the grid and the background.
  ///
  /// Numbers as bit patterns. Paths, threads and what is searched for are left out.
  static func statisticsKey(
    _ dataset: Dataset, sha256: String, settings: DiscoverySettings,
    pointCount: Int = RadialGrid.defaultPointCount
  ) throws -> String {
    try StatisticsCache.key(
      of: statisticsValues(dataset, sha256: sha256, settings: settings, pointCount: pointCount))
  }

  private static func statisticsValues(
    _ dataset: Dataset, sha256: String, settings: DiscoverySettings, pointCount: Int
  ) throws -> [(name: String, value: String)] {
    let options = dataset.options
    var values: [(name: String, value: String)] = [
      ("sha256", sha256),
      ("types", options.typesColumn ?? ""),
      ("property", options.propertyColumn.map { "=\($0)" } ?? ""),
      ("typeNames", dataset.pairTypes.typeNames.map { "\($0.utf8.count):\($0)" }.joined()),
      ("moleculeSize", options.moleculeSize.map(String.init) ?? ""),
      ("units", options.units.name),
      ("weightKey", options.weightKey.map { "=\($0)" } ?? ""),
      ("errorKey", options.errorKey.map { "=\($0)" } ?? ""),
      ("forceScale", options.forceScale.map(bits) ?? ""),
      ("pairs", dataset.pairSelection.rawValue),
      ("validation", bits(options.validationFraction)),
      ("splitSeed", "\(options.splitSeed)"),
      ("group", options.groupKey.map { "=\($0)" } ?? ""),
      ("cutoff", bits(settings.cutoff)),
      ("switch", settings.cutoffMode == .switched ? bits(settings.switchWidth) : ""),
      ("targets", settings.targets.map(\.rawValue).joined(separator: ",")),
      ("shiftsEnergies", "\(settings.shiftsEnergies)"),
      ("pointCount", "\(pointCount)"),
    ]
    // Left out where nothing is asked for: the keys of earlier versions hold.
    if let foldCount = options.foldCount { values.append(("folds", "\(foldCount)")) }
    if !options.heldOutGroups.isEmpty {
      values.append(
        ("heldOut", options.heldOutGroups.sorted().map { "\($0.utf8.count):\($0)" }.joined()))
    }
    if options.usesBondClasses { values.append(("byBonds", "true")) }
    // Bonds of covalent radii follow from the data.
    if let bonds = dataset.bondsOfFile {
      values.append(("bonds", bonds.map { "\($0.first)-\($0.second)" }.joined(separator: ",")))
    }
    if let background = settings.background {
      let theta = try background.theta(typeNames: dataset.pairTypes.typeNames)
      values += [
        ("background", background.tree.description),
        ("backgroundMode", background.cutoffMode.rawValue),
        ("backgroundTheta", theta.map(bits).joined(separator: ",")),
      ]
    }
    // Which frames belong to which file matters: the digest is that of all bytes in a row.
    for file in dataset.files {
      values += [
        ("frames", "\(file.frameCount)"), ("forces", file.forcesColumn),
        ("energy", file.energyKey.map { "=\($0)" } ?? ""),
        ("virial", file.virialKey.map { "=\($0)" } ?? ""),
        ("weight", bits(file.source.weight)),
      ]
    }
    return values
  }

  private static func bits(_ value: Double) -> String { String(value.bitPattern, radix: 16) }
}

extension Discovery {
  /// Rises when a loss comes to mean something else.
  private static let problemVersion = 1

  /// What the losses of a run belong to.
  ///
  /// - Throws: where the digest cannot be made.
  public func runData() throws -> RunData {
    let pairTypes = dataset.pairTypes
    let values =
      try Self.statisticsValues(
        dataset, sha256: sha256, settings: settings, pointCount: RadialGrid.defaultPointCount) + [
        ("problemVersion", "\(Self.problemVersion)"),
        ("cutoffMode", settings.cutoffMode.rawValue),
        ("constraints", constraints.map { $0.text(pairTypes: pairTypes) }.joined(separator: "\n")),
        ("weights", targetWeights.map(Self.bits).joined(separator: ",")),
      ]
    return RunData(
      name: dataName, sha256: sha256, problem: try DataDigest.sha256(ofValues: values))
  }
}
