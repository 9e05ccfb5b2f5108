import RunStorage
import SymReg

/// Floor and baselines, for people.
struct MarksReport {
  let marks: Marks
  let dataset: DatasetSummary

  func lines(width: Int?) -> [String] {
    let floors = marks.floor.map { [$0.rmse] } ?? []
    let decimals = NumberText.forceDecimals(floors + marks.baselines.map(\.directRMSE))
    var table = TextTable(["RMSE, meV/Å", "for comparison"], rightAligned: [true, false])
    if let floor = marks.floor {
      table.add([
        NumberText.force(floor.rmse, decimals: decimals),
        "free-form floor, "
          + "\(NumberText.force(floor.crossValidatedRMSE, decimals: decimals)) cross-validated",
      ])
    }
    for baseline in marks.baselines {
      table.add([NumberText.force(baseline.directRMSE, decimals: decimals), baseline.name])
    }
    return table.lines(width: width) + NoiseReport(dataset: dataset, floor: marks.floor).lines
  }
}
