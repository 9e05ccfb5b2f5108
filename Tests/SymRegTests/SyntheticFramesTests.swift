import Foundation
import Testing

@testable import SymReg

/// Data made with a potential, against sums by brute force that share no code with it.
struct SyntheticFramesTests {
  /// ε and σ of the Lennard-Jones potential; Å and eV.
  private static let (epsilon, sigma) = (0.0103, 3.405)
  private static let parameters: [String: ParameterValue] = [
    "a": .number(4 * epsilon * pow(sigma, 12)), "b": .number(4 * epsilon * pow(sigma, 6)),
  ]

  private static func tree(_ expression: String = "a/r^12 - b/r^6") throws -> ExpressionTree {
    try ExpressionTree(parsing: expression)
  }

  private static func options(
    _ shape: SyntheticGeometry.Shape, frames: Int = 20,
    _ configure: (inout SyntheticOptions) -> Void = { _ in }
  ) -> SyntheticOptions {
    var options = SyntheticOptions()
    options.frameCount = frames
    options.geometry = SyntheticGeometry(
      atoms: ["Ar": shape == .clusters ? 6 : 14], shape: shape, smallestDistance: 3)
    configure(&options)
    return options
  }

  private static func frames(_ source: SyntheticFrames) throws -> [Frame] {
    try (0..<source.options.frameCount).map(source.frame)
  }

  /// U and f between two atoms, shifted so that both end at the cutoff.
  private static func pair(_ r: Double, cutoff: Double) -> (energy: Double, force: Double) {
    func plain(_ r: Double) -> (Double, Double) {
      let x = pow(sigma / r, 6)
      return (4 * epsilon * (x * x - x), 24 * epsilon * (2 * x * x - x) / r)
    }
    let ((energy, force), (lastEnergy, lastForce)) = (plain(r), plain(cutoff))
    return (energy - lastEnergy + (r - cutoff) * lastForce, force - lastForce)
  }

  /// Energy and forces by all images.
  private static func sums(
    _ positions: [SIMD3<Double>], edge: Double?, cutoff: Double
  ) -> (energy: Double, forces: [SIMD3<Double>]) {
    let images = edge == nil ? 0...0 : -3...3
    var energy = 0.0
    var forces = positions.map { _ in SIMD3<Double>.zero }
    for i in positions.indices {
      for j in positions.indices {
        for a in images {
          for b in images {
            for c in images where i != j || (a, b, c) != (0, 0, 0) {
              let shift = (edge ?? 0) * SIMD3(Double(a), Double(b), Double(c))
              let separation = positions[i] - positions[j] + shift
              let r = (separation * separation).sum().squareRoot()
              guard r <= cutoff else { continue }
              let value = pair(r, cutoff: cutoff)
              forces[i] += value.force / r * separation
              // Each pair is met from both its atoms.
              energy += value.energy / 2
            }
          }
        }
      }
    }
    return (energy, forces)
  }

  @Test(
    "forces and energies are the sums over all pairs, images included, and belong together",
    arguments: SyntheticGeometry.Shape.allCases)
  func sums(shape: SyntheticGeometry.Shape) async throws {
    let options = Self.options(shape, frames: 5)
    let source = try await SyntheticFrames(
      of: Self.tree(), parameters: Self.parameters, options: options)
    let edge = options.geometry.edge
    // The cell is smaller than twice the cutoff: the same atom counts more than once.
    if let edge { #expect(edge < 1.2 * options.cutoff) }
    for frame in try Self.frames(source) {
      let (energy, forces) = Self.sums(frame.positions, edge: edge, cutoff: options.cutoff)
      // Rounding of a few thousand terms.
      #expect(abs(try #require(frame.energy) - energy) <= 1e-11 * max(1, abs(energy)))
      for (force, expected) in zip(frame.forces, forces) {
        #expect(((force - expected) * (force - expected)).sum().squareRoot() <= 1e-11)
      }
      for axis in 0..<3 {
        let step = 1e-4
        var (ahead, behind) = (frame.positions, frame.positions)
        ahead[1][axis] += step
        behind[1][axis] -= step
        let slope =
          (Self.sums(ahead, edge: edge, cutoff: options.cutoff).energy
            - Self.sums(behind, edge: edge, cutoff: options.cutoff).energy) / (2 * step)
        // The central difference errs by the square of the step, times a third derivative of some
        // hundred eV/Å³ where atoms touch.
        #expect(abs(frame.forces[1][axis] + slope) <= 1e-5)
      }
    }
  }

  @Test(
    "no two atoms are closer than asked, images included, and all distances up to the cutoff occur",
    arguments: [
      (SyntheticGeometry.Shape.clusters, ["A": 8], nil), (.clusters, ["A": 2], nil),
      (.clusters, ["A": 20, "B": 20], nil), (.liquid, ["A": 108], nil), (.liquid, ["A": 3], nil),
      (.liquid, ["A": 60, "B": 73], 0.035), (.liquid, ["A": 256], 0.001),
      (.liquid, ["A": 32], 0.08),
    ] as [(SyntheticGeometry.Shape, [String: Int], Double?)])
  func distances(
    shape: SyntheticGeometry.Shape, atoms: [String: Int], density: Double?
  ) async throws {
    let smallest = 2.2
    let options = Self.options(shape, frames: 60) {
      $0.geometry = SyntheticGeometry(
        atoms: atoms, shape: shape, smallestDistance: smallest, density: density)
    }
    let source = try await SyntheticFrames(
      of: Self.tree(), parameters: Self.parameters, options: options, threads: 2)
    let survey = try await DistanceSurvey(of: source, cutoff: options.cutoff, threads: 2)
    #expect(survey.samples.count == atoms.count * (atoms.count + 1) / 2)
    let found = survey.samples.compactMap(\.smallest).min() ?? 0
    #expect(found >= smallest)
    // Of the 60 pairs of dimers none need be close or far.
    if options.geometry.atomCount > 2 {
      #expect(found <= 1.2 * smallest)
      #expect(survey.samples.compactMap(\.largest).max() ?? 0 > 0.9 * options.cutoff)
    }
    for frame in try Self.frames(source) {
      #expect(frame.types.count == atoms.values.reduce(0, +))
      for (number, name) in source.pairTypes.typeNames.enumerated() {
        #expect(frame.types.count { $0 == number } == atoms[name])
      }
      if let edge = options.geometry.edge {
        // Images of one atom, which no pair of two atoms shows.
        #expect(edge >= smallest)
        #expect(
          frame.positions.allSatisfy { all($0 .>= .zero) && all($0 .< SIMD3(repeating: edge)) })
      }
    }
    if let density, let edge = options.geometry.edge {
      #expect(abs(Double(options.geometry.atomCount) / (edge * edge * edge) - density) < 1e-5)
    }
  }

  @Test("noise has the asked size, and changes neither structures nor energies")
  func noise() async throws {
    let noise = 0.05
    let exact = try await SyntheticFrames(
      of: Self.tree(), parameters: Self.parameters, options: Self.options(.clusters, frames: 400))
    let noisy = try await SyntheticFrames(
      of: Self.tree(), parameters: Self.parameters,
      options: Self.options(.clusters, frames: 400) { $0.noise = noise })
    #expect(noisy.rmsForce == exact.rmsForce)
    var moments = [0.0, 0.0, 0.0, 0.0]
    var count = 0.0
    for (a, b) in zip(try Self.frames(exact), try Self.frames(noisy)) {
      #expect(a.positions == b.positions)
      #expect(a.energy == b.energy)
      for (force, other) in zip(a.forces, b.forces) {
        for axis in 0..<3 {
          let x = (other[axis] - force[axis]) / (noise * exact.rmsForce)
          for k in 0..<4 { moments[k] += pow(x, Double(k + 1)) }
          count += 1
        }
      }
    }
    // Those of the normal distribution, within five standard deviations of 7,200 draws.
    for (moment, (expected, variance)) in zip(moments, [(0.0, 1.0), (1, 2), (0, 15), (3, 96)]) {
      #expect(abs(moment / count - expected) <= 5 * (variance / count).squareRoot())
    }
  }

  @Test("the same seed gives the same bytes on any number of threads, another seed others")
  func determinism() async throws {
    func bytes(seed: UInt64, frames: Int = 70, threads: Int) async throws -> Data {
      let file = FileManager.default.temporaryDirectory.appending(
        path: "symreg-" + UUID().uuidString)
      defer { try? FileManager.default.removeItem(at: file) }
      let options = Self.options(.liquid, frames: frames) {
        $0.noise = 0.1
        $0.seed = seed
      }
      try await SyntheticFrames(
        of: Self.tree(), parameters: Self.parameters, options: options, threads: threads
      ).write(to: file.path(), threads: threads)
      return try Data(contentsOf: file)
    }
    let first = try await bytes(seed: 1, threads: 1)
    for threads in [2, 5] { #expect(try await bytes(seed: 1, threads: threads) == first) }
    #expect(try await bytes(seed: 2, threads: 2) != first)
  }

  @Test("more frames begin with the same structures")
  func prefix() async throws {
    let counts = [3, 30]
    var positions: [[[SIMD3<Double>]]] = []
    for count in counts {
      let source = try await SyntheticFrames(
        of: Self.tree(), parameters: Self.parameters,
        options: Self.options(.liquid, frames: count) { $0.noise = count == 3 ? 0 : 0.1 })
      positions.append(try (0..<3).map { try source.frame($0).positions })
    }
    #expect(positions[0] == positions[1])
  }

  @Test(
    "what is read from the file has no error to the potential, in any cutoff mode",
    arguments: [CutoffMode.none, .shiftedForce, .switched])
  func evaluation(mode: CutoffMode) async throws {
    let file = FileManager.default.temporaryDirectory.appending(
      path: "symreg-" + UUID().uuidString + ".xyz")
    defer { try? FileManager.default.removeItem(at: file) }
    let tree = try Self.tree("X/r + Y*exp(-b*r) - A[]/r^6")
    let parameters: [String: ParameterValue] = [
      "X": .byName(["O": -2, "H": 1]), "Y": .byName(["O": 30, "H": 10]), "b": .number(2.5),
      "A": .byName(["H-H": 0.5, "H-O": 1, "O-O": 4]),
    ]
    // Closer than bonds: that they are none is said by the file.
    let options = Self.options(.liquid, frames: 10) {
      $0.geometry = SyntheticGeometry(
        atoms: ["O": 5, "H": 10], shape: .liquid, smallestDistance: 0.9)
      ($0.cutoff, $0.cutoffMode, $0.switchWidth) = (4, mode, 1.5)
    }
    let source = try await SyntheticFrames(of: tree, parameters: parameters, options: options)
    try await source.write(to: file.path())
    var settings = DiscoverySettings()
    (settings.cutoff, settings.cutoffMode, settings.switchWidth) = (4, mode, 1.5)
    settings.targetWeights = [.energies: 1, .virials: 1]
    settings.shiftsEnergies = false
    settings.reading.validationFraction = 0
    let discovery = try await Discovery.open(
      [DataSource(path: file.path())], settings: settings)
    #expect(abs(discovery.dataset.meanSquareForce.squareRoot() - source.rmsForce) <= 1e-12)
    let document = try await discovery.evaluate(tree, parameters: source.parameters)
    let entry = try #require(document.front.first)
    #expect(entry.directRMSE <= 1e-13 * source.rmsForce)
    for target in try #require(entry.targets) { #expect(target.directRMSE <= 1e-12) }
  }

  @Test("the constraint is asked of the potential itself")
  func constraint() async throws {
    // f = 2a(10 − r) vanishes at the cutoff, that of a/r does not.
    let options = Self.options(.clusters) { $0.cutoffMode = .constraint }
    let source = try await SyntheticFrames(
      of: Self.tree("a*(r - b)^2"), parameters: ["a": .number(0.01), "b": .number(10)],
      options: options)
    #expect(source.rmsForce > 0)
    let error = try await #require(throws: InputError.self) {
      try await SyntheticFrames(
        of: Self.tree("a/r"), parameters: ["a": .number(1)], options: options)
    }
    #expect(error.message.hasPrefix("expected a potential with F(10.0 Å) = 0"))
  }

  struct BadOptions: Sendable, CustomStringConvertible {
    let message: String
    let change: @Sendable (inout SyntheticOptions) -> Void

    init(_ message: String, _ change: @escaping @Sendable (inout SyntheticOptions) -> Void) {
      self.message = message
      self.change = change
    }

    var description: String { message }
  }

  private static let badOptions = [
    BadOptions("expected --frames of at least 1") { $0.frameCount = 0 },
    BadOptions("expected --cutoff above 0 Å") { $0.cutoff = .nan },
    BadOptions("expected --noise of at least 0") { $0.noise = -1 },
    BadOptions("expected at least 2 atoms in --atoms, found 1") { $0.geometry.atoms = ["A": 1] },
    BadOptions("expected names of types without white space") { $0.geometry.atoms = ["A b": 4] },
    BadOptions("expected --smallest-distance above 0 Å") { $0.geometry.smallestDistance = 10 },
    BadOptions("expected --density with --shape liquid") { $0.geometry.density = 0.1 },
    BadOptions("expected a density at which 8 atoms can be 3.0 Å apart, at most") {
      ($0.geometry.shape, $0.geometry.density) = (.liquid, 0.2)
    },
    BadOptions("expected forces of a/r^12 - b/r^6 within 3.001 Å, found none") {
      $0.cutoff = 3.001
    },
  ]

  @Test("options that cannot be say so", arguments: badOptions)
  func errors(bad: BadOptions) async throws {
    let options = Self.options(.clusters, frames: 1) {
      $0.geometry.atoms = ["Ar": 8]
      bad.change(&$0)
    }
    let error = try await #require(throws: InputError.self) {
      try await SyntheticFrames(of: Self.tree(), parameters: Self.parameters, options: options)
    }
    #expect(error.description.hasPrefix(bad.message), "\(error)")
  }

  @Test("a potential that is not finite at a distance is an error")
  func notFinite() async throws {
    let error = try await #require(throws: InputError.self) {
      try await SyntheticFrames(
        of: Self.tree("log(a - r)"), parameters: ["a": .number(5)],
        options: Self.options(.clusters))
    }
    #expect(error.message.hasPrefix("expected finite forces and energies"))
  }

  @Test("a lattice has the spacing it says, and room", arguments: [2, 4, 9, 28, 55, 108, 129, 500])
  func lattice(count: Int) {
    let lattice = HardSphereLiquid.Lattice.best(count: count)
    #expect(lattice.sites.count >= count)
    var smallest = 1.0
    for (number, site) in lattice.sites.enumerated() {
      for other in lattice.sites[..<number] {
        var separation = site - other
        separation -= separation.rounded(.toNearestOrEven)
        smallest = min(smallest, (separation * separation).sum().squareRoot())
      }
    }
    #expect(abs(smallest - lattice.spacing) <= 1e-12)
  }
}
