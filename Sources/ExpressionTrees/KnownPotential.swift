import AtomicData

/// A published pair potential: its form, and its parameters where the source gives them.
public struct KnownPotential: Sendable {
  /// Name on the command line.
  public let name: String
  /// The form, in the notation of `ExpressionTree.init(parsing:)`.
  public let expression: String
  /// Published values in eV and Å; nil for a form without values of its own.
  public let parameters: [String: ParameterValue]?
  /// What it is.
  public let summary: String
  /// Where it was published.
  public let source: String

  /// The type names the published values are for; empty without values.
  public var typeNames: [String] {
    guard let parameters, let tree = try? ExpressionTree(parsing: expression) else { return [] }
    var names: Set<String> = []
    for parameter in tree.parameters where parameter.kind != .pair {
      if case .byName(let values)? = parameters[parameter.name] { names.formUnion(values.keys) }
    }
    return names.sorted()
  }

  /// The potential of this name, upper and lower case alike.
  public static func named(_ name: String) -> KnownPotential? {
    all.first { $0.name.lowercased() == name.lowercased() }
  }

  public static let all = [
    water(
      "q-SPC/Fw", oxygenCharge: -0.84, sigma: 3.165492, epsilon: 0.1554252,
      summary: "flexible water for quantum simulations, intermolecular part",
      source: "Paesani, Zhang, Case, Cheatham, Voth, J. Chem. Phys. 125, 184507 (2006), "
        + "doi 10.1063/1.2386157"),
    water(
      "SPC/Fw", oxygenCharge: -0.82, sigma: 3.165492, epsilon: 0.1554253,
      summary: "flexible water, intermolecular part",
      source: "Wu, Tepper, Voth, J. Chem. Phys. 124, 024503 (2006), doi 10.1063/1.2136877"),
    water(
      "TIP3P", oxygenCharge: -0.834, sigma: 3.15061, epsilon: 0.1521,
      summary: "rigid three-site water",
      source: "Jorgensen, Chandrasekhar, Madura, Impey, Klein, J. Chem. Phys. 79, 926 (1983), "
        + "doi 10.1063/1.445869"),
    lennardJonesArgon,
    KnownPotential(
      name: "Coulomb+Lennard-Jones", expression: "X/r + Y/r^12 - Z/r^6", parameters: nil,
      summary: "charges and geometrically mixed Lennard-Jones; the form of the water models here",
      source: "as in Jorgensen et al., J. Chem. Phys. 79, 926 (1983), doi 10.1063/1.445869"),
    KnownPotential(
      name: "Lorentz-Berthelot", expression: "X/r + Y*((S~/r)^12 - (S~/r)^6)", parameters: nil,
      summary: "charges and Lennard-Jones, σ the arithmetic, ε the geometric mean: S = σ, Y = 2·√ε",
      source: "Lorentz, Ann. Phys. 248, 127 (1881), doi 10.1002/andp.18812480110; Berthelot, C. R. "
        + "Acad. Sci. 126, 1703 (1898)"),
    KnownPotential(
      name: "Buckingham", expression: "X*exp(-b*r) - Y/r^6", parameters: nil,
      summary: "exponential repulsion and dispersion",
      source: "Buckingham, Proc. R. Soc. A 168, 264 (1938), doi 10.1098/rspa.1938.0173"),
    KnownPotential(
      name: "Coulomb+Buckingham", expression: "X/r + A[]*exp(-B[]*r) - C[]/r^6", parameters: nil,
      summary: "charges, exponential repulsion and dispersion, free for every pair of types",
      source:
        "Buckingham, Proc. R. Soc. A 168, 264 (1938), doi 10.1098/rspa.1938.0173; with charges "
        + "as in van Beest, Kramer, van Santen, Phys. Rev. Lett. 64, 1955 (1990), "
        + "doi 10.1103/PhysRevLett.64.1955"),
    KnownPotential(
      name: "Born-Mayer-Huggins", expression: "X/r + A[]*exp(-b*r) - B[]/r^6 - C[]/r^8",
      parameters: nil,
      summary: "ionic crystals: charges, repulsion of one range, two dispersion terms",
      source:
        "Born, Mayer, Z. Phys. 75, 1 (1932), doi 10.1007/BF01340511; Huggins, Mayer, J. Chem. "
        + "Phys. 1, 643 (1933), doi 10.1063/1.1749344"),
    KnownPotential(
      name: "Mie", expression: "X/r^a - Y/r^b", parameters: nil,
      summary: "repulsion and attraction by powers with free exponents",
      source: "Mie, Ann. Phys. 316, 657 (1903), doi 10.1002/andp.19033160802"),
    KnownPotential(
      name: "soft-sphere", expression: "X/r^a", parameters: nil,
      summary: "repulsion by a power with a free exponent",
      source: "Hoover et al., J. Chem. Phys. 52, 4931 (1970), doi 10.1063/1.1672728"),
    KnownPotential(
      name: "Yukawa", expression: "X*exp(-b*r)/r", parameters: nil,
      summary: "screened charges",
      source: "Yukawa, Proc. Phys.-Math. Soc. Jpn. 17, 48 (1935)"),
    KnownPotential(
      name: "Morse", expression: "X*(exp(-a*r) - b)^2", parameters: nil,
      summary: "D·(exp(−a(r − r₀)) − 1)² with X = D·exp(2a·r₀), b = exp(−a·r₀)",
      source: "Morse, Phys. Rev. 34, 57 (1929), doi 10.1103/PhysRev.34.57"),
  ]

  /// Three-site water: charges on O and H, Lennard-Jones between O and O.
  ///
  /// - Parameters:
  ///   - oxygenCharge: elementary charges; each H has minus half of it.
  ///   - sigma: Å.
  ///   - epsilon: kcal/mol.
  private static func water(
    _ name: String, oxygenCharge: Double, sigma: Double, epsilon: Double, summary: String,
    source: String
  ) -> KnownPotential {
    // Published in kcal/mol, with the Coulomb constant of that system of units.
    let kilocalorie = Units.kilocaloriePerMole
    let root = (Units.coulombConstantInKilocaloriePerMole * kilocalorie).squareRoot()
    let fourEpsilon = 4 * epsilon * kilocalorie
    return KnownPotential(
      name: name, expression: "X/r + Y/r^12 - Z/r^6",
      parameters: [
        "X": .byName(["O": oxygenCharge * root, "H": -oxygenCharge / 2 * root]),
        "Y": .byName(["O": (fourEpsilon * wholePower(sigma, 12)).squareRoot(), "H": 0]),
        "Z": .byName(["O": (fourEpsilon * wholePower(sigma, 6)).squareRoot(), "H": 0]),
      ], summary: summary, source: source)
  }

  private static let lennardJonesArgon: KnownPotential = {
    // ε/k_B = 119.8 K, σ = 3.405 Å; k_B in eV/K is exact in the SI of 2019.
    let fourEpsilon = 4 * 119.8 * 8.617333262e-5
    return KnownPotential(
      name: "Lennard-Jones", expression: "X/r^12 - Y/r^6",
      parameters: [
        "X": .byName(["Ar": (fourEpsilon * wholePower(3.405, 12)).squareRoot()]),
        "Y": .byName(["Ar": (fourEpsilon * wholePower(3.405, 6)).squareRoot()]),
      ], summary: "12-6 potential; values for argon",
      source: "Jones, Proc. R. Soc. A 106, 463 (1924), doi 10.1098/rspa.1924.0082; values: "
        + "Verlet, Phys. Rev. 159, 98 (1967), doi 10.1103/PhysRev.159.98")
  }()
}
