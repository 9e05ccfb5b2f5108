import AtomicData
import ExpressionTrees
import Foundation

/// `pair_style lepton` and `pair_style table` of LAMMPS, in units `metal` or `real`.
///
/// Lepton in LAMMPS takes a name without a value for 0: every text is read back with all names bound. The
/// products q_i·q_j of `lepton/coul` come with LAMMPS's Coulomb constant, by which they are divided.
struct LAMMPSFormat {
  let exporter: Exporter
  let potential: ExportedPotential
  let units: Units
  /// By type where Q is a number for a pair of types.
  private let properties: [Double]?

  init(_ exporter: Exporter) {
    self.exporter = exporter
    potential = exporter.potential
    units = exporter.options.units
    properties = exporter.potential.propertyByType
  }

  private static let others = "export openmm or ase"

  /// Whether atoms carry q as their charge.
  private var usesCharges: Bool { potential.usesProperty && properties == nil }

  // MARK: Files

  func leptonFiles() throws -> [ExportFile] {
    try check()
    let style = usesCharges ? "lepton/coul" : "lepton"
    let coefficients = try potential.samples.map { sample in
      "# \(sample.name)\npair_coeff \(Self.numbers(sample.pair)) \"\"\"\n"
        + (try expression(sample)).map { "  " + $0 }.joined(separator: "\n") + "\n\"\"\""
    }
    return try files(style: "pair_style \(style) \(potential.cutoff)", coefficients: coefficients)
  }

  func tableFiles() throws -> [ExportFile] {
    try check()
    guard !usesCharges else {
      throw InputError(
        "expected a function of the types alone for lammps-table, found one of q_i·q_j of single atoms",
        remedy: "export lammps-lepton, openmm or ase")
    }
    let table = try LAMMPSTable(potential, units: units)
    let coefficients = potential.samples.map {
      "pair_coeff \(Self.numbers($0.pair)) potential.table \($0.name) \(potential.cutoff)"
    }
    // The values of the file are used as they are where spacing and number agree with the style's.
    let made = try files(
      style: "pair_style table spline \(LAMMPSTable.valueCount)", coefficients: coefficients)
    return made + [ExportFile("potential.table", table.text)]
  }

  private func files(style: String, coefficients: [String]) throws -> [ExportFile] {
    let bonded = exporter.options.bonded
    var made = [
      ExportFile("potential.lmp", include(style: style, coefficients: coefficients))
    ]
    let isTable = style.contains("table")
    var text = [
      "`potential.lmp` holds the pair style for `units \(units.name)`. Include it once box, atoms and masses",
      "exist; it needs `atom_style \(atomStyle)`, and types numbered by name: "
        + potential.typeNames.enumerated().map { "\($1) is \($0 + 1)" }.joined(separator: ", ")
        + ".",
    ]
    if isTable { text.append("`potential.table` holds the values.") }
    text += requirements + [""]
    if let structure = exporter.options.structure {
      let data = try LAMMPSData(
        structure, potential: potential,
        masses: try exporter.options.masses.of(potential.typeNames),
        isFull: atomStyle == "full", hasBonds: hasBondRange, bonded: bonded)
      made.append(ExportFile("system.data", try data.text()))
      made.append(ExportFile("in.lammps", input(data)))
      text += [
        "    lmp -in in.lammps", "", "minimizes `system.data` and runs 1 ps at constant energy.",
      ]
    } else {
      text += [
        "    include potential.lmp", "",
        "A structure (`symreg export --structure FILE`) makes it a ready input with `system.data`.",
      ]
    }
    made.append(
      exporter.readme("LAMMPS, \(isTable ? "table" : "Lepton expressions")", text))
    return made
  }

  // MARK: What LAMMPS can say

  private var hasBondRange: Bool {
    if case .bonds = potential.selection { true } else { false }
  }

  private var atomStyle: String {
    potential.selection != .all || usesCharges || exporter.options.bonded != nil ? "full" : "atomic"
  }

  /// What the atoms of a system have to have.
  private var requirements: [String] {
    var lines: [String] = []
    if potential.selection == .inter {
      lines.append("Pairs act between different molecules: atoms need molecule numbers.")
    }
    if hasBondRange {
      lines.append("Pairs act by the bonds between them: the system needs its bonds.")
    }
    if usesCharges { lines.append("The charges of the atoms are the property q of the fit.") }
    return lines
  }

  private func check() throws {
    guard !potential.usesBondClasses else {
      throw InputError(
        "expected functions of the distance alone for LAMMPS, found \(Self.indicators(potential))",
        remedy: Self.others)
    }
    guard case .bonds(let range) = potential.selection else { return }
    guard range.upper == nil, range.lower <= 4 else {
      throw InputError(
        "expected pairs bonds:N+ with N up to 4 for LAMMPS, found \(potential.selection.rawValue)",
        remedy: Self.others)
    }
  }

  private static func indicators(_ potential: ExportedPotential) -> String {
    let names = Set(potential.parts.flatMap { $0.tree.known.filter(\.isIndicator) }.map(\.name))
    return names.sorted().joined(separator: ", ")
  }

  /// Weights of pairs one, two and three bonds apart.
  private var specialBonds: String {
    guard case .bonds(let range) = potential.selection else { return "1 1 1" }
    return (1...3).map { range.contains($0) ? "1" : "0" }.joined(separator: " ")
  }

  // MARK: Texts

  /// `1 2`.
  private static func numbers(_ pair: PairType) -> String { "\(pair.first + 1) \(pair.second + 1)" }

  private func comment(_ lines: [String]) -> [String] { lines.map { "# " + $0 } }

  private func include(style: String, coefficients: [String]) -> String {
    var lines = comment(potential.headLines + potential.warnings.map { "warning: " + $0 })
    lines += comment([
      "for units \(units.name) and atom_style \(atomStyle); include once box, atoms and masses exist",
      "types: "
        + potential.typeNames.enumerated().map { "\($0 + 1) \($1)" }.joined(separator: ", "),
    ])
    if Self.areLabels(potential.typeNames) {
      let labels = potential.typeNames.enumerated().map { "\($0 + 1) \($1)" }
      lines.append("labelmap atom \(labels.joined(separator: " "))")
    }
    lines.append("special_bonds lj/coul \(specialBonds)")
    if potential.selection == .inter { lines.append("neigh_modify exclude molecule/intra all") }
    lines += [style, "pair_modify shift no tail no"] + coefficients
    if let bonded = exporter.options.bonded {
      lines += bonded.lammpsLines(units: units)
    } else if hasBondRange, exporter.options.structure != nil {
      lines += ["bond_style zero", "bond_coeff *"]
    }
    return lines.joined(separator: "\n")
  }

  /// Whether LAMMPS takes them for names of types.
  private static func areLabels(_ names: [String]) -> Bool {
    names.allSatisfy { name in
      let first = name.first
      return first?.isLetter == true
        && name.allSatisfy { $0.isASCII && !$0.isWhitespace && $0 != "#" }
    }
  }

  /// A ready input: reads the structure, minimizes, and runs at constant energy.
  private func input(_ data: LAMMPSData) -> String {
    // 0.5 fs where hydrogen moves, else 2 fs; in ps in units metal.
    let hasHydrogen = potential.typeNames.contains("H")
    let femtoseconds = hasHydrogen ? 0.5 : 2.0
    let step = units == .metal ? femtoseconds / 1000 : femtoseconds
    return """
      # Minimizes system.data and runs 1 ps at constant energy.
      units \(units.name)
      atom_style \(atomStyle)
      boundary \(data.boundary)
      box tilt large
      newton on
      \(exporter.options.bonded == nil ? "" : "bond_style harmonic\nangle_style harmonic\n")\
      \(exporter.options.bonded == nil && hasBondRange ? "bond_style zero\n" : "")\
      read_data system.data
      include potential.lmp
      neighbor 2.0 bin
      neigh_modify delay 0 every 1 check yes
      thermo 100
      thermo_style custom step temp pe ke etotal press
      thermo_modify lost warn
      minimize 1.0e-10 1.0e-10 200 2000
      reset_timestep 0
      timestep \(step)
      velocity all create 300.0 1 mom yes rot yes dist gaussian
      fix integration all nve
      run \(Int(1000 / femtoseconds))
      """
  }

  // MARK: Expressions

  /// The expression of a pair with its definitions, a line each, in the energy unit of LAMMPS.
  private func expression(_ sample: ExportedPotential.Sample) throws -> [String] {
    var bindings = potential.numbers(of: potential.withProperty(sample.pair))
    var lines: [String] = []
    if usesCharges { bindings["Q"] = .symbol("qi") * .symbol("qj") / .number(coulomb) }
    let check = SelfCheck(potential: potential)
    _ = try check.checked(
      bindings: bindings, engine: "LAMMPS", remedy: "export lammps-table"
    ) { program in
      lines = try Self.lines(program.folded(), scale: 1 / units.energy)
      let expression = try EngineExpression(
        lines.joined(separator: " "), notation: .lepton)
      for pair in check.pairs(sample) {
        try check.compare(pair, of: sample) { r in
          var names = ["r": Dual(value: r, slope: 1, isVarying: true)]
          if usesCharges {
            // As LAMMPS has them: with the root of its Coulomb constant.
            names["qi"] = Dual(value: pair.property * coulomb.squareRoot())
            names["qj"] = Dual(value: coulomb.squareRoot())
          }
          let dual = try expression.dual(names)
          return PotentialValue(
            energy: dual.value * units.energy, derivative: dual.slope * units.energy)
        }
      }
    }
    return lines
  }

  /// LAMMPS's Coulomb constant.
  private var coulomb: Double {
    units == .metal
      ? Units.coulombConstantOfLAMMPSMetal : Units.coulombConstantInKilocaloriePerMole
  }

  /// `scale*(E); E = …; a = 1`: a definition knows those to its right.
  static func lines(
    _ program: FormulaProgram, scale: Double
  ) throws(UnsayableFunction) -> [String] {
    let notation = FormulaNotation.lepton
    let result = try notation.text(.number(scale) * program.result)
    var lines = [result]
    for definition in program.definitions.reversed() {
      lines.append("\(definition.name) = \(try notation.text(definition.formula))")
    }
    return lines.enumerated().map { $1 + ($0 == lines.count - 1 ? "" : ";") }
  }
}
