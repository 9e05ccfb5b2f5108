import AtomicData
import ExpressionTrees
import ParetoFronts
import RunStorage

/// An entry of the front as the template of a report takes it.
struct EntryView {
  struct Parameter {
    let name: String
    /// The type or pair of types of a value; nil for a global parameter.
    let index: String?
    let value: String
    let unit: String
    /// Bootstrap error; nil without.
    let bootstrap: String?
  }

  struct Flag {
    let name: String
    let meaning: String
    let isBarring: Bool
  }

  let size: Int
  let isRecommended: Bool
  let math: String
  let expression: String
  let kinds: [String]
  let errors: [ReportPage.Fact]
  let parameters: [Parameter]
  let hasBootstrap: Bool
  let parameterRemarks: [String]
  let pairs: [ReportPage.Figure]
  let parity: [ReportPage.Figure]
  let pairRemark: String?
  let flags: [Flag]
  let command: String
  let otherFormats: String

  /// What `symreg export` writes.
  private static let formats = [
    "lammps-table", "lammps-lepton", "openmm", "ase", "table", "gromacs", "latex", "sympy", "json",
  ]

  init(
    _ entry: FrontEntry, report: RunReport, pairs: [ReportPage.Figure],
    parity: [ReportPage.Figure], _ decimals: Int
  ) {
    let tree = try? ExpressionTree(parsing: entry.expression)
    size = entry.complexity
    isRecommended = entry.recommended
    math = tree?.mathML ?? ""
    expression = entry.expression
    kinds = Self.kinds(tree, report.document)
    errors = Self.errors(entry, decimals)
    parameters = Self.parameters(entry)
    hasBootstrap = entry.uncertainty?.bootstrapErrors != nil
    parameterRemarks = Self.parameterRemarks(entry)
    (self.pairs, self.parity) = (pairs, parity)
    pairRemark =
      pairs.isEmpty
      ? nil : Self.pairRemark(entry, hasData: report.data != nil, hasFloor: report.data?.floor)
    flags = entry.flags.map { name in
      let flag = EmptinessFlag(rawValue: name)
      return Flag(
        name: name, meaning: flag?.explanation ?? "a flag of another version",
        isBarring: flag?.isBarring ?? false)
    }
    let folder = "\(report.document.dataset.name)-\(entry.complexity)"
    command = ShellText.command([
      "symreg", "export", report.run, "--complexity", "\(entry.complexity)", "--format",
      Self.formats[0], "--out", folder,
    ])
    otherFormats = Self.formats.dropFirst().joined(separator: ", ")
  }

  private static func kinds(_ tree: ExpressionTree?, _ document: FrontDocument) -> [String] {
    guard let tree else { return [] }
    let kinds = Set(tree.parameters.map(\.kind))
    var lines: [String] = []
    func names(_ kind: ParameterKind) -> String {
      tree.parameters.filter { $0.kind == kind }.map(\.name).joined(separator: ", ")
    }
    if kinds.contains(.product) {
      lines.append("\(names(.product)): of a pair AB the product of a factor for A and one for B.")
    }
    if kinds.contains(.mean) {
      lines.append("\(names(.mean)): of a pair AB the mean of a value for A and one for B.")
    }
    if kinds.contains(.pair) { lines.append("\(names(.pair)): a value for each pair AB.") }
    if tree.known.contains(.property) {
      let column = document.grammar.property.map { " of column \($0)" } ?? ""
      lines.append("Q: the product of the values\(column) of the two atoms.")
    }
    lines += tree.known.filter(\.isIndicator).map {
      "\($0.name): 1 for atoms \($0.rawValue) bond\($0.rawValue == 1 ? "" : "s") apart, else 0."
    }
    return lines
  }

  private static func errors(_ entry: FrontEntry, _ decimals: Int) -> [ReportPage.Fact] {
    var facts = [
      ReportPage.Fact(
        name: "All frames",
        value: "\(ReportNumber.force(entry.directRMSE, decimals: decimals)) meV/Å, R² "
          + ReportNumber.fixed(entry.r2, 4)),
      ReportPage.Fact(
        name: "Training",
        value: "\(ReportNumber.force(entry.trainRMSE, decimals: decimals)) meV/Å"),
    ]
    if let validation = entry.validationRMSE {
      facts.append(
        ReportPage.Fact(
          name: "Validation",
          value: ReportNumber.force(validation, entry.validationRMSEError, decimals: decimals)
            + " meV/Å"))
    }
    if let folds = entry.crossValidation {
      facts.append(
        ReportPage.Fact(
          name: "Cross-validation",
          value: ReportNumber.force(folds.rmse, folds.rmseError, decimals: decimals) + " meV/Å"))
    }
    if let chi = entry.reducedChiSquared {
      facts.append(
        ReportPage.Fact(name: "χ² per degree of freedom", value: ReportNumber.rough(chi)))
    }
    for target in entry.targets ?? [] {
      let unit = target.target == "net-forces" ? "meV/Å" : "meV"
      facts.append(
        ReportPage.Fact(
          name: target.target,
          value: "\(ReportNumber.force(target.directRMSE, decimals: decimals)) \(unit), R² "
            + ReportNumber.fixed(target.r2, 4)))
    }
    return facts
  }

  private static func parameters(_ entry: FrontEntry) -> [Parameter] {
    let errors = entry.uncertainty?.standardErrors ?? [:]
    let bootstrap = entry.uncertainty?.bootstrapErrors
    func number(_ values: ParameterValue?, _ index: String?) -> Double? {
      switch values {
      case .number(let value)?: value
      case .byName(let values)?: index.flatMap { values[$0] }
      case nil: nil
      }
    }
    return entry.parameters.sorted { $0.key < $1.key }.flatMap { name, value -> [Parameter] in
      let unit = (entry.parameterUnits?[name])?.wrappedValue.map { $0 == "1" ? "–" : $0 }
      func parameter(_ value: Double, _ index: String?) -> Parameter {
        Parameter(
          name: name, index: index,
          value: ReportNumber.value(value, error: number(errors[name], index)),
          unit: unit ?? "r in Å, U in eV",
          bootstrap: bootstrap.map {
            number($0[name], index).map { ReportNumber.rough($0) } ?? "–"
          })
      }
      switch value {
      case .number(let value): return [parameter(value, nil)]
      case .byName(let values):
        return values.sorted { $0.key < $1.key }.map { parameter($0.value, $0.key) }
      }
    }
  }

  private static func parameterRemarks(_ entry: FrontEntry) -> [String] {
    guard let uncertainty = entry.uncertainty else {
      return ["No standard errors were computed."]
    }
    let units = ReportNumber.count(uncertainty.count, String(uncertainty.units.dropLast()))
    let condition = uncertainty.conditionNumber.map {
      "; condition number \(ReportNumber.rough($0))"
    }
    var remarks = ["± standard error over \(units)\(condition ?? "")."]
    if !uncertainty.undetermined.isEmpty {
      remarks.append(
        "Not determined by the data: \(uncertainty.undetermined.joined(separator: ", ")).")
    }
    return remarks
  }

  private static func pairRemark(
    _ entry: FrontEntry, hasData: Bool,
    hasFloor floor: [[(distance: Double, force: Double)]]?
  ) -> String {
    var text = "Solid: the potential."
    if floor?.isEmpty == false {
      text += " Dashed in F: the free-form floor, as far as any pair force gets."
    }
    if hasData {
      text +=
        " Grey: how often each distance occurs. Veiled: distances of which there are no data. Residual: the "
        + "part of the missing force along the pair, mean and standard deviation; above zero the reference "
        + "pushes the two further apart."
    }
    return text + " Dotted: the cutoff."
  }
}
