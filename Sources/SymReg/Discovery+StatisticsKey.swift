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
    let options = dataset.options
    var values: [(name: String, value: String)] = [
      ("sha256", sha256),
      ("types", options.typesColumn ?? ""),
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
    return try StatisticsCache.key(of: values)
  }

  private static func bits(_ value: Double) -> String { String(value.bitPattern, radix: 16) }
}

extension Discovery {
  /// What the losses of a run belong to.
  ///
  /// - Throws: where the digest cannot be made.
  public func runData() throws -> RunData {
    let pairTypes = dataset.pairTypes
    let key = try StatisticsCache.key(of: [
      ("statistics", try Self.statisticsKey(dataset, sha256: sha256, settings: settings)),
      ("cutoffMode", settings.cutoffMode.rawValue),
      ("constraints", constraints.map { $0.text(pairTypes: pairTypes) }.joined(separator: "\n")),
      ("weights", targetWeights.map { "\($0)" }.joined(separator: ",")),
    ])
    return RunData(name: dataset.name, sha256: sha256, problem: key)
  }
}
