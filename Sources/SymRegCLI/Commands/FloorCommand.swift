import ArgumentParser
import RunStorage
import SymReg

/// `symreg floor`: how far any pair potential can get.
struct FloorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "floor",
    abstract: "Find how far any pair potential can get on the data.",
    discussion: """
      Fits a smooth pair force of any form to each pair of types; its smoothness is chosen by \
      cross-validation over frames. An expression gets below the cross-validated error only where \
      few frames decide, such as the closest pairs of a liquid.

        symreg floor DATA.extxyz --cutoff 10
      """)

  @OptionGroup(title: "Data") var data: DataArguments
  @OptionGroup(title: "Training and validation") var split: SplitOptions
  @OptionGroup(title: "Model") var cutoff: CutoffOption
  @OptionGroup(title: "Background") var background: SubtractOptions
  @OptionGroup(title: "Run") var threads: ThreadOption
  @OptionGroup(title: "Run") var statistics: StatisticsCacheOption
  @OptionGroup(title: "Run") var config: ConfigOption
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    let console = output.console
    let settings = try Preparation.settings(
      data, split, share: 0, cutoff, background, threads)
    let (discovery, remarks) = try await Preparation.open(
      try data.sources(), settings: settings, cache: statistics.cache())
    console.note(
      DataReport(discovery: discovery, remarks: remarks).lines(
        width: StandardStream.error.terminal?.columns) + [""])

    let floor = try discovery.floor()
    let rmsForce = discovery.statistics.all.meanSquaredReferenceForce.squareRoot()
    let document = FloorDocument(
      dataset: discovery.datasetSummary,
      cutoff: settings.cutoff, background: try discovery.backgroundSummary(), floor: floor)
    try console.print(
      Self.lines(floor, rmsForce: rmsForce, width: console.width)
        + NoiseReport(dataset: document.dataset, floor: floor).lines)
    try console.printJSON(document)
  }

  private static func lines(
    _ floor: FloorSummary, rmsForce: Double, width: Int?
  ) -> [String] {
    var rows = [
      (rmsForce, "rms force, the error of U = 0"),
      (floor.crossValidatedRMSE, "free-form floor, cross-validated"),
      (floor.rmse, "free-form floor, fitted"),
    ]
    if let validation = floor.validationRMSE {
      rows.append((validation, "free-form floor, validation frames"))
    }
    let decimals = NumberText.forceDecimals(rows.map(\.0))
    var table = TextTable(["meV/Å", ""], rightAligned: [true, false])
    for (value, name) in rows { table.add([NumberText.force(value, decimals: decimals), name]) }
    return table.lines(width: width)
  }
}
