import RunStorage

/// The forms beside a front, for people.
struct AlternativesReport {
  let document: FrontDocument

  /// - Parameter width: characters a line may have; nil: any number.
  func lines(width: Int?) -> [String] {
    let entries = document.alternatives ?? []
    guard !entries.isEmpty else {
      return ["No other form is nearly as good as the best of its size."]
    }
    let hasValidation = entries.contains { $0.validationRMSE != nil }
    let decimals = NumberText.forceDecimals(entries.map(\.trainRMSE))
    let force = { (error: Double) in NumberText.force(error, decimals: decimals) }
    var table = TextTable(
      ["size", "training"] + (hasValidation ? ["validation"] : []) + ["U(r)"],
      rightAligned: [true, true] + (hasValidation ? [true] : []) + [false])
    for entry in entries {
      table.add(
        ["\(entry.complexity)", force(entry.trainRMSE)]
          + (hasValidation ? [entry.validationRMSE.map(force) ?? ""] : []) + [entry.expression])
    }
    return ["nearly as good as the best of their size; force errors in meV/Å", ""]
      + table.lines(width: width)
  }
}
