import AtomicData
import Foundation
import Testing

@testable import CompressedForces

@Suite struct BondClassTests {
  /// The frames of `PropertyChannelsTests` with bonds, told apart by classes.
  private static func source(
    seed: UInt64, charges: [Double], selection: PairSelection
  ) -> InMemoryFrames {
    let plain = PropertyChannelsTests.source(seed: seed, charges: charges)
    var random = RandomFrames(seed: seed)
    let reach = max(KnownQuantity.mostBonds, selection.bondReach ?? 0)
    let frames = plain.frames.map { frame in
      var frame = frame
      frame.bonds = random.bonds(atoms: frame.positions.count, reach: reach)
      return frame
    }
    let classes = (0...KnownQuantity.mostBonds).filter { bonds in
      guard case .bonds(let range) = selection else { return true }
      return range.contains(bonds == 0 ? nil : bonds)
    }
    let types = PairTypes(
      plain.pairTypes,
      occurring: plain.pairTypes.pairs.flatMap { pair in
        classes.map { PairType(first: pair.first, second: pair.second, bonds: $0) }
      })
    return InMemoryFrames(pairTypes: types, pairSelection: selection, frames: frames)
  }

  @Test(
    "the loss on the grid is that of the direct sum, with bond classes and Q together",
    arguments: [
      PairSelection.all, .bonds(BondRange(1, through: 2)), .bonds(BondRange(2, through: nil)),
    ],
    [[0.7, -0.3], PropertyChannelsTests.charges])
  func losses(selection: PairSelection, charges: [Double]) async throws {
    for seed in 0..<3 as Range<UInt64> {
      let losses = try await PropertyChannelsTests.losses(
        Self.source(seed: seed, charges: charges, selection: selection)
      ) { r, pair in
        let shared = pair.property * exp(1 - r) + Double(1 + pair.first + pair.second) / (r * r)
        let own = [0, 2 / (r * r * r), -1.5 * exp(-r / 2), pair.property * pair.property / r]
        return shared + own[pair.bonds]
      }
      #expect(
        abs(losses.compressed / losses.direct - 1) < 1e-7, "seed \(seed), \(selection): \(losses)")
    }
  }

  @Test("pairs of each class are surveyed apart, and channels are those that occur")
  func survey() async throws {
    let selection = PairSelection.bonds(BondRange(2, through: nil))
    let source = Self.source(seed: 2, charges: [0.5, -0.2], selection: selection)
    let types = source.pairTypes
    #expect(types.known == [.property, .twoBonds, .threeBonds])
    #expect(types.kindPairs.count == 4 * types.kindPairCount)
    #expect(types.sampledPairs.count == 9 && types.name(ofSampled: 1) == "A-A 1-3")
    let survey = try await DistanceSurvey(of: source, cutoff: 8, threads: 2)
    var counts = Array(repeating: 0, count: 4)
    for (pair, sample) in zip(types.sampledPairs, survey.samples) {
      counts[pair.bonds] += sample.pairCount
    }
    var expected = Array(repeating: 0, count: 4)
    for frame in source.frames {
      for i in frame.positions.indices {
        for j in 0..<i {
          let separation = frame.positions[i] - frame.positions[j]
          guard (separation * separation).sum() <= 64, let bonds = frame.bonds else { continue }
          let count = bonds.bondCount(i, j) ?? 0
          if count != 1 { expected[count] += 1 }
        }
      }
    }
    #expect(counts == expected && counts[2] > 0 && counts[3] > 0)
    #expect(Set(PropertyChannels(of: types).channels.map(\.bonds)) == [0, 2, 3])
  }
}
