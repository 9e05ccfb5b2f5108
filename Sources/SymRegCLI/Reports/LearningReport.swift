import SymReg

/// A learning curve for people.
struct LearningReport {
  let document: LearningDocument

  /// - Parameter width: characters a line may have; nil: any number.
  func lines(width: Int?) -> [String] {
    let errors = document.points.flatMap { [$0.trainRMSE, $0.heldOutRMSE] }
    let decimals = NumberText.forceDecimals(errors)
    var table = TextTable(["frames", "training", "held out"], rightAligned: [true, true, false])
    for point in document.points {
      table.add([
        NumberText.count(point.frames), NumberText.force(point.trainRMSE, decimals: decimals),
        NumberText.force(point.heldOutRMSE, decimals: decimals)
          + (point.heldOutRMSEError.map { " ± \(NumberText.rough($0 * 1000))" } ?? ""),
      ])
    }
    let held =
      document.heldOut == "validation"
      ? "the validation frames" : "a fifth of the \(document.units), another in each order"
    let head =
      "\(document.dataset.name): \(document.expression), \(NumberText.count(document.complexity, "node")); "
      + "RMSE in meV/Å"
    return TextTable.wrapped(head, width: width) + [""] + table.lines(width: width) + [""]
      + TextTable.wrapped(sentence, width: width)
      + TextTable.wrapped(
        "± standard error over \(document.repeats) orders of the \(document.units); held out: \(held).",
        width: width)
  }

  /// Whether more data would help.
  private var sentence: String {
    guard let gain = document.doublingGain, let error = document.doublingGainError,
      let last = document.points.last
    else { return "Too few points to say whether more data would help." }
    let size =
      "twice the frames would lower the error by about \(NumberText.rough(gain * 1000)) ± "
      + "\(NumberText.rough(error * 1000)) meV/Å"
    let share = NumberText.rough(100 * gain / last.heldOutRMSE)
    switch LearningCurve.Verdict(rawValue: document.verdict) {
    case .helps: return "More data would help: \(size), \(share) % of it."
    case .hardlyHelps:
      return
        "More data would hardly help: \(size), \(share) % of it. The form, not the data, limits it."
    case .noGain:
      return "More data would not help this form: the error falls no more beyond chance (\(size))."
    default: return "Too few points to say whether more data would help."
    }
  }
}
