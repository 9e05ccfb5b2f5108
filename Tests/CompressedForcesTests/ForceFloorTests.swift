import AtomicData
import CompressedForces
import Testing

@Suite struct ForceFloorTests {
  /// Random frames whose forces are those of a pair force, exactly.
  private func synthetic(noise: Double, frames count: Int = 200) async throws -> InMemoryFrames {
    var random = RandomFrames(seed: 21)
    let source = random.dataset(frames: count, atoms: 6, edge: 7)
    let search = PairSearch(pairTypes: source.pairTypes, selection: .inter, cutoff: 8)
    // Vanishes at the cutoff with its slope, as the floor must.
    let force = PairForces.each { t, r in Double(t + 1) * (1 - r / 8) * (1 - r / 8) / r }
    let frames = try source.frames.enumerated().map { index, frame in
      var frame = frame
      frame.weight = 1
      frame.part = index % 6 == 5 ? .validation : .training(fold: index % 6)
      frame.forces = try DirectForceMatching.forces(on: frame, from: force, search: search)
        .map { $0 + random.vector(noise) }
      return frame
    }
    return InMemoryFrames(pairTypes: source.pairTypes, pairSelection: .inter, frames: frames)
  }

  @Test("finds the pair force that made the data")
  func recovers() async throws {
    let source = try await synthetic(noise: 0)
    let statistics = try await ForceStatistics(
      compressing: source, cutoff: 8, pointCount: 40, threads: 2)
    let floor = try ForceFloor(of: statistics)
    #expect(floor.crossValidatedR2 > 0.9999)
    let validation = try #require(floor.validationRMSE)
    #expect(validation < 0.01 * statistics.all.meanSquaredReferenceForce.squareRoot())
    for offset in statistics.grid.offsets { #expect(floor.gridValues[offset] == 0) }
  }

  @Test("stops at the noise")
  func noise() async throws {
    let source = try await synthetic(noise: 0.3)
    let statistics = try await ForceStatistics(
      compressing: source, cutoff: 8, pointCount: 40, threads: 2)
    let floor = try ForceFloor(of: statistics)
    // Uniform noise in ±0.3 has the standard deviation 0.3/√3 = 0.173.
    #expect(abs(floor.crossValidatedRMSE / 0.1732 - 1) < 0.05)
    #expect(floor.fittedRMSE < floor.crossValidatedRMSE)
  }

  @Test("does not depend on the unit of the weights")
  func weights() async throws {
    let source = try await synthetic(noise: 0.3, frames: 60)
    let heavy = InMemoryFrames(
      pairTypes: source.pairTypes, pairSelection: .inter,
      frames: source.frames.map { frame in
        var frame = frame
        frame.weight = 1024
        return frame
      })
    let floors = try await [
      ForceFloor(of: ForceStatistics(compressing: source, cutoff: 8, pointCount: 24, threads: 1)),
      ForceFloor(of: ForceStatistics(compressing: heavy, cutoff: 8, pointCount: 24, threads: 1)),
    ]
    #expect(abs(floors[0].crossValidatedRMSE / floors[1].crossValidatedRMSE - 1) < 1e-9)
  }

  @Test("asks for more frames where there is one fold")
  func oneFold() async throws {
    let frame = Frame(
      positions: [.zero, SIMD3(0, 0, 2)], forces: [SIMD3(0, 0, -1), SIMD3(0, 0, 1)],
      types: [0, 0])
    let source = InMemoryFrames(pairTypes: PairTypes(typeNames: ["A"]), frames: [frame])
    let statistics = try await ForceStatistics(compressing: source, cutoff: 3, threads: 1)
    #expect(throws: InputError.self) { try ForceFloor(of: statistics) }
  }
}
