import AtomicData
import ExpressionTrees
import ForceFitting
import Foundation
import Testing

@testable import SimulatorExport

/// What engines will read, read back here by other means than the exporter's own check.
@Suite("Exported texts")
struct ExportedTextTests {
  private static func text(
    _ potential: ExportedPotential, _ format: ExportFormat, _ file: String,
    options: ExportOptions = ExportOptions()
  ) throws -> String {
    let files = try Exporter(potential, options: options).files(format)
    #expect(files.contains { $0.name == "README.md" })
    return try #require(files.first { $0.name == file }).text
  }

  /// The expressions of `pair_coeff` by their two numbers.
  private static func coefficients(_ text: String) -> [String: String] {
    var found: [String: String] = [:]
    for match in text.matches(of: /pair_coeff ([0-9]+ [0-9]+) """\n([^"]*)"""/) {
      found[String(match.1)] = String(match.2)
    }
    return found
  }

  @Test(
    "a LAMMPS expression gives U and F of every pair in its units, for every cutoff mode",
    arguments: CutoffMode.allCases)
  func lammps(mode: CutoffMode) throws {
    for potential in [
      try SamplePotentials.water(mode: mode), try SamplePotentials.everything(mode: mode),
    ] {
      for units in [Units.metal, .real] {
        var options = ExportOptions()
        options.units = units
        let text = try Self.text(potential, .lammpsLepton, "potential.lmp", options: options)
        let coefficients = Self.coefficients(text)
        #expect(coefficients.count == 3)
        for sample in potential.samples {
          let key = "\(sample.pair.first + 1) \(sample.pair.second + 1)"
          let expression = try EngineExpression(
            try #require(coefficients[key]), notation: .lepton)
          for r in [1.8, 3.1, 6.4, 8.7] {
            let dual = try expression.dual(["r": Dual(value: r, slope: 1, isVarying: true)])
            let truth = potential.value(of: sample.pair, at: r)
            #expect(abs(dual.value * units.energy - truth.energy) < 1e-12 * (1 + abs(truth.energy)))
            #expect(
              abs(dual.slope * units.energy - truth.derivative)
                < 1e-12 * (1 + abs(truth.derivative)))
          }
        }
      }
    }
  }

  @Test("what was subtracted before the fit acts beside it")
  func background() throws {
    let potential = try SamplePotentials.make(
      "X/r", SamplePotentials.charges,
      background: ("X/r^12", ["X": .byName(["H": 0, "O": 100])]))
    let alone = try SamplePotentials.make("X/r", SamplePotentials.charges)
    let pair = potential.samples[2].pair
    let difference = potential.value(of: pair, at: 3).energy - alone.value(of: pair, at: 3).energy
    #expect(abs(difference - 1e4 / pow(3, 12)) < 1e-12)
    let text = try Self.text(potential, .lammpsLepton, "potential.lmp")
    let expression = try EngineExpression(
      try #require(Self.coefficients(text)["2 2"]), notation: .lepton)
    let dual = try expression.dual(["r": Dual(value: 3, slope: 1, isVarying: true)])
    #expect(abs(dual.value - potential.value(of: pair, at: 3).energy) < 1e-12)
  }

  @Test("an exponential that overflows where it divides is bounded, not left to be no number")
  func overflow() throws {
    let potential = try SamplePotentials.make(
      "X/r - a/(b^(c^r) - d)",
      [
        "X": .byName(["H": 0.5, "O": -1]), "a": .number(2), "b": .number(3), "c": .number(2.5),
        "d": .number(1),
      ])
    let text = try Self.text(potential, .lammpsLepton, "potential.lmp")
    #expect(text.contains("select(step(b - 1), min(c^r, 300/log(b))"))
    let module = try Self.text(potential, .ase, "potential.py")
    #expect(module.contains("np.where(step(b - 1), np.minimum(c**r, 300/np.log(b))"))
  }

  @Test("a form whose terms cancel is held to what its last places decide")
  func cancellation() throws {
    let potential = try SamplePotentials.make(
      "X/r + a/(exp(b*exp(c*r)) - d)",
      [
        "X": .byName(["H": 0.5, "O": -1]), "a": .number(-7.4e-6), "b": .number(1.58e-5),
        "c": .number(-0.3), "d": .number(0.99999),
      ])
    for format in [ExportFormat.lammpsLepton, .openMM, .ase] {
      #expect(try !Exporter(potential).files(format).isEmpty)
    }
  }

  @Test("a function that an engine does not have is named")
  func unsayable() throws {
    let lacking = FormulaNotation(engine: "Slide rule", power: "^", functions: [.exp: "exp"])
    #expect(throws: UnsayableFunction(engine: "Slide rule", function: "erf")) {
      try lacking.text(.call(.exp, [.call(.erf, [.distance])]))
    }
    let error = #expect(throws: InputError.self) {
      _ = try SelfCheck(potential: SamplePotentials.water()).checked(
        bindings: [:], engine: "Slide rule", remedy: "export table"
      ) { _ in _ = try lacking.text(.call(.erf, [.distance])) }
    }
    #expect(
      error?.description == "expected functions that Slide rule has, found erf; export table")
  }

  @Test("a name without a value, an unknown function and a wrong value are found")
  func selfCheck() throws {
    #expect(throws: EngineExpression.Failure.self) {
      try EngineExpression("X/r + Y; X = 1", notation: .lepton).dual(["r": Dual(value: 2)])
    }
    // As in Lepton, a definition knows those to its right alone.
    #expect(throws: EngineExpression.Failure.self) {
      try EngineExpression("U; a = 2; U = a/r", notation: .lepton).dual(["r": Dual(value: 2)])
    }
    #expect(throws: EngineExpression.Failure.self) {
      _ = try EngineExpression("pow(r, 2)", notation: .lepton)
    }
    let potential = try SamplePotentials.water()
    let check = SelfCheck(potential: potential)
    let sample = potential.samples[0]
    #expect(throws: SelfCheck.Mismatch.self) {
      try check.compare(sample.pair, of: sample) { r in
        var value = potential.value(of: sample.pair, at: r)
        value.derivative *= 1 + 1e-10
        return value
      }
    }
    #expect(check.distances(sample).count == 50)
  }

  @Test("a sign stands before a power, and exponents group to the right, as engines read them")
  func precedence() throws {
    func value(_ text: String) throws -> Double {
      try EngineExpression(text, notation: .lepton).dual(["r": Dual(value: 3)]).value
    }
    #expect(try value("-r^2") == -9)
    #expect(try value("2^r^2") == 512)
    #expect(try value("2^-1*8") == 4)
    #expect(try value("1 - 2 - r") == -4)
    let tree = try ExpressionTree(parsing: "(-r)^2 - (a^r)^2 - (r - (a - r))")
    let formula = Formula(tree, parameters: [.number(2)]) { _ in .number(0) }
    #expect(try value(try FormulaNotation.lepton.text(formula)) == 9 - 64 - 4)
  }

  @Test("heads name data, hash, seed, version, cutoff and sampled distances")
  func heads() throws {
    let potential = try SamplePotentials.water()
    for (format, file) in [
      (ExportFormat.lammpsLepton, "potential.lmp"), (.lammpsTable, "potential.table"),
      (.openMM, "potential.py"), (.openMM, "forcefield.xml"), (.ase, "potential.py"),
      (.table, "potential.csv"), (.gromacs, "table_H_O.xvg"), (.latex, "potential.tex"),
      (.sympy, "potential.py"),
    ] {
      let text = try Self.text(potential, format, file)
      for part in [
        "symreg test", "data water", "0123abcd", "seed 7", "cutoff 9.0", "shifted-force",
        "H-O 1.500 to 9.000",
      ] { #expect(text.contains(part), "\(format) \(file): \(part)") }
    }
  }

  @Test("LAMMPS excludes what the fit did not see")
  func exclusions() throws {
    func include(_ selection: PairSelection) throws -> String {
      try Self.text(
        try SamplePotentials.make("X/r", SamplePotentials.charges, selection: selection),
        .lammpsLepton, "potential.lmp")
    }
    let inter = try include(.inter)
    #expect(inter.contains("neigh_modify exclude molecule/intra all"))
    #expect(inter.contains("special_bonds lj/coul 1 1 1"))
    #expect(inter.contains("labelmap atom 1 H 2 O"))
    #expect(try include(.bonds(BondRange(3, through: nil))).contains("special_bonds lj/coul 0 0 1"))
    #expect(!(try include(.all)).contains("neigh_modify"))
  }

  @Test(
    "what LAMMPS cannot say is one line that names what can",
    arguments: [
      ("X/r", "bonds:1-2", "expected pairs bonds:N+ with N up to 4 for LAMMPS, found bonds:1-2"),
      ("B1*X/r", "all", "expected functions of the distance alone for LAMMPS, found B1"),
    ])
  func unsayableByLAMMPS(expression: String, pairs: String, message: String) throws {
    let selection = try #require(PairSelection(rawValue: pairs))
    let potential = try SamplePotentials.make(
      expression, SamplePotentials.charges, selection: selection)
    let error = #expect(throws: InputError.self) {
      try Exporter(potential).files(.lammpsLepton)
    }
    #expect(error?.description == message + "; export openmm or ase")
    for format in [ExportFormat.openMM, .ase] {
      #expect(try !Exporter(potential).files(format).isEmpty)
    }
  }

  @Test("a property of the types is a number for each pair; of single atoms their charges say it")
  func property() throws {
    let values: [String: ParameterValue] = ["k": .number(14.4)]
    let ofTypes = try SamplePotentials.make(
      "k*Q/r", values, types: PairTypes(atoms: [("H", 0.4), ("O", -0.8)]))
    let text = try Self.text(ofTypes, .lammpsLepton, "potential.lmp")
    #expect(text.contains("pair_style lepton 9") && text.contains("Q = -0.32"))
    #expect(try Self.text(ofTypes, .table, "potential.csv").contains("U H-O"))
    let ofAtoms = try SamplePotentials.make(
      "k*Q/r", values, types: PairTypes(atoms: [("H", 0.4), ("H", 0.1), ("O", -0.8)]))
    let coulomb = try Self.text(ofAtoms, .lammpsLepton, "potential.lmp")
    #expect(coulomb.contains("pair_style lepton/coul") && coulomb.contains("qi*qj/14.399645"))
    for format in [ExportFormat.lammpsTable, .table, .gromacs] {
      #expect(throws: InputError.self) { try Exporter(ofAtoms).files(format) }
    }
    #expect(throws: InputError.self) { try ofAtoms.withCores() }
  }
}
