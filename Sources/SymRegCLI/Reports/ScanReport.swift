import ExpressionTrees

/// A scan for people.
struct ScanReport {
  let document: ScanDocument

  func lines(width: Int?) -> [String] {
    head + [""] + pairs(width) + dimers(width) + virialCoefficients(width)
  }

  private var head: [String] {
    [
      "U(r) = \(document.expression), \(document.complexity) nodes, cutoff "
        + "\(NumberText.significant(document.cutoff)) Å (\(document.cutoffMode))"
    ] + (document.background.map { ["beside \($0)"] } ?? [])
      + FrontReport.parameterLines(document.parameters)
  }

  private func pairs(_ width: Int?) -> [String] {
    var table = TextTable(
      ["pair", "sampled, Å", "minimum, Å", "U, meV", ""],
      rightAligned: [false, true, true, true, false])
    for pair in document.pairs {
      let sampled = pair.sampled.map { Self.length($0.smallest) + "–" + Self.length($0.largest) }
      table.add([
        pair.pair, sampled ?? "not known",
        pair.minimum.map { Self.length($0.distance) } ?? "none",
        pair.minimum.map { NumberText.fixed($0.energy * 1000, 2) } ?? "", remark(pair),
      ])
    }
    return table.lines(width: width)
  }

  private func remark(_ pair: ScanDocument.Pair) -> String {
    var remarks: [String] = []
    if pair.minimum?.isSampled == false { remarks.append("the minimum is outside of the data") }
    if pair.attractsInside {
      remarks.append(
        pair.barrier.map { "attracts below \(Self.length($0)) Å" }
          ?? "attracts at the smallest distances")
    }
    return remarks.joined(separator: "; ")
  }

  private static func length(_ value: Double) -> String { NumberText.fixed(value, 3) }

  private func dimers(_ width: Int?) -> [String] {
    guard let dimers = document.dimers else { return [] }
    var table = TextTable(
      ["orientation, degrees", "lowest U, meV", "at R, Å"], rightAligned: [false, true, true])
    for dimer in dimers {
      table.add([
        dimer.orientation.map(NumberText.significant).joined(separator: ","),
        dimer.lowest.map { NumberText.fixed($0.energy * 1000, 2) } ?? "none",
        dimer.lowest.map { Self.length($0.distance) } ?? "",
      ])
    }
    return [""] + table.lines(width: width)
  }

  private func virialCoefficients(_ width: Int?) -> [String] {
    guard let coefficients = document.virialCoefficients else { return [] }
    var table = TextTable(
      ["T, K", "B₂, cm³/mol", "±"], rightAligned: [true, true, true])
    for coefficient in coefficients {
      table.add([
        NumberText.significant(coefficient.temperature),
        coefficient.value.map(NumberText.significant) ?? "none: molecules fall into each other",
        coefficient.error.map(NumberText.rough) ?? "",
      ])
    }
    let remark =
      document.hasCore
      ? "B₂ with a wall below the sampled distances."
      : document.isHardBelowSampled && document.pairs.contains { $0.sampled != nil }
        ? "B₂ takes atoms closer than any of the data for hard; --extrapolate takes the formula."
        : ""
    return [""] + table.lines(width: width) + (remark.isEmpty ? [] : [remark])
  }
}
