import AtomicData
import CompressedForces
import RunStorage
import SymReg

/// What was read, for people.
struct DataReport {
  let discovery: Discovery
  /// Lines of their own at the end.
  let remarks: [String]

  func lines(width: Int?) -> [String] {
    let dataset = discovery.dataset
    let survey = discovery.statistics.survey
    return Self.head(dataset, width: width)
      + ["", "Pairs within \(NumberText.significant(survey.cutoff)) Å:"]
      + Self.pairTable(survey, dataset.pairTypes).lines(width: width)
      + BackgroundReport.lines(discovery)
      + (remarks.isEmpty ? [] : [""] + remarks)
  }

  /// Frames, atoms, types, forces, pairs and parts.
  static func head(_ dataset: Dataset, width: Int?) -> [String] {
    var table = TextTable(rightAligned: [false, false])
    table.add([
      "frames",
      "\(NumberText.count(dataset.frameCount)), \(NumberText.count(dataset.atomCount, "atom"))",
    ])
    table.add(["types", dataset.pairTypes.typeNames.joined(separator: ", ")])
    if let column = dataset.options.propertyColumn {
      table.add(["property", property(column, PropertyChannels(of: dataset.pairTypes))])
    }
    let columns = dataset.files.reduce(into: [String]()) {
      if !$0.contains($1.forcesColumn) { $0.append($1.forcesColumn) }
    }
    let rms = dataset.meanSquareForce.squareRoot()
    table.add([
      "forces",
      "from \(columns.joined(separator: ", ")); rms "
        + "\(NumberText.force(rms, decimals: NumberText.forceDecimals([rms]))) meV/Å",
    ])
    let energies = dataset.files.compactMap(\.energyKey)
    if !energies.isEmpty { table.add(["energies", "from " + Self.listed(energies)]) }
    let virials = dataset.files.compactMap(\.virialKey)
    if !virials.isEmpty { table.add(["virials", "from " + Self.listed(virials)]) }
    if let weights = dataset.weightsText { table.add(["weights", weights]) }
    if !dataset.moleculeCompositions.isEmpty {
      table.add(["molecules", "\(Self.molecules(dataset)), from \(Self.origin(dataset))"])
    }
    table.add(["pairs", pairs(dataset)])
    let indicators = dataset.pairTypes.known.filter(\.isIndicator).map(\.name)
    if !indicators.isEmpty {
      table.add(["known", "\(indicators.joined(separator: ", ")); \(bonds(dataset))"])
    }
    let held = dataset.validationFrameCount
    var division: [String] = []
    if held > 0 {
      division.append(
        "\(NumberText.count(dataset.frameCount - held)) frames train, "
          + "\(NumberText.count(held)) validate")
    }
    if let folds = dataset.options.foldCount {
      let frames = dataset.frameCountsByPart[..<folds]
      let (fewest, most) = (frames.min() ?? 0, frames.max() ?? 0)
      division.append(
        "\(folds) folds of \(NumberText.count(fewest))"
          + (fewest < most ? " to \(NumberText.count(most))" : "") + " frames")
    }
    if !division.isEmpty { table.add(["split", division.joined(separator: "; ")]) }
    return [dataset.name] + table.lines(width: width)
  }

  private static func listed(_ names: [String]) -> String {
    names.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
      .joined(separator: ", ")
  }

  /// `all`, `bonds:3+ (3 or more bonds apart, or not connected; bonds from covalent radii)`.
  private static func pairs(_ dataset: Dataset) -> String {
    switch dataset.pairSelection {
    case .inter: return "inter (of different molecules)"
    case .all: return "all"
    case .bonds(let range):
      let apart =
        switch range.upper {
        case nil: "\(range.lower) or more bonds apart, or not connected"
        case range.lower: range.lower == 1 ? "bonded atoms" : "\(range.lower) bonds apart"
        case let upper?: "\(range.lower) to \(upper) bonds apart"
        }
      return "\(dataset.pairSelection.rawValue) (\(apart); \(bonds(dataset)))"
    }
  }

  private static func bonds(_ dataset: Dataset) -> String {
    guard let bonds = dataset.bondsOfFile else { return "bonds from covalent radii" }
    return "\(NumberText.count(bonds.count, "bond")) from \(dataset.options.bondsFile ?? "a file")"
  }

  /// What says which atoms form a molecule.
  private static func origin(_ dataset: Dataset) -> String {
    if let size = dataset.options.moleculeSize { return "--molecule-size \(size)" }
    return dataset.hasBondedMolecules ? "bonds" : "a column"
  }

  /// `H2O`, `H2O, Na`.
  private static func molecules(_ dataset: Dataset) -> String {
    let formulas = dataset.moleculeCompositions.map { counts in
      zip(dataset.pairTypes.typeNames, counts).filter { $0.1 > 0 }
        .map { $0.1 == 1 ? $0.0 : "\($0.0)\($0.1)" }.joined()
    }
    let shown = formulas.prefix(6).joined(separator: ", ")
    return formulas.count > 6 ? shown + ", …" : shown
  }

  /// Number and range of each pair type.
  /// `Q = q·q of column charge, -0.35 to 0.49 in 153 values; interpolated from 5`.
  private static func property(_ column: String, _ channels: PropertyChannels) -> String {
    let (low, high) = (channels.range.lowerBound, channels.range.upperBound)
    let range = "\(NumberText.rough(low)) to \(NumberText.rough(high))"
    return
      "Q = q·q of column \(column), \(range) in \(NumberText.count(channels.valueCount, "value"))"
      + (channels.isExact
        ? "" : "; interpolated from \(channels.channels.count)")
  }

  static func pairTable(_ survey: DistanceSurvey, _ pairTypes: PairTypes) -> TextTable {
    var table = TextTable(
      ["", "pairs", "sampled range, Å"], rightAligned: [false, true, false])
    for (pair, sample) in survey.samples.enumerated() {
      table.add([
        pairTypes.name(ofSampled: pair), NumberText.count(sample.pairCount), range(sample),
      ])
    }
    return table
  }

  static func range(_ sample: DistanceSurvey.Sample) -> String {
    guard let smallest = sample.smallest, let largest = sample.largest else {
      return "none: the potential is free there"
    }
    return "\(NumberText.fixed(smallest, 2)) to \(NumberText.fixed(largest, 2))"
  }
}
