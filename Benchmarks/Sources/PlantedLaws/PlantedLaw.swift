import SymReg

/// A potential that data are made with, to be found again.
package struct PlantedLaw: Sendable {
  package let name: String
  /// U(r), with literals as exponents where the law has whole ones.
  package let tree: ExpressionTree
  /// eV and Å.
  package let parameters: [String: ParameterValue]
  package let typeNames: [String]
  /// Å
  package let smallestDistance: Double
  /// Atoms per Å³ of the liquid.
  package let density: Double
  /// The pair force f(r) = −dU/dr with its constants taken together, for the size that a peer may
  /// need which is given the forces; nil for laws of two types.
  package let forceForm: String?

  /// Nodes of the canonical form.
  package var complexity: Int { tree.complexity }

  package var isOneType: Bool { typeNames.count == 1 }

  /// Kinds of parameters of the search's grammar: a factor per type says nothing of one type.
  package var parameterKinds: [ParameterKind] { isOneType ? [.global] : [.global, .product] }
}

extension PlantedLaw {
  package static func all() throws -> [PlantedLaw] { try oneType() + twoTypes() }

  private static func oneType() throws -> [PlantedLaw] {
    try [
      // Argon: ε = 0.0103 eV, σ = 3.405 Å.
      one(
        "lennard-jones", "a/r^12 - b/r^6", ["a": 100_100, "b": 64.2], force: "a/r^13 - b/r^7",
        smallestDistance: 3, density: 0.0213, type: "Ar"),
      // Methane as one site: ε = 0.0128 eV, σ = 3.73 Å; C = 4 for these exponents.
      one(
        "mie-14-7", "a/r^14 - b/r^7", ["a": 5_190_000, "b": 515], force: "a/r^15 - b/r^8",
        smallestDistance: 3.3, density: 0.0158, type: "Me"),
      // Argon, Buckingham 1938.
      one(
        "buckingham", "a*exp(-b*r) - c/r^6", ["a": 10_549, "b": 3.66, "c": 63.7],
        force: "a*exp(-b*r) - c/r^7", smallestDistance: 2.7, density: 0.0213, type: "Ar"),
      // Copper, Girifalco and Weizer 1959: D·(exp(−a(r − r₀)) − 1)², r₀ = 2.866 Å.
      one(
        "morse", "d*(exp(-a*r) - b)^2", ["d": 827.5, "a": 1.3588, "b": 0.020356],
        force: "d*exp(-a*r)*(exp(-a*r) - b)", smallestDistance: 2.1, density: 0.06, type: "Cu"),
      // The repulsion of closed shells: a range of a third of an ångström.
      one(
        "born-mayer", "a*exp(-b*r)", ["a": 2_000, "b": 3.15], force: "a*exp(-b*r)",
        smallestDistance: 2, density: 0.045, type: "Ne"),
      // Two charges behind a screening length of 3 Å.
      one(
        "yukawa", "a*exp(-b*r)/r", ["a": 14.4, "b": 0.3333],
        force: "a*exp(-b*r)*(b + c/r)/r", smallestDistance: 2, density: 0.045, type: "Q"),
      // Coils that pass through each other: ε = 0.5 eV, width 2.5 Å.
      one(
        "gaussian-core", "a*exp(-b*r^2)", ["a": 0.5, "b": 0.16], force: "a*r*exp(-b*r^2)",
        smallestDistance: 0.8, density: 0.05, type: "P"),
      one(
        "soft-sphere", "a/r^9", ["a": 800], force: "a/r^10", smallestDistance: 2.4, density: 0.03,
        type: "S"),
      // Argon as by Wu and Brooks 2019: α = 16.766, β = 4.427, minimum −0.0103 eV at 3.82 Å.
      one(
        "double-exponential", "a*exp(-b*r) - c*exp(-d*r)",
        ["a": 70_660, "b": 4.389, "c": 1.171, "d": 1.159], force: "a*exp(-b*r) - c*exp(-d*r)",
        smallestDistance: 2.9, density: 0.0213, type: "Ar"),
    ]
  }

  private static func twoTypes() throws -> [PlantedLaw] {
    // √(14.4 eV Å): an elementary charge.
    let charges = ["K": 3.7947, "F": -3.7947]
    return try [
      // σ = 3.1 and 3.6 Å, ε = 0.01 and 0.005 eV, mixed geometrically.
      two(
        "coulomb-lennard-jones", "X/r + Y/r^12 - Z/r^6",
        products: [
          "X": charges, "Y": ["K": 177.5, "F": 307.8], "Z": ["K": 5.958, "F": 6.598],
        ], smallestDistance: 2.5, density: 0.03),
      // Every pair has its own range.
      two(
        "coulomb-buckingham", "X/r + Y*exp(-B*r) - Z/r^6",
        products: [
          "X": charges, "Y": ["K": 30, "F": 54.8], "B": ["K": 1.789, "F": 1.897],
          "Z": ["K": 3.16, "F": 7.75],
        ], smallestDistance: 2, density: 0.035),
      two(
        "screened-coulomb", "X*exp(-b*r)/r + Y/r^9", numbers: ["b": 0.35],
        products: ["X": charges, "Y": ["K": 30, "F": 50]], smallestDistance: 2, density: 0.035),
      // Rock salt, Tosi and Fumi 1964, with dispersion of the sixth power mixed geometrically.
      two(
        "born-mayer-huggins", "X/r + Y*exp(-b*r) - Z/r^6", numbers: ["b": 3.155],
        products: [
          "X": charges, "Y": ["K": 18.4, "F": 68.2], "Z": ["K": 1.025, "F": 8.51],
        ], smallestDistance: 2.2, density: 0.035),
    ]
  }

  private static func one(
    _ name: String, _ expression: String, _ numbers: [String: Double], force: String,
    smallestDistance: Double, density: Double, type: String
  ) throws -> PlantedLaw {
    PlantedLaw(
      name: name, tree: try ExpressionTree(parsing: expression),
      parameters: numbers.mapValues { .number($0) }, typeNames: [type],
      smallestDistance: smallestDistance, density: density, forceForm: force)
  }

  private static func two(
    _ name: String, _ expression: String, numbers: [String: Double] = [:],
    products: [String: [String: Double]], smallestDistance: Double, density: Double
  ) throws -> PlantedLaw {
    PlantedLaw(
      name: name, tree: try ExpressionTree(parsing: expression),
      parameters: numbers.mapValues { .number($0) }
        .merging(products.mapValues { .byName($0) }) { $1 },
      typeNames: ["F", "K"], smallestDistance: smallestDistance, density: density, forceForm: nil)
  }
}
