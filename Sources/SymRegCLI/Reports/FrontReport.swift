import AtomicData
import CompressedForces
import ExpressionTrees
import ForceFitting
import ParetoFronts
import RunStorage

/// A front for people: its entries, what they are compared with, and one potential in full.
struct FrontReport {
  let document: FrontDocument

  /// - Parameter width: characters a line may have; nil: any number.
  func lines(width: Int?) -> [String] {
    Self.wrapped([heading, ""], width: width) + table.lines(width: width)
      + Self.wrapped([""] + detail + remarks, width: width)
  }

  private static func wrapped(_ lines: [String], width: Int?) -> [String] {
    lines.flatMap { line in
      let indent = String(line.prefix { $0 == " " })
      return TextTable.wrapped(
        String(line.dropFirst(indent.count)), width: width.map { $0 - indent.count }
      ).map { indent + $0 }
    }
  }

  private var heading: String {
    let dataset = document.dataset
    return "\(dataset.name): \(NumberText.count(dataset.frames, "frame")), cutoff "
      + "\(NumberText.significant(document.cutoff)) Å (\(document.cutoffMode)); "
      + "\(dataset.weights == nil ? "" : "weighted ")force errors in meV/Å"
  }

  // MARK: Table

  private var hasValidation: Bool {
    document.front.contains { $0.validationRMSE != nil }
      || document.baselines.contains { $0.validationRMSE != nil }
  }

  private var decimals: Int {
    NumberText.forceDecimals(
      document.front.map(\.directRMSE) + document.baselines.map(\.directRMSE)
        + (document.floor.map { [$0.rmse] } ?? []))
  }

  private var hasFolds: Bool { document.front.contains { $0.crossValidation != nil } }

  /// Letters by which the table names the flags.
  private var notes: FlagNotes { FlagNotes(document.front) }

  private var table: TextTable {
    let notes = notes
    var header = ["", "size", "RMSE", "R²", "U(r)"]
    if !notes.isEmpty { header.insert("flags", at: 4) }
    if hasValidation { header.insert("validation", at: 3) }
    if hasFolds { header.insert("folds", at: 3) }
    header.insert(contentsOf: targetNames, at: header.count - 1)
    var table = TextTable(
      header, rightAligned: [false] + Array(repeating: true, count: header.count - 2) + [false])
    for entry in document.front {
      table.add(
        row(
          entry.recommended ? "*" : "", "\(entry.complexity)", entry.directRMSE,
          entry.validationRMSE, entry.r2, entry.expression, entry.targets ?? [],
          held: HeldOut(
            validationError: entry.validationRMSEError, folds: entry.crossValidation?.rmse,
            foldsError: entry.crossValidation?.rmseError, flags: notes.letters(of: entry))))
    }
    let meanSquare = document.dataset.rmsForce * document.dataset.rmsForce
    table.add(Array(repeating: "", count: header.count - 1) + ["for comparison"])
    if let floor = document.floor {
      table.add(
        row(
          "", "", floor.rmse, floor.validationRMSE,
          meanSquare > 0 ? 1 - floor.rmse * floor.rmse / meanSquare : 0,
          "free-form floor", held: HeldOut(folds: floor.crossValidatedRMSE)))
    }
    for baseline in document.baselines {
      table.add(
        row(
          "", "", baseline.directRMSE, baseline.validationRMSE, baseline.r2,
          baseline.name, baseline.targets ?? []))
    }
    return table
  }

  /// What held-out frames say, in eV/Å, and the letters of flags.
  private struct HeldOut {
    var validationError: Double?
    var folds: Double?
    var foldsError: Double?
    var flags = ""
  }

  private func row(
    _ mark: String, _ size: String, _ error: Double, _ validation: Double?, _ r2: Double,
    _ text: String, _ targets: [TargetScore] = [], held: HeldOut = HeldOut()
  ) -> [String] {
    let errors = targetNames.map { name in
      targets.first { $0.target == name }
        .map { NumberText.force($0.directRMSE, decimals: decimals) } ?? ""
    }
    var row = [
      mark, size, NumberText.force(error, decimals: decimals), NumberText.fixed(r2, 4), text,
    ]
    if !notes.isEmpty { row.insert(held.flags, at: 4) }
    func withError(_ value: Double?, _ error: Double?) -> String {
      guard let value else { return "" }
      return NumberText.force(value, decimals: decimals)
        + (error.map { " ± \(NumberText.rough($0 * 1000))" } ?? "")
    }
    if hasValidation { row.insert(withError(validation, held.validationError), at: 3) }
    if hasFolds { row.insert(withError(held.folds, held.foldsError), at: 3) }
    row.insert(contentsOf: errors, at: row.count - 1)
    return row
  }

  /// What is matched beside forces; a column each, in meV or meV/Å.
  private var targetNames: [String] {
    document.front.first?.targets?.map(\.target) ?? []
  }

  // MARK: One entry

  private var detail: [String] {
    guard let entry = shown else {
      return document.front.isEmpty
        ? ["No expression was better than U = 0."] : ["No entry is recommended."]
    }
    let title = entry.recommended ? "* recommended, " : ""
    return ["\(title)\(NumberText.count(entry.complexity, "node")), parameters in eV and Å:"]
      + ["  U(r) = \(entry.expression)"]
      + Self.parameterLines(
        entry.parameters, errors: entry.uncertainty?.standardErrors ?? [:],
        units: entry.parameterUnits?.compactMapValues(\.wrappedValue) ?? [:])
      + uncertaintyLines(entry)
  }

  private func uncertaintyLines(_ entry: FrontEntry) -> [String] {
    guard let uncertainty = entry.uncertainty else { return [] }
    let condition = uncertainty.conditionNumber.map {
      ", condition number \(NumberText.rough($0))"
    }
    let units = NumberText.count(uncertainty.count, String(uncertainty.units.dropLast()))
    var lines = ["± standard error (\(units))\(condition ?? "")"]
    if let bootstrap = uncertainty.bootstrapErrors {
      lines += ["Standard errors by bootstrap:"] + Self.parameterLines(bootstrap)
    }
    if !uncertainty.undetermined.isEmpty {
      lines.append(
        "Not determined by the data: \(uncertainty.undetermined.joined(separator: ", ")).")
    }
    return lines
  }

  /// `  b = -3.5` and `  X = H 0.2, O -0.4`.
  static func parameterLines(
    _ parameters: [String: ParameterValue], errors: [String: ParameterValue] = [:],
    units: [String: String] = [:]
  ) -> [String] {
    func text(_ value: Double, _ error: Double?) -> String {
      let error = error.map { " ± \(NumberText.rough($0))" } ?? ""
      return NumberText.significant(value) + error
    }
    return parameters.sorted { $0.key < $1.key }.map { name, value in
      let unit = units[name].map { $0 == "1" ? "" : "  [\($0)]" } ?? ""
      switch (value, errors[name]) {
      case (.number(let number), .number(let error)?):
        return "  \(name) = \(text(number, error))\(unit)"
      case (.number(let number), _): return "  \(name) = \(text(number, nil))\(unit)"
      case (.byName(let factors), let known):
        var errors: [String: Double] = [:]
        if case .byName(let found)? = known { errors = found }
        return "  \(name) = "
          + factors.sorted { $0.key < $1.key }
          .map { "\($0.key) \(text($0.value, errors[$0.key]))" }.joined(separator: ", ") + unit
      }
    }
  }

  private var remarks: [String] {
    let sentences = sentences
    return (notes.isEmpty ? [] : [""] + notes.lines) + (sentences.isEmpty ? [] : [""] + sentences)
  }

  /// What is to be known of the front, beside the flags.
  var sentences: [String] {
    var remarks: [String] = []
    if document.certifiedComplexity > 0 {
      remarks.append(
        "Certified to \(NumberText.count(document.certifiedComplexity, "node")): every form of the grammar up to there was "
          + "fitted, or given up after a rough fit; free exponents stand for whole ones. A fit may miss "
          + "its global minimum.")
    }
    let trees = document.front.compactMap { try? ExpressionTree(parsing: $0.expression) }
    let kinds = Set(trees.flatMap { $0.parameters.map(\.kind) })
    remarks += ParameterKind.allCases.filter(kinds.contains).compactMap(Self.remark)
    let known = Set(trees.flatMap(\.known))
    if let column = document.grammar.property, known.contains(.property) {
      remarks.append("Q is the product of the values of column \(column) of the two atoms.")
    }
    remarks += KnownQuantity.allCases.filter { $0.isIndicator && known.contains($0) }.map {
      "\($0.name) is 1 for atoms \($0.rawValue) bond\($0.rawValue == 1 ? "" : "s") apart, else 0."
    }
    remarks += divisionRemarks + (document.warnings ?? [])
    // The error of an exact law is rounding.
    let rounding = Self.roundingShare * document.dataset.rmsForce
    let differences = document.front.filter { $0.directRMSE > rounding }.map {
      abs($0.compressedRMSE - $0.directRMSE) / $0.directRMSE
    }
    remarks += BackgroundReport.remarks(document.background) + constraintRemarks
    remarks += NoiseReport(dataset: document.dataset, floor: document.floor).lines
    remarks += targetRemarks
    if let weights = document.dataset.weights {
      remarks.append("All errors and R² are weighted: \(weights).")
    }
    remarks += modeRemark
    if let largest = differences.filter(\.isFinite).max() {
      remarks.append(
        "RMSE: direct sum over all pairs of all frames; the compressed one differs by at most "
          + "\(NumberText.rough(largest)) of it.")
    }
    if document.baselines.contains(where: { $0.name.hasPrefix("q-SPC/Fw") })
      || document.background?.name == "q-SPC/Fw"
    {
      remarks.append(
        "q-SPC/Fw was made for the liquid: a smaller error on dimers says nothing about the "
          + "liquid.")
    }
    return remarks
  }

  /// What the errors on held-out frames are, and what they leave out.
  private var divisionRemarks: [String] {
    var remarks: [String] = []
    if let recommendation = document.recommendation {
      remarks.append("Recommended: \(recommendation).")
    }
    guard let division = document.division else { return remarks }
    let units = division.units
    if let folds = division.folds, hasFolds, let count = division.trainingUnits {
      remarks.append(
        "folds: parameters fitted without each of \(folds) folds, scored on it; ± standard error over "
          + "\(NumberText.count(count)) \(units). The search saw all of them: the choice of the form leaks, "
          + "its parameters do not.")
    }
    if let count = division.validationUnits {
      remarks.append(
        count > 1
          ? "validation: ± standard error over \(NumberText.count(count)) \(units)."
          : "validation: one group, so no standard error.")
    }
    return remarks
  }

  /// Errors beside forces of the entry that is shown in full.
  private var targetRemarks: [String] {
    guard let entry = shown else { return [] }
    let chi = entry.reducedChiSquared.map { ["χ² per degree of freedom: \(NumberText.rough($0))."] }
    return (chi ?? [])
      + (entry.targets ?? []).map { score in
        let unit = score.target == MatchedTarget.netForces.rawValue ? "meV/Å" : "meV"
        let decimals = NumberText.forceDecimals([score.directRMSE])
        let validation = score.validationRMSE.map {
          ", \(NumberText.force($0, decimals: decimals)) validation"
        }
        return "\(score.target): RMSE \(NumberText.force(score.directRMSE, decimals: decimals))"
          + "\(validation ?? "") \(unit), R² \(NumberText.fixed(score.r2, 4))"
      }
  }

  private var shown: FrontEntry? {
    if let recommended = document.front.first(where: \.recommended) { return recommended }
    // A front of which none is recommended has nothing to look at first; a single form is what was asked for.
    return document.recommendation == nil ? document.front.last : nil
  }

  private var constraintRemarks: [String] {
    let constraints = document.constraints ?? []
    var remarks =
      constraints.isEmpty ? [] : ["Constraints: \(constraints.joined(separator: "; "))."]
    for (number, text) in constraints.enumerated() {
      let violation = document.front.compactMap { $0.constraintViolations?[number] }.max() ?? 0
      if violation > Self.visibleViolation {
        remarks.append(
          "Not met: \(text), by up to \(NumberText.rough(violation)) of the rms force.")
      }
    }
    let violation = document.front.map(\.maxConstraintViolation).max() ?? 0
    if remarks.count <= 1, violation > Self.visibleViolation {
      remarks.append(
        "The constraint F(cutoff) = 0 is not met: up to \(NumberText.rough(violation)) of the rms force."
      )
    }
    return remarks
  }

  private static let roundingShare = 1e-6
  /// What a feasible fit may have.
  private static let visibleViolation = 1e-4

  /// A form that is held back by F(cutoff) = 0 is not wrong for that.
  private var modeRemark: [String] {
    guard document.cutoffMode == CutoffMode.constraint.rawValue, document.front.count == 1,
      let entry = document.front.first,
      let refitted = document.baselines.last, refitted.r2 > entry.r2 + Self.visibleGain
    else { return [] }
    return [
      "F(cutoff) = 0 is asked of the form itself: --cutoff-mode shifted-force shifts the force of any form."
    ]
  }

  private static let visibleGain = 0.02

  /// What a kind of parameter counts for, where its values do not say it.
  private static func remark(_ kind: ParameterKind) -> String? {
    switch kind {
    case .global, .pair: nil
    case .product: "A product parameter X counts for a pair AB as X of A times X of B."
    case .mean: "A mean parameter S~ counts for a pair AB as half the sum of S of A and S of B."
    }
  }
}
