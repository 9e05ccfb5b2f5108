import AtomicData
import ExpressionTrees

/// Values of U and F by distance: one CSV of all pairs, or a GROMACS table (xvg) for each.
struct TabulatedFormat {
  let exporter: Exporter
  private var potential: ExportedPotential { exporter.potential }

  /// Å, of the CSV.
  private static let step = 0.01
  /// Å, as in the tables that come with GROMACS in double precision.
  private static let stepOfGROMACS = 0.005
  /// How far behind the cutoff tables of GROMACS go, Å: its `table-extension`.
  private static let extensionOfGROMACS = 10.0

  init(_ exporter: Exporter) { self.exporter = exporter }

  /// - Throws: `InputError` where U is no function of the distance for a pair of types.
  private func check(_ format: String) throws {
    guard !potential.usesProperty || potential.propertyByType != nil else {
      throw InputError(
        "expected a function of the types alone for \(format), found one of q_i·q_j of single atoms",
        remedy: "export lammps-lepton, openmm, ase, latex, sympy or json")
    }
  }

  func csvFiles() throws -> [ExportFile] {
    try check("table")
    let pairs = potential.samples.map { potential.withProperty($0.pair) }
    var lines = (potential.headLines + potential.warnings.map { "Warning: " + $0 }).map {
      "# " + $0
    }
    lines.append("# r in Å, U in eV, F = -dU/dr in eV/Å; empty where there is no finite value")
    lines.append(
      (["r"] + potential.samples.flatMap { ["U \($0.name)", "F \($0.name)"] })
        .map { "\"\($0.filter { $0 != "\"" })\"" }.joined(separator: ","))
    let count = max(1, Int((potential.cutoff / Self.step).rounded(.up)))
    for k in 1...count {
      let r = k == count ? potential.cutoff : Self.step * Double(k)
      let values = pairs.flatMap { pair -> [String] in
        let value = potential.value(of: pair, at: r)
        guard value.energy.isFinite, value.derivative.isFinite else { return ["", ""] }
        return ["\(value.energy)", "\(0 - value.derivative)"]
      }
      lines.append((["\(r)"] + values).joined(separator: ","))
    }
    return [
      ExportFile("potential.csv", lines.joined(separator: "\n")),
      exporter.readme(
        "Table",
        [
          "`potential.csv` holds U (eV) and F = -dU/dr (eV/Å) of every pair of types at distances r (Å) in steps of",
          "\(Self.step) Å; lines that begin with # are its head.", "",
          "    pandas.read_csv(\"potential.csv\", comment=\"#\")",
        ]),
    ]
  }

  func xvgFiles() throws -> [ExportFile] {
    try check("gromacs")
    guard !potential.usesBondClasses else {
      throw InputError(
        "expected functions of the distance alone for gromacs, found some of bonds between atoms",
        remedy: "export openmm or ase")
    }
    for name in potential.typeNames
    where !name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) {
      throw InputError(
        "expected types named by letters and digits for gromacs, found \"\(name)\"",
        remedy: "export table")
    }
    let files = potential.samples.map { sample in
      let names = [sample.pair.first, sample.pair.second].map { potential.typeNames[$0] }
      return ExportFile("table_\(names[0])_\(names[1]).xvg", xvg(sample))
    }
    let zero = ExportFile("table.xvg", zeroTable)
    return [zero] + files + [
      exporter.readme(
        "GROMACS and VOTCA",
        [
          "Tables for versions of GROMACS that read user tables (before 2020), and for VOTCA, in nm and kJ/mol. The",
          "potential stands in the columns of the repulsion: give every pair of types C6 = 0 and C12 = 1 and no",
          "charges, and make an energy group of each type. In the mdp file:", "",
          "    coulombtype = user", "    vdwtype = user",
          "    energygrps = \(potential.typeNames.joined(separator: " "))",
          "    energygrp-table = "
            + potential.samples.map {
              "\(potential.typeNames[$0.pair.first]) \(potential.typeNames[$0.pair.second])"
            }.joined(separator: " "),
          "    rvdw = \(potential.cutoff / 10)", "    rcoulomb = \(potential.cutoff / 10)", "",
          exclusions,
          "", "    gmx mdrun -table table.xvg",
        ])
    ]
  }

  private var exclusions: String {
    switch potential.selection {
    case .inter: "Pairs act between molecules: give the molecules `nrexcl` of their size."
    case .all: "All pairs act: give the molecules `nrexcl = 0`."
    case .bonds(let range):
      "Pairs \(range) bonds apart act: give the molecules `nrexcl = \(range.lower - 1)`"
        + (range.upper == nil ? "." : ", and exclude those further apart.")
    }
  }

  private var radii: [Double] {
    let end = potential.cutoff + Self.extensionOfGROMACS
    let count = Int((end / Self.stepOfGROMACS).rounded(.up))
    return (0...count).map { Self.stepOfGROMACS * Double($0) }
  }

  /// Seven columns: r, f, -f', g, -g', h, -h'.
  private func xvg(_ sample: ExportedPotential.Sample) -> String {
    let pair = potential.withProperty(sample.pair)
    var lines = (potential.headLines + potential.warnings.map { "Warning: " + $0 }).map {
      "# " + $0
    }
    lines.append("# \(sample.name): r (nm), 0, 0, 0, 0, U (kJ/mol), -dU/dr (kJ/mol/nm)")
    let (length, energy) = (Units.gromacs.length, Units.gromacs.energy)
    // Where U has no finite value it is 0, as in GROMACS's own tables near r = 0.
    lines += radii.map { r in
      let value =
        r > 0 ? potential.value(of: pair, at: r) : PotentialValue(energy: 0, derivative: 0)
      let isFinite =
        abs(value.energy) < Self.largest && abs(value.derivative) < Self.largest
      let numbers =
        isFinite ? [value.energy / energy, 0 - value.derivative / energy * length] : [0, 0]
      return "\(r / length) 0 0 0 0 \(numbers[0]) \(numbers[1])"
    }
    return lines.joined(separator: "\n")
  }

  /// What GROMACS reads in single precision and can interpolate, eV and eV/Å.
  private static let largest = 1e12

  private var zeroTable: String {
    (["# no interaction: the tables of the energy groups hold the potential"]
      + radii.map { "\($0 / Units.gromacs.length) 0 0 0 0 0 0" }).joined(separator: "\n")
  }
}
