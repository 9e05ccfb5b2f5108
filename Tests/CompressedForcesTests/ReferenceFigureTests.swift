import AtomicData
import CompressedForces
import Testing

/// The figures of the data README, which were computed from the raw frames by independent means.
@Suite struct ReferenceFigureTests {
  struct Figures: Sendable, CustomTestStringConvertible {
    enum Frames { case waterDimer, hot, amoeba, both }
    var frames: Frames
    var rmsForce: Double
    var published: Double
    var shifted: Double
    var crossValidatedFloor: Double
    var fittedFloor: Double

    var testDescription: String { "\(frames)" }

    func load() throws -> InMemoryFrames {
      switch frames {
      case .waterDimer: try ReferenceData.waterDimers()
      case .hot: ReferenceData.water(try ReferenceData.hotDimers())
      case .amoeba: ReferenceData.water(try ReferenceData.amoebaDimers())
      case .both:
        ReferenceData.water(try ReferenceData.hotDimers() + ReferenceData.amoebaDimers())
      }
    }
  }

  static let figuresOfWaterDimer = Figures(
    frames: .waterDimer, rmsForce: 0.118083, published: 0.127848, shifted: 0.126463,
    crossValidatedFloor: 0.05597, fittedFloor: 0.05579)
  static let figuresOfH2O13 = [
    Figures(
      frames: .hot, rmsForce: 0.208368, published: 0.685777, shifted: 0.684977,
      crossValidatedFloor: 0.0961, fittedFloor: 0.0943),
    Figures(
      frames: .amoeba, rmsForce: 0.015399, published: 0.014043, shifted: 0.012538,
      crossValidatedFloor: 0.00578, fittedFloor: 0.00576),
    Figures(
      frames: .both, rmsForce: 0.170919, published: 0.561831, shifted: 0.561164,
      crossValidatedFloor: 0.0788, fittedFloor: 0.0774),
  ]

  @Test("gives the figures of water-dimer", .enabled(if: ReferenceData.waterDimer != nil))
  func waterDimer() async throws { try await check(Self.figuresOfWaterDimer) }

  @Test(
    "gives the figures of H2O-13",
    .enabled(
      if: ReferenceData.hot != nil
        && ReferenceData.amoeba != nil), arguments: figuresOfH2O13)
  func dimersOfOthers(figures: Figures) async throws { try await check(figures) }

  /// RMSEs to the figures' last digit, directly and from the statistics; floors to 2 %.
  private func check(_ figures: Figures) async throws {
    let source = try figures.load()
    let forces = [
      PairForces.each { _, _ in 0 }, PairForces.qSPCFw(), PairForces.qSPCFw(shiftedAt: 10),
    ]
    let statistics = try await ForceStatistics(compressing: source, cutoff: 10, threads: 2)
    let direct = try await DirectForceMatching(source: source, cutoff: 10)
      .errors(of: forces, threads: 2)
    let expected = [figures.rmsForce, figures.published, figures.shifted]
    for ((force, error), rmse) in zip(zip(forces, direct), expected) {
      #expect(abs(error.all.squareRoot() - rmse) < 6e-7)
      let compressed = statistics.all.meanSquaredForceError(
        of: PairForces.gridValues(force, on: statistics.grid))
      // What the default number of grid points is chosen for.
      #expect(abs(compressed / error.all - 1) < 1e-6)
    }
    let floor = try ForceFloor(of: statistics)
    #expect(abs(floor.crossValidatedRMSE / figures.crossValidatedFloor - 1) < 0.02)
    #expect(abs(floor.fittedRMSE / figures.fittedFloor - 1) < 0.02)
  }

  @Test("gives the force on the check dimer's first oxygen")
  func checkDimer() throws {
    let positions: [SIMD3<Double>] = [
      SIMD3(0, 0, 0), SIMD3(0.8290375726, 0.5591929035, 0), SIMD3(-0.8290375726, 0.5591929035, 0),
      SIMD3(0.1, -2.75, 0.3), SIMD3(0.9, -3.2, 0.6), SIMD3(-0.4, -3.4, -0.2),
    ]
    let frame = Frame(
      positions: positions, forces: positions.map { _ in .zero }, types: [1, 0, 0, 1, 0, 0],
      molecules: [0, 0, 0, 1, 1, 1])
    // In kcal/mol/Å: the constants as they stand.
    let forces = try DirectForceMatching.forces(
      on: frame, from: PairForces.qSPCFw(coulomb: 332.06371, kilocalorie: 1),
      search: PairSearch(
        pairTypes: PairTypes(typeNames: ["O", "H"]), selection: .inter, cutoff: 10))
    let expected = SIMD3(0.090982647, 21.170811364, -3.205334539)
    for d in 0..<3 { #expect(abs(forces[0][d] - expected[d]) < 1e-9) }
    let total = forces.reduce(.zero, +)
    #expect((0..<3).allSatisfy { abs(total[$0]) < 1e-12 })
  }

  @Test(
    "compressed and direct loss agree to 1e-7 for steep and smooth forces on liquid argon",
    .enabled(if: ReferenceData.argon != nil))
  func argon() async throws {
    let source = try ReferenceData.argonFrames(every: 50)
    let statistics = try await ForceStatistics(compressing: source, cutoff: 8, threads: 2)
    let direct = try await DirectForceMatching(source: source, cutoff: 8)
      .errors(of: PairForces.probes.map(\.force), threads: 2)
    for ((name, force), error) in zip(PairForces.probes, direct) {
      let compressed = statistics.all.meanSquaredForceError(
        of: PairForces.gridValues(force, on: statistics.grid))
      #expect(abs(compressed / error.all - 1) < 1e-7, "\(name)")
    }
    // A pair potential explains nearly all of it: RMSE 1.6 meV/Å of 48 with all frames.
    let floor = try ForceFloor(of: statistics)
    #expect(floor.fittedRMSE < 0.002 && floor.fittedR2 > 0.998)
  }

  @Test(
    "compressed and direct loss agree to 1e-7 for steep and smooth forces on water dimers",
    .enabled(if: ReferenceData.waterDimer != nil))
  func steepForces() async throws {
    let source = try ReferenceData.waterDimers(every: 10)
    let statistics = try await ForceStatistics(compressing: source, cutoff: 10, threads: 2)
    let direct = try await DirectForceMatching(source: source, cutoff: 10)
      .errors(of: PairForces.probes.map(\.force), threads: 2)
    for ((name, force), error) in zip(PairForces.probes, direct) {
      let compressed = statistics.all.meanSquaredForceError(
        of: PairForces.gridValues(force, on: statistics.grid))
      #expect(abs(compressed / error.all - 1) < 1e-7, "\(name)")
    }
  }
}
