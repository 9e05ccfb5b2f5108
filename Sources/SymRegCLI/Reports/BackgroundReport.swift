import RunStorage
import SymReg

/// What was subtracted from the data, for people.
enum BackgroundReport {
  /// Beside the data: what is left.
  static func lines(_ discovery: Discovery) -> [String] {
    guard let background = discovery.settings.background else { return [] }
    let rest = discovery.statistics.all.meanSquaredReferenceForce.squareRoot()
    let left = NumberText.force(rest, decimals: NumberText.forceDecimals([rest]))
    return [
      "", "\(background.title) is subtracted and leaves an rms force of \(left) meV/Å.",
    ] + nothingLeft(discovery)
  }

  /// Where no force is left.
  static func nothingLeft(_ discovery: Discovery) -> [String] {
    guard discovery.hasNoForce else { return [] }
    return ["No force above rounding is left: there is nothing to add to it."]
  }

  /// Beside a front.
  static func remarks(_ background: BackgroundSummary?) -> [String] {
    guard let background else { return [] }
    return [
      "The forces are what \(background.title) leaves (its cutoff mode \(background.cutoffMode)): "
        + "U(r) is to be added to it."
    ]
  }
}
