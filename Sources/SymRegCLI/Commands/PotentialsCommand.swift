import ArgumentParser
import AtomicData
import ExpressionTrees

/// `symreg potentials`: the known potentials.
struct PotentialsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "potentials",
    abstract: "List the known potentials, or show one with its parameters and source.",
    discussion: """
      `fit` and `evaluate` know them by these names.

        symreg potentials q-SPC/Fw
      """)

  @Argument(help: ArgumentHelp("Name of one; upper and lower case are alike.", valueName: "name"))
  var name: String?

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    let console = output.console
    guard let name else {
      var table = TextTable(
        ["name", "values for", "U(r)", ""], rightAligned: [false, false, false, false])
      for potential in KnownPotential.all {
        let types = potential.typeNames
        table.add([
          potential.name, types.isEmpty ? "none" : types.joined(separator: " "),
          potential.expression, potential.summary,
        ])
      }
      try console.print(table.lines(width: console.width))
      return try console.printJSON(
        PotentialsDocument(potentials: KnownPotential.all.map(PotentialsDocument.Potential.init)))
    }
    guard let potential = KnownPotential.named(name) else {
      throw InputError(
        "expected \(OptionText.listed(KnownPotential.all.map(\.name))), found \"\(name)\"")
    }
    try console.print(
      Self.lines(potential).flatMap {
        TextTable.wrapped($0, width: console.width)
      })
    try console.printJSON(
      PotentialsDocument(potentials: [PotentialsDocument.Potential(potential)]))
  }

  private static func lines(_ potential: KnownPotential) -> [String] {
    let parameters =
      potential.parameters.map { ["parameters in eV and Å:"] + FrontReport.parameterLines($0) }
      ?? ["no published values: `symreg fit` finds them for your data"]
    return ["\(potential.name): \(potential.summary)", "U(r) = \(potential.expression)"]
      + unitLines(potential) + parameters + ["source: \(potential.source)"]
  }

  /// `units: X eV^(1/2) Å^(1/2) per factor; b 1/Å`.
  private static func unitLines(_ potential: KnownPotential) -> [String] {
    guard let tree = try? ExpressionTree(parsing: potential.expression) else { return [] }
    let units = zip(tree.parameters, tree.units()).map { parameter, unit in
      "\(parameter.name) \(unit ?? "for r in Å, U in eV")"
        + (parameter.kind == .product ? " per factor" : "")
    }
    return ["units: " + units.joined(separator: "; ")]
  }
}
