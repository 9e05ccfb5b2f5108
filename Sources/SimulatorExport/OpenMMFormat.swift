import AtomicData
import ExpressionTrees

/// Custom forces of OpenMM: a force field for `app.ForceField`, and a Python module that adds the forces to
/// any `System`.
///
/// Distances are in nm, energies in kJ/mol. Product and mean parameters and q are per-particle parameters,
/// pair parameters and walls tables of the types, global parameters global ones.
struct OpenMMFormat {
  let exporter: Exporter
  var potential: ExportedPotential { exporter.potential }
  var python: PythonText { PythonText(potential: potential) }

  /// kJ/mol per eV, as a global parameter by which the force is known.
  static let unitName = "symreg_unit"
  static let unit = 1 / Units.gromacs.energy
  /// Å per nm.
  private static let length = Units.gromacs.length

  init(_ exporter: Exporter) { self.exporter = exporter }

  func files() throws -> [ExportFile] {
    if let structure = exporter.options.structure { try structure.check(potential) }
    let (energy, pairEnergy) = try energies()
    let lines = [
      "In Python, for any `System` that has its particles:", "",
      "    from potential import add_forces",
      "    add_forces(system, types=[atom.element.symbol for atom in topology.atoms()]\(arguments))",
      "",
      "or with a topology whose residues have the templates of `forcefield.xml`:", "",
      "    forcefield = openmm.app.ForceField(\"forcefield.xml\")",
      "    system = forcefield.createSystem(topology, rigidWater=False)", "",
      "Both use the fitted cutoff of \(potential.cutoff) Å, and periodic boundaries where the topology or the",
      "system has a box. All nonbonded forces of a system need the same exclusions: what would act on a pair",
      "that another force excludes is added as a `CustomBondForce`.",
    ]
    return [
      ExportFile("potential.py", module(energy: energy, pairEnergy: pairEnergy)),
      ExportFile("forcefield.xml", try xml(energy: energy, pairEnergy: pairEnergy)),
      exporter.readme("OpenMM", lines),
    ]
  }

  /// The types of a topology's atoms, where they are its elements.
  private var types: String {
    potential.typesColumn == nil ? "[atom.element.symbol for atom in topology.atoms()]" : "…"
  }

  /// What `add_forces` needs beside the types.
  private var arguments: String {
    (potential.selection == .inter || exporter.options.bonded != nil ? ", molecules=…" : "")
      + (python.reach > 0 ? ", bonds=…" : "") + (potential.usesProperty ? ", properties=…" : "")
  }

  // MARK: Expressions

  /// The kinds of the parameters by their names in texts.
  var kinds: [(name: String, kind: ParameterKind)] {
    zip(potential.parts, potential.names).flatMap { part, names in
      zip(names, part.tree.parameters).map { ($0, $1.kind) }
    }
  }

  var coreNames: [String] { potential.cores.first.map { $0.symbols.map(\.name) } ?? [] }

  static func table(_ name: String) -> String { name + ExportNames.tableSuffix }

  /// Of pairs of far atoms by parameters of the particles, and of pairs by parameters of their own.
  private func energies() throws -> (energy: String, pairEnergy: String) {
    var bindings: [String: Formula] = [:]
    func first(_ name: String) -> Formula { .symbol(name + "_i1") }
    func second(_ name: String) -> Formula { .symbol(name + "_i2") }
    func lookedUp(_ name: String) -> Formula { .symbol("\(Self.table(name))(type_i1, type_i2)") }
    for (name, kind) in kinds {
      switch kind {
      case .global: bindings[name] = .symbol("symreg_" + name)
      case .product: bindings[name] = first(name) * second(name)
      case .mean: bindings[name] = (first(name) + second(name)) / .number(2)
      case .pair: bindings[name] = lookedUp(name)
      }
    }
    bindings["Q"] = first("q") * second("q")
    for quantity in KnownQuantity.allCases where quantity.isIndicator {
      bindings[quantity.name] = .number(0)
    }
    for name in coreNames { bindings[name] = lookedUp(name) }
    let energy = try text(bindings, isOfFarPairs: true)
    var own: [String: Formula] = [:]
    for (name, kind) in kinds where kind == .global { own[name] = .symbol("symreg_" + name) }
    return (energy, try text(own, isOfFarPairs: false))
  }

  private func text(_ bindings: [String: Formula], isOfFarPairs: Bool) throws -> String {
    var text = ""
    _ = try SelfCheck(potential: potential).checked(
      bindings: bindings, engine: "OpenMM", remedy: "export lammps-table or table"
    ) { program in
      var scaled = FormulaProgram()
      scaled.define("d", .number(Self.length) * .distance)
      let inner = program.renamingDistance("d")
      scaled.definitions += inner.definitions
      scaled.result = inner.result
      if !isOfFarPairs {
        // A force of bonds has no cutoff of its own.
        let isWithin = Formula.call(.step, [.number(potential.cutoff) - .symbol("d")])
        scaled.result = .call(.select, [isWithin, inner.result, .number(0)])
      }
      scaled.result = .symbol(Self.unitName) * scaled.result
      text = try LAMMPSFormat.lines(scaled, scale: 1).joined(separator: " ")
      try check(text, isOfFarPairs: isOfFarPairs)
    }
    return text
  }

  private func check(_ text: String, isOfFarPairs: Bool) throws {
    let expression = try EngineExpression(text, notation: .lepton)
    let check = SelfCheck(potential: potential)
    for sample in potential.samples where !isOfFarPairs || sample.pair.bonds == 0 {
      for pair in check.pairs(sample) {
        let values = values(of: pair, isOfFarPairs: isOfFarPairs)
        try check.compare(pair, of: sample) { r in
          var values = values
          values["r"] = Dual(value: r / Self.length, slope: 1, isVarying: true)
          let dual = try expression.dual(values)
          return PotentialValue(
            energy: dual.value / Self.unit, derivative: dual.slope / Self.unit / Self.length)
        }
      }
    }
  }

  /// What an engine has for the names of the texts.
  private func values(of pair: PairType, isOfFarPairs: Bool) -> [String: Dual] {
    var values: [String: Dual] = [Self.unitName: Dual(value: Self.unit)]
    let numbers = potential.numbers(of: pair).compactMapValues { formula -> Double? in
      if case .number(let value) = formula { value } else { nil }
    }
    for (name, value) in numbers {
      values[name] = Dual(value: value)
      values["symreg_" + name] = Dual(value: value)
      values["\(Self.table(name))(type_i1, type_i2)"] = Dual(value: value)
    }
    guard isOfFarPairs else { return values }
    for (part, names) in zip(potential.parts, potential.names) {
      let layout = part.tree.layout(typeCount: potential.typeNames.count)
      for (number, name) in names.enumerated()
      where [.product, .mean].contains(part.tree.parameters[number].kind) {
        let theta = part.theta[layout.ranges[number]]
        values[name + "_i1"] = Dual(value: theta[theta.startIndex + pair.first])
        values[name + "_i2"] = Dual(value: theta[theta.startIndex + pair.second])
      }
    }
    (values["q_i1"], values["q_i2"]) = (Dual(value: pair.property), Dual(value: 1))
    return values
  }
}
