import AtomicData
import CompressedForces
import ExpressionTrees
import ForceFitting
import RunStorage
import Testing

@testable import SummaryReport

@Suite("Forces of potentials beside the reference")
struct ForceComparisonTests {
  /// A pair along x with forces of its own, and one that is too far away to act.
  private static let frames = InMemoryFrames(
    pairTypes: PairTypes(typeNames: ["H", "O"]),
    frames: [
      Frame(
        positions: [SIMD3(0, 0, 0), SIMD3(2, 0, 0), SIMD3(40, 0, 0)],
        forces: [SIMD3(-0.5, 0.1, 0), SIMD3(0.3, 0, 0), SIMD3(0, 0, 0)], types: [0, 1, 0])
    ])

  private static func potential() throws -> EntryPotential {
    let entry = FrontEntry(
      complexity: 3, expression: "X/r", parameters: ["X": .byName(["H": 1, "O": 0.8])],
      trainRMSE: 0.1, validationRMSE: nil, validationR2: nil, compressedRMSE: 0.1,
      directRMSE: 0.1, r2: 0.5, maxConstraintViolation: 0, recommended: false, flags: [])
    return try EntryPotential(
      entry, typeNames: ["H", "O"], treatment: CutoffTreatment(mode: .none, cutoff: 6))
  }

  @Test("residuals are the parts of the missing force along the pair, in its range of distances")
  func residuals() async throws {
    let comparison = try await ForceComparison(
      potentials: [try Self.potential()], over: Self.frames, cutoff: 6, rmsForce: 0.2,
      pairCount: 1, threads: 2)
    // The potential pushes with 0.8/4 each way; the reference with 0.5 and 0.3.
    let residual = ((-0.5 + 0.2) * -1 + (0.3 - 0.2)) / 2
    let bins = comparison.residuals[0][1]
    #expect(bins.map(\.count).reduce(0, +) == 1)
    let bin = Int(2 / comparison.binWidth)
    #expect(bins[bin].count == 1)
    #expect(abs(bins[bin].mean - residual) < 1e-12)
    #expect(comparison.residuals[0][0].allSatisfy { $0.count == 0 })
  }

  @Test("every component counts once, in its place or outside")
  func parity() async throws {
    let comparison = try await ForceComparison(
      potentials: [try Self.potential()], over: Self.frames, cutoff: 6, rmsForce: 0.05,
      pairCount: 1, threads: 1)
    #expect(comparison.range == 6 * 0.05)
    let (hydrogen, oxygen) = (comparison.parity[0][0], comparison.parity[0][1])
    #expect((hydrogen.total, oxygen.total) == (6, 3))
    // −0.5 is beyond the range of ±0.3, so is nothing else of H; 0.3 is not below 0.3.
    #expect((hydrogen.outside, oxygen.outside) == (1, 1))
    #expect(hydrogen.counts.reduce(0, +) == 5)
    let middle = ForceComparison.Parity.binCount / 2
    #expect(hydrogen.counts[middle * ForceComparison.Parity.binCount + middle] == 4)
  }

  @Test("where there is too much, every so many frames count")
  func sampled() async throws {
    let frames = InMemoryFrames(
      pairTypes: Self.frames.pairTypes,
      frames: Array(repeating: Self.frames.frames, count: 400).flatMap { $0 })
    let potential = try Self.potential()
    let all = try await ForceComparison(
      potentials: [potential], over: frames, cutoff: 6, rmsForce: 0.2, pairCount: 400, threads: 2)
    let some = try await ForceComparison(
      potentials: [potential], over: frames, cutoff: 6, rmsForce: 0.2, pairCount: 100_000_000,
      threads: 2)
    #expect((all.stride, some.stride) == (1, 5))
    #expect(all.parity[0][0].total == 2400)
    #expect((480...530).contains(some.parity[0][0].total))
  }
}
