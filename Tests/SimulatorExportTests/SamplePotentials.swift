import AtomicData
import ExpressionTrees
import ForceFitting

@testable import SimulatorExport

/// Potentials to export, with all that can be peculiar about them.
enum SamplePotentials {
  static let types = PairTypes(typeNames: ["H", "O"])

  static func provenance() -> Provenance {
    var provenance = Provenance(program: "symreg test")
    provenance.dataName = "water"
    provenance.sha256 = "0123abcd"
    provenance.seed = 7
    return provenance
  }

  /// - Parameter ranges: smallest and largest distances of H-H, H-O, O-O.
  static func make(
    _ expression: String, _ parameters: [String: ParameterValue], mode: CutoffMode = .shiftedForce,
    types: PairTypes = types, selection: PairSelection = .inter, cutoff: Double = 9,
    background: (String, [String: ParameterValue])? = nil,
    ranges: [ClosedRange<Double>?] = [1.7...9, 1.5...9, 2.3...9]
  ) throws -> ExportedPotential {
    var setting = ExportedPotential.Setting(
      types: types, selection: selection, cutoff: cutoff, mode: mode)
    setting.ranges = ranges
    setting.propertyName = types.hasProperty ? "q" : nil
    if let background {
      setting.background = .init(
        name: nil, expression: background.0, parameters: background.1, cutoffMode: "none")
    }
    return try ExportedPotential(
      try ExpressionTree(parsing: expression), parameters: parameters, setting: setting,
      provenance: provenance())
  }

  static let charges: [String: ParameterValue] = ["X": .byName(["H": 0.55, "O": -2.2])]

  /// The recommended form of the water dimers, by product parameters alone.
  static func water(mode: CutoffMode = .shiftedForce) throws -> ExportedPotential {
    try make(
      "X/r^Y + Z^r^W",
      [
        "X": .byName(["H": 0.782219, "O": -3.17448]), "Y": .byName(["H": 1.40955, "O": 1.71508]),
        "Z": .byName(["H": 0.77753, "O": 0.996056]), "W": .byName(["H": 1.706, "O": 2.44678]),
      ], mode: mode)
  }

  /// All kinds of parameters and all functions.
  static func everything(mode: CutoffMode) throws -> ExportedPotential {
    try make(
      "X/r + A[]*exp(-S~*r) - sqrt(b*r)*erfc(r)*square(c) + tanh(r)*erf(b*r)/log(r + d) - gauss(r) "
        + "+ inverse(r)^3 + lambda/exp(r^2)",
      [
        "X": .byName(["H": 0.55, "O": -2.2]),
        "A": .byName(["H-H": 20, "H-O": -35, "O-O": 900]), "S": .byName(["H": 3, "O": 3.5]),
        "b": .number(0.3), "c": .number(-0.2), "d": .number(1.5), "lambda": .number(0.01),
      ], mode: mode)
  }

  static func argon() throws -> ExportedPotential {
    try make(
      "a*(r + b)^14 - exp(c*r)",
      ["a": .number(3.3e-15), "b": .number(-12), "c": .number(-1.2)],
      types: PairTypes(typeNames: ["Ar"]), selection: .all, cutoff: 8, ranges: [3.1...8])
  }
}
