import AtomicData
import Foundation
import Testing

@testable import CompressedForces

@Suite struct PropertyChannelsTests {
  /// Random frames whose atoms have charges out of some.
  static func source(seed: UInt64, charges: [Double], selection: PairSelection = .all)
    -> InMemoryFrames
  {
    var random = RandomFrames(seed: seed)
    let plain = random.dataset(frames: 12, atoms: 12, edge: 7)
    let atoms = ["A", "B"].flatMap { name in charges.map { (typeName: name, property: $0) } }
    let types = PairTypes(atoms: atoms)
    let frames = plain.frames.map { frame in
      var frame = frame
      frame.types = frame.types.map { type in
        let charge = charges[Int(random.unit() * Double(charges.count))]
        return types.kinds.firstIndex(of: AtomKind(type: type, property: charge)) ?? 0
      }
      return frame
    }
    return InMemoryFrames(pairTypes: types, pairSelection: selection, frames: frames)
  }

  /// Compressed and direct loss of a force of r, types and Q.
  static func losses(
    _ source: InMemoryFrames, switchWidth: Double? = nil,
    _ force: @escaping @Sendable (Double, PairType) -> Double
  ) async throws -> (compressed: Double, direct: Double) {
    let statistics = try await ForceStatistics(
      compressing: source, cutoff: 8, pointCount: 80, threads: 2)
    let channels = PropertyChannels(of: source.pairTypes).channels
    let values = PairForces.gridValues(
      PairForces.each { force($1, channels[$0]) }, on: statistics.grid)
    let pairs = source.pairTypes.kindPairs
    let direct = try await DirectForceMatching(source: source, cutoff: 8)
      .errors(of: [PairForces.each { force($1, pairs[$0]) }], threads: 2)[0]
    return (statistics.all.meanSquaredForceError(of: values), direct.all)
  }

  static let charges = [-0.83, -0.6, -0.41, -0.17, 0.05, 0.2, 0.33, 0.52, 0.71]

  @Test("a force that is a polynomial in Q is exact", arguments: 0..<5 as Range<UInt64>)
  func polynomials(seed: UInt64) async throws {
    let losses = try await Self.losses(Self.source(seed: seed, charges: Self.charges)) { r, pair in
      let q = pair.property
      return q / (r * r) + 2 * q * q * exp(-r) + (0.3 - q * q * q * q) * exp(1 - r)
        + Double(pair.first + pair.second) / (r * r * r)
    }
    #expect(abs(losses.compressed / losses.direct - 1) < 1e-7, "seed \(seed): \(losses)")
  }

  @Test("a smooth function of Q is near, and exact where Q has few values")
  func functions() async throws {
    let force = { @Sendable (r: Double, pair: PairType) in exp(0.8 * pair.property - r) }
    let many = try await Self.losses(Self.source(seed: 3, charges: Self.charges), force)
    #expect(abs(many.compressed / many.direct - 1) < 1e-4, "\(many)")
    let few = try await Self.losses(Self.source(seed: 4, charges: [-0.8, 0.4]), force)
    #expect(abs(few.compressed / few.direct - 1) < 1e-9, "\(few)")
  }

  @Test("each pair's shares sum to one, and channels stand for Q of the data")
  func shares() {
    for charges in [[-0.8, 0.4], Self.charges, [0.5]] {
      let types = Self.source(seed: 1, charges: charges).pairTypes
      let channels = PropertyChannels(of: types)
      #expect(channels.isExact == (charges.count < 3))
      for (pair, shares) in zip(types.kindPairs, channels.shares) {
        #expect(abs(shares.reduce(0) { $0 + $1.weight } - 1) < 1e-12)
        let mean = shares.reduce(0) { $0 + $1.weight * channels.channels[$1.channel].property }
        #expect(abs(mean - pair.property) < 1e-12)
        for share in shares {
          #expect(channels.channels[share.channel].first == pair.first)
          #expect(channels.channels[share.channel].second == pair.second)
        }
      }
    }
    let plain = PropertyChannels(of: PairTypes(typeNames: ["A", "B"]))
    #expect(plain.channels.count == 3 && plain.isExact)
  }

  @Test("the survey counts pairs of types, whatever their property")
  func survey() async throws {
    let source = Self.source(seed: 7, charges: Self.charges)
    let survey = try await DistanceSurvey(of: source, cutoff: 8, threads: 2)
    #expect(survey.samples.count == 3)
    let plain = InMemoryFrames(
      pairTypes: PairTypes(typeNames: ["A", "B"]),
      frames: source.frames.map { frame in
        var frame = frame
        frame.types = frame.types.map { source.pairTypes.kinds[$0].type }
        return frame
      })
    #expect(try await DistanceSurvey(of: plain, cutoff: 8, threads: 1) == survey)
  }
}
