import SymReg

/// One search whose result is quoted, with the losses it is held to.
struct Figure {
  let name: String
  let sources: [DataSource]
  let settings: DiscoverySettings
  /// Nodes at most, and the RMSE in eV/Å to reach with them.
  let targets: [(size: Int, rmse: Double)]

  /// - Parameter data: folder with the data that is not in the repository.
  static func all(data: String) -> [Figure] {
    let water = [DataSource(path: "Datasets/water-dimer/water-dimer.extxyz")]
    return [
      Figure(
        name: "water-dimer, shifted-force", sources: water,
        settings: settings(.shiftedForce) { $0.search.grammar.maxComplexity = 22 },
        targets: [(3, 0.0880), (10, 0.06259), (17, 0.0580), (22, 0.0575)]),
      Figure(
        name: "water-dimer, constraint", sources: water,
        settings: settings(.constraint) { $0.search.grammar.maxComplexity = 26 },
        targets: [(14, 0.0629), (21, 0.0582), (26, 0.0577)]),
      Figure(
        name: "H2O-13, shifted-force", sources: h2o13(data),
        settings: settings(.shiftedForce) { $0.reading.moleculeSize = 3 },
        targets: [(10, 0.0823), (17, 0.0787)]),
      Figure(
        name: "argon, shifted-force",
        sources: [DataSource(path: data + "/argon/Ar_dft_short.extxyz")],
        settings: settings(.shiftedForce) { $0.cutoff = 8 }, targets: [(12, 0.0030)]),
    ]
  }

  private static func settings(
    _ mode: CutoffMode, _ configure: (inout DiscoverySettings) -> Void = { _ in }
  ) -> DiscoverySettings {
    var settings = DiscoverySettings()
    settings.cutoffMode = mode
    settings.reading.validationFraction = 0
    configure(&settings)
    return settings
  }

  private static func h2o13(_ data: String) -> [DataSource] {
    let folder = data + "/h2o-13/"
    let arguments = [
      folder + "water_conf_0.02_dimer_dft_samples_4000K_Roo_lt_4.5A_MP2_AVTZ_2041-4080.xyz"
        + ":forces=fmp2_2body",
      folder + "water_dimers_amoeba_bulk300K_1000_4.5_lt_Roo_lt_6.0_MP2_AVTZ.xyz"
        + ":forces=force-mono1_force-mono2_force",
    ]
    return arguments.compactMap { try? DataSource(parsing: $0) }
  }
}
