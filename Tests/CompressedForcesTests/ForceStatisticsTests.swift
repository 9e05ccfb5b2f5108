import AtomicData
import CVectorKernels
import Testing

@testable import CompressedForces

@Suite struct ForceStatisticsTests {
  @Test(
    "the compressed loss is the direct loss, whatever the smooth pair force",
    arguments: 0..<20)
  func agreesWithDirectSum(seed: Int) async throws {
    var random = RandomFrames(seed: UInt64(seed))
    var source = random.dataset(frames: 12, atoms: 12, edge: 7)
    if seed % 2 == 1 {
      // Many neighbours per atom: the way by dense rows.
      source = InMemoryFrames(
        pairTypes: source.pairTypes, pairSelection: .all,
        frames: [random.periodic(atoms: 14, edge: 6, isPeriodic: [true, true, seed % 4 == 1])])
    }
    // More points than the default: the random forces have waves that it resolves to 1e-5 only.
    let statistics = try await ForceStatistics(
      compressing: source, cutoff: 8, pointCount: 80, threads: 2)
    let force = PairForces.random(seed: UInt64(seed))
    let direct = try await DirectForceMatching(source: source, cutoff: 8)
      .errors(of: [force], threads: 2)[0]
    let compressed = statistics.all.meanSquaredForceError(
      of: PairForces.gridValues(force, on: statistics.grid))
    #expect(abs(compressed / direct.all - 1) < 1e-6, "seed \(seed)")
  }

  @Test("a force with structure finer than the grid differs, the less the finer the grid")
  func convergence() async throws {
    var random = RandomFrames(seed: 31)
    let source = random.dataset(frames: 20, atoms: 12, edge: 9)
    let force = PairForces.each { _, r in 1 - 2 * (r - 6) * (r - 6) / (1 + (r - 6) * (r - 6)) }
    let direct = try await DirectForceMatching(source: source, cutoff: 10)
      .errors(of: [force], threads: 2)[0]
    var differences: [Double] = []
    for pointCount in [40, 80, 160, 320] {
      let statistics = try await ForceStatistics(
        compressing: source, cutoff: 10, pointCount: pointCount, threads: 2)
      let loss = statistics.all.meanSquaredForceError(
        of: PairForces.gridValues(force, on: statistics.grid))
      differences.append(abs(loss / direct.all - 1))
    }
    #expect(differences[0] > 1e-5 && differences[3] < 1e-6, "\(differences)")
    #expect(zip(differences, differences.dropFirst()).allSatisfy { $0 > 4 * $1 })
  }

  @Test("the loss of zero is the mean square of the reference forces")
  func zeroForce() async throws {
    var random = RandomFrames(seed: 5)
    let source = random.dataset(frames: 10, atoms: 6, edge: 6)
    let all = try await ForceStatistics(compressing: source, cutoff: 8, threads: 1).all
    let squares = source.frames.reduce(0) { sum, frame in
      sum + frame.weight * frame.forces.reduce(0) { $0 + ($1 * $1).sum() }
    }
    let weight = source.frames.reduce(0) { $0 + 3 * $1.weight * Double($1.forces.count) }
    #expect(abs(all.meanSquaredReferenceForce / (squares / weight) - 1) < 1e-14)
    let zero = all.meanSquaredForceError(of: Array(repeating: 0, count: all.dimension))
    #expect(abs(zero / all.meanSquaredReferenceForce - 1) < 1e-14)
  }

  @Test("statistics of two halves add up to those of the whole")
  func additive() async throws {
    var random = RandomFrames(seed: 9)
    let source = random.dataset(frames: 20, atoms: 6, edge: 6)
    let whole = try await ForceStatistics(
      compressing: source, cutoff: 8, pointCount: 30, threads: 1)
    var held = source.frames
    for index in held.indices where index % 3 == 0 { held[index].part = .validation }
    let split = try await ForceStatistics(
      compressing: InMemoryFrames(
        pairTypes: source.pairTypes, pairSelection: .inter, frames: held),
      cutoff: 8, pointCount: 30, threads: 1)
    let validation = try #require(split.validation)
    var sum = split.training
    sum.merge(validation)
    #expect(sum.frameCount == 20 && sum.pairCount == whole.all.pairCount)
    #expect(whole.validation == nil && whole.survey.pairCount == whole.all.pairCount)
    for (a, b) in zip(sum.gram, whole.all.gram) { #expect(abs(a - b) <= 1e-12 * (1 + abs(b))) }
    for (a, b) in zip(sum.projection, whole.all.projection) { #expect(abs(a - b) < 1e-12) }
    #expect(abs(sum.squareSum / whole.all.squareSum - 1) < 1e-14)
  }

  @Test("is the same to the last bit on one thread and on two")
  func threads() async throws {
    var random = RandomFrames(seed: 10)
    let source = random.dataset(frames: 1100, atoms: 4, edge: 5)
    let one = try await ForceStatistics(compressing: source, cutoff: 8, pointCount: 20, threads: 1)
    let two = try await ForceStatistics(compressing: source, cutoff: 8, pointCount: 20, threads: 2)
    #expect(one.parts == two.parts && one.all == two.all && one.survey == two.survey)
    let forces = [PairForces.random(seed: 1), PairForces.random(seed: 2)]
    let direct = try await DirectForceMatching(source: source, cutoff: 8)
      .errors(of: forces, threads: 1)
    let again = try await DirectForceMatching(source: source, cutoff: 8)
      .errors(of: forces, threads: 2)
    #expect(direct == again)
  }

  @Test("is the same to the last bit whatever vector instructions the processor has")
  func levels() async throws {
    var random = RandomFrames(seed: 21)
    // Few pairs by blocks, in runs short and long for the grid; many pairs by dense rows.
    var frames = random.dataset(frames: 3000, atoms: 4, edge: 5).frames
    frames += (0..<4).map { _ in
      random.periodic(atoms: 40, edge: 8, isPeriodic: [true, true, true])
    }
    let source = InMemoryFrames(
      pairTypes: PairTypes(typeNames: ["A", "B"]), pairSelection: .inter, frames: frames)
    var found: [ForceStatistics] = []
    for level in [VectorLevelBaseline, VectorLevelAVX2, VectorLevelAVX512] {
      guard let kernels = vectorKernels(level)?.pointee else { continue }
      found.append(
        try await ForceStatistics(
          compressing: source, cutoff: 8, pointCount: 20, threads: 2, kernels: kernels))
    }
    #expect(found.allSatisfy { $0.parts == found[0].parts && $0.all == found[0].all })
  }

  @Test("frames of many and of few pairs add up alike, by blocks and by dense rows")
  func roads() async throws {
    var random = RandomFrames(seed: 22)
    let frames = (0..<6).map { _ in
      random.periodic(atoms: 12, edge: 6, isPeriodic: [true, true, false])
    }
    let source = InMemoryFrames(
      pairTypes: PairTypes(typeNames: ["A", "B"]), pairSelection: .all, frames: frames)
    let grid = try RadialGrid(cutoff: 6, smallestDistances: [0.5, 0.5, 0.5], pointCount: 40)
    let (kernels, search) = (bestVectorKernels().pointee, PairSearch(source: source, cutoff: 6))
    let sums = try [0.0, 1000].map { mostPairsPerAtom in
      let accumulator = StatisticsAccumulator(
        grid: grid, search: search, kernels: kernels, mostPairsPerAtom: mostPairsPerAtom
      )
      return try accumulator.sums(of: frames)
    }
    for part in 0...DataPart.foldCount {
      let (rows, blocks) = (sums[0][part], sums[1][part])
      #expect(rows.pairCount == blocks.pairCount && rows.weight == blocks.weight)
      let scale = rows.gram.map(abs).max() ?? 0
      for (a, b) in zip(rows.gram, blocks.gram) { #expect(abs(a - b) <= 1e-13 * scale) }
      for (a, b) in zip(rows.projection, blocks.projection) { #expect(abs(a - b) <= 1e-12) }
    }
  }

  @Test("the loss does not change when frames are moved, turned or their atoms renumbered")
  func invariance() async throws {
    var random = RandomFrames(seed: 12)
    let source = random.dataset(frames: 10, atoms: 8, edge: 6)
    let moved = source.frames.map { frame in
      var moved = frame
      let (sine, cosine) = (0.6, 0.8)
      func turned(_ v: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(cosine * v.x - sine * v.y, v.z, -(sine * v.x + cosine * v.y))
      }
      moved.positions = frame.positions.map { turned($0) + SIMD3(3, -20, 7) }.reversed()
      moved.forces = frame.forces.map(turned).reversed()
      moved.types.reverse()
      moved.molecules?.reverse()
      return moved
    }
    let other = InMemoryFrames(
      pairTypes: source.pairTypes, pairSelection: .inter, frames: moved)
    let force = PairForces.random(seed: 4)
    let losses = try await [source, other].asyncMap {
      try await DirectForceMatching(source: $0, cutoff: 5)
        .errors(of: [force], threads: 1)[0].all
    }
    #expect(abs(losses[1] / losses[0] - 1) < 1e-12)
    let compressed = try await [source, other].asyncMap {
      let statistics = try await ForceStatistics(compressing: $0, cutoff: 5, threads: 1)
      return statistics.all.meanSquaredForceError(
        of: PairForces.gridValues(force, on: statistics.grid))
    }
    #expect(abs(compressed[1] / compressed[0] - 1) < 1e-9)
  }

  @Test("says how far the nearest pair is when none is within the cutoff")
  func noPairs() async throws {
    let frame = Frame(
      positions: [.zero, SIMD3(0, 3, 4)], forces: [.zero, .zero], types: [0, 0])
    let source = InMemoryFrames(pairTypes: PairTypes(typeNames: ["A"]), frames: [frame])
    let error = await #expect(throws: InputError.self) {
      try await ForceStatistics(compressing: source, cutoff: 3, threads: 1)
    }
    #expect(error?.description.contains("5.0 Å") == true)
    #expect(error?.description.contains("--cutoff") == true)
  }

  @Test("says so when all frames are for validation")
  func nothingToTrainOn() async throws {
    var random = RandomFrames(seed: 13)
    var frames = random.dataset(frames: 2, atoms: 4, edge: 4).frames
    for index in frames.indices { frames[index].part = .validation }
    let source = InMemoryFrames(pairTypes: PairTypes(typeNames: ["A", "B"]), frames: frames)
    await #expect(throws: InputError.self) {
      try await ForceStatistics(compressing: source, cutoff: 8, threads: 1)
    }
  }

  @Test("refuses forces that are no numbers")
  func forcesThatAreNoNumbers() async throws {
    let frame = Frame(
      positions: [.zero, SIMD3(0, 0, 2)], forces: [.zero, SIMD3(.nan, 0, 0)], types: [0, 0])
    let source = InMemoryFrames(pairTypes: PairTypes(typeNames: ["A"]), frames: [frame])
    await #expect(throws: InputError.self) {
      try await ForceStatistics(compressing: source, cutoff: 3, threads: 1)
    }
  }
}

extension Array {
  fileprivate func asyncMap<T>(_ transform: (Element) async throws -> T) async rethrows -> [T] {
    var results: [T] = []
    for element in self { results.append(try await transform(element)) }
    return results
  }
}

extension StatisticsAccumulator {
  /// The statistics of frames taken as one block.
  fileprivate func sums(of frames: [Frame]) throws -> [SufficientStatistics] {
    var accumulator = self
    try accumulator.add(frames)
    accumulator.finish()
    return accumulator.parts.map { box in
      box.map { $0.sums.finish() } ?? SufficientStatistics(dimension: 1)
    }
  }
}
