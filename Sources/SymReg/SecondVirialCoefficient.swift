import AtomicData
import SimulatorExport

/// The second virial coefficient of rigid molecules,
/// B₂(T) = −2π N_A ∫₀^∞ ⟨exp(−U(R, Ω)/k_BT) − 1⟩_Ω R² dR,
/// with R the distance of the centres of mass and ⟨⟩_Ω the mean over all orientations: Benjamin, Singh,
/// Schultz, Kofke, J. Phys. Chem. B 111, 11463 (2007), doi 10.1021/jp0710685. Classical; the potential ends at
/// its cutoff, and what is beyond does not count.
///
/// Along R by Gauss-Legendre quadrature between the places where pairs of atoms pass the cutoff. The mean over
/// orientations is by Halton points (Numer. Math. 2, 84 (1960), doi 10.1007/BF01386213) in several sets, each
/// shifted by chance (Cranley, Patterson, SIAM J. Numer. Anal. 13, 904 (1976), doi 10.1137/0713071): the
/// spread of the sets gives the standard error. The same seed gives the same numbers on any number of threads.
public struct SecondVirialCoefficient: Sendable, Hashable {
  /// K
  public let temperature: Double
  /// B₂, cm³/mol; nil where molecules fall into each other: U goes below −100 k_BT.
  public let value: Double?
  /// Standard error, cm³/mol; that of the quadrature for atoms.
  public let error: Double?

  /// What decides the mean over orientations, and what closer pairs than sampled do.
  public struct Options: Sendable, Hashable {
    /// In all sets together.
    public var orientations = 4_096
    public var seed: UInt64 = 1
    public var threads = 1
    /// Whether pairs closer than any of the data overlap, as hard spheres do, rather than as the formula has
    /// it: nothing is known of U there.
    public var isHardBelowSampled = true

    public init() {}
  }

  /// k_B, eV/K: exact in the SI of 2019.
  public static let boltzmannConstant = 8.617333262145179e-5
  /// cm³/mol per Å³.
  public static let molarVolume = 0.602214076
  /// Sets of orientations.
  static let sets = 16
  /// In k_BT.
  private static let deepest = 100.0

  /// Values at several temperatures (K), from the same energies.
  public static func values(
    of potential: ExportedPotential, between first: RigidMolecule, and second: RigidMolecule,
    at temperatures: [Double], options: Options = Options()
  ) async -> [SecondVirialCoefficient] {
    let integral = MayerIntegral(
      pair: MoleculePair(first, second, potential), temperatures: temperatures,
      isHardBelowSampled: options.isHardBelowSampled)
    if integral.pair.isOfAtoms {
      let (coarse, fine) = (integral.overAtoms(panel: 0.05), integral.overAtoms(panel: 0.025))
      return temperatures.indices.map {
        coefficient(
          temperatures[$0], [fine.values[$0]], fine.depth, abs(fine.values[$0] - coarse.values[$0]))
      }
    }
    let perSet = max(1, options.orientations / sets)
    let sums = await withTaskGroup(of: (Int, MayerIntegral.Result).self) { group in
      var results: [Int: MayerIntegral.Result] = [:]
      var started = 0
      func startNext() {
        guard started < sets else { return }
        let number = started
        started += 1
        group.addTask { (number, integral.mean(ofSet: number, count: perSet, seed: options.seed)) }
      }
      for _ in 0..<max(1, options.threads) { startNext() }
      while let (number, result) = await group.next() {
        results[number] = result
        startNext()
      }
      return (0..<sets).compactMap { results[$0] }
    }
    let depth = sums.map(\.depth).min() ?? 0
    return temperatures.indices.map { number in
      coefficient(temperatures[number], sums.map { $0.values[number] }, depth, nil)
    }
  }

  /// - Parameter values: independent ones, −B₂/(2π), Å³.
  private static func coefficient(
    _ temperature: Double, _ values: [Double], _ depth: Double, _ difference: Double?
  ) -> SecondVirialCoefficient {
    let factor = 2 * Double.pi * molarVolume
    let mean = values.reduce(0, +) / Double(values.count)
    guard mean.isFinite, depth > -deepest * boltzmannConstant * temperature else {
      return SecondVirialCoefficient(temperature: temperature, value: nil, error: nil)
    }
    let variance =
      values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, values.count - 1))
    let error = difference ?? (variance / Double(values.count)).squareRoot()
    return SecondVirialCoefficient(
      temperature: temperature, value: -factor * mean, error: factor * error)
  }
}
