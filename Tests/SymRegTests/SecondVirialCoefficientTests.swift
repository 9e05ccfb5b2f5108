import Foundation
import SimulatorExport
import SymReg
import Testing

@Suite("Second virial coefficient")
struct SecondVirialCoefficientTests {
  private static let (epsilon, sigma) = (0.01, 3.4)
  private static let sphere = 2 * Double.pi / 3 * SecondVirialCoefficient.molarVolume

  /// Lennard-Jones between atoms of type A; those of type B do nothing.
  private static func lennardJones(
    cutoff: Double, ranges: [ClosedRange<Double>?] = [], epsilon: Double = epsilon
  ) throws -> ExportedPotential {
    let roots = [12.0, 6].map { (4 * epsilon).squareRoot() * pow(sigma, $0 / 2) }
    return try TestPotential.make(
      "X/r^12 - Y/r^6",
      ["X": .byName(["A": roots[0], "B": 0]), "Y": .byName(["A": roots[1], "B": 0])],
      types: ["A", "B"], cutoff: cutoff, mode: .none, ranges: ranges)
  }

  /// B₂ of Lennard-Jones in units of 2πσ³/3 as a series: Hirschfelder, Curtiss, Bird, Molecular Theory of Gases
  /// and Liquids (1954), section 3.6.
  private static func series(_ temperature: Double) -> Double {
    (0..<60).reduce(0) { sum, j in
      let n = Double(j)
      let factor = pow(2, n + 0.5) / 4 / tgamma(n + 1) * tgamma((2 * n - 1) / 4)
      return sum - factor * pow(temperature, -(2 * n + 1) / 4)
    }
  }

  @Test("the series has the tabulated values")
  func tabulated() {
    // T* = 1 and 2, and the Boyle temperature: ibid., table I-B.
    #expect(abs(Self.series(1) + 2.53808) < 1e-5)
    #expect(abs(Self.series(2) + 0.62763) < 1e-5)
    #expect(abs(Self.series(3.417928)) < 1e-6)
  }

  @Test("atoms of Lennard-Jones have its series, less what is beyond the cutoff")
  func lennardJones() async throws {
    let cutoff = 60.0
    let potential = try Self.lennardJones(cutoff: cutoff)
    let atom = RigidMolecule(types: [0], positions: [.zero])
    let reduced = [0.8, 1, 2, 3.417928, 10]
    let temperatures = reduced.map { $0 * Self.epsilon / SecondVirialCoefficient.boltzmannConstant }
    let values = await SecondVirialCoefficient.values(
      of: potential, between: atom, and: atom, at: temperatures)
    let unit = Self.sphere * pow(Self.sigma, 3)
    for (temperature, value) in zip(reduced, values) {
      // To first order in U, which is 1e-7 k_BT there.
      let beyond = -4 / temperature * pow(Self.sigma / cutoff, 3)
      let found = try #require(value.value)
      #expect(abs(found / unit - (Self.series(temperature) - beyond)) < 1e-8)
      #expect(try #require(value.error) < 1e-8 * unit)
    }
  }

  @Test("without interaction beyond the smallest distance it is that of hard spheres")
  func hardSpheres() async throws {
    let potential = try Self.lennardJones(cutoff: 8, ranges: [3...8, 3...8, 3...8], epsilon: 0)
    let atom = RigidMolecule(types: [0], positions: [.zero])
    let values = await SecondVirialCoefficient.values(
      of: potential, between: atom, and: atom, at: [100, 1000])
    for value in values {
      #expect(abs(try #require(value.value) / (Self.sphere * 27) - 1) < 1e-12)
    }
  }

  @Test(
    "an atom has the same value off the centre of its molecule, within the error, and the seed decides it"
  )
  func offCentre() async throws {
    let potential = try Self.lennardJones(cutoff: 12)
    let atom = RigidMolecule(types: [0], positions: [.zero])
    let molecule = RigidMolecule(
      types: [0, 1], positions: [SIMD3(0.9, 0, 0), SIMD3(-0.9, 0.2, 0)])
    let temperatures = [100.0, 300]
    func values(_ molecule: RigidMolecule, threads: Int = 1) async -> [SecondVirialCoefficient] {
      var options = SecondVirialCoefficient.Options()
      options.orientations = 512
      options.threads = threads
      return await SecondVirialCoefficient.values(
        of: potential, between: molecule, and: molecule, at: temperatures, options: options)
    }
    let (exact, averaged) = (await values(atom), await values(molecule))
    for (exact, averaged) in zip(exact, averaged) {
      let (value, error) = (try #require(averaged.value), try #require(averaged.error))
      #expect(abs(value - (try #require(exact.value))) < 4 * error)
      #expect(error < 0.05 * abs(value))
    }
    #expect(await values(molecule, threads: 3) == averaged)
  }

  @Test("water has the value of a plain Monte Carlo sum")
  func water() async throws {
    let potential = try TestPotential.water()
    let molecule = TestPotential.waterMolecule
    let temperature = 700.0
    let value = await SecondVirialCoefficient.values(
      of: potential, between: molecule, and: molecule, at: [temperature])[0]
    var random = RandomStream(seed: 7)
    // Uniform in the ball that holds all R at which atoms are within the cutoff.
    let (largest, count) = (potential.cutoff + 2, 100_000)
    let samples = (0..<count).map { _ -> Double in
      func normal() -> Double {
        (-2 * log(1 - random.nextUnit())).squareRoot() * cos(2 * .pi * random.nextUnit())
      }
      let direction = SIMD3(normal(), normal(), normal())
      let place =
        direction / (direction * direction).sum().squareRoot() * largest
        * pow(random.nextUnit(), 1 / 3)
      // A turned molecule by Gram and Schmidt.
      let (a, b) = (SIMD3(normal(), normal(), normal()), SIMD3(normal(), normal(), normal()))
      let x = a / (a * a).sum().squareRoot()
      let rest = b - (b * x).sum() * x
      let y = rest / (rest * rest).sum().squareRoot()
      let z = SIMD3(x.y * y.z - x.z * y.y, x.z * y.x - x.x * y.z, x.x * y.y - x.y * y.x)
      var energy = 0.0
      for (s, p) in zip(molecule.types, molecule.positions) {
        for (t, q) in zip(molecule.types, molecule.positions) {
          let offset = place + q.x * x + q.y * y + q.z * z - p
          energy +=
            potential.value(
              of: PairType(first: s, second: t), at: (offset * offset).sum().squareRoot()
            ).energy
        }
      }
      return expm1(-energy / SecondVirialCoefficient.boltzmannConstant / temperature)
    }
    let mean = samples.reduce(0, +) / Double(count)
    let variance = samples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    let factor = Self.sphere * pow(largest, 3)
    let error = factor * (variance / Double(count)).squareRoot()
    let difference = try #require(value.value) + factor * mean
    #expect(abs(difference) < 4 * (error * error + pow(try #require(value.error), 2)).squareRoot())
    #expect(error < 0.2 * factor * abs(mean))
  }

  @Test("molecules that fall into each other have none")
  func collapse() async throws {
    let potential = try TestPotential.make(
      "X/r", ["X": .byName(["A": 3, "B": -3])], types: ["A", "B"], cutoff: 8, mode: .shiftedForce)
    let value = await SecondVirialCoefficient.values(
      of: potential, between: RigidMolecule(types: [0], positions: [.zero]),
      and: RigidMolecule(types: [1], positions: [.zero]), at: [300])[0]
    #expect(value.value == nil && value.error == nil)
  }
}
