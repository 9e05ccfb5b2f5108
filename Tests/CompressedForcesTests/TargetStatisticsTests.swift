import AtomicData
import Testing

@testable import CompressedForces

/// What is matched beside plain forces: compressed against the direct sum, and both against
/// differences.
@Suite struct TargetStatisticsTests {
  private static let cutoff = 8.0

  /// Coulomb, a wall and a well, other strengths for each pair type; U(cutoff) = 0.
  private static func potential(
    cutoff: Double, switching: SwitchingFunction? = nil
  ) -> PairPotential {
    let charges = [0.3, -0.7, 1.1]
    @Sendable func raw(_ type: Int, _ r: Double) -> (energy: Double, force: Double) {
      let (s, q) = (2 / r, charges[type % 3])
      let (s2, wall) = (s * s, 0.2 + 0.1 * Double(type % 3))
      let s6 = s2 * s2 * s2
      return (q / r + wall * s6 * s6 - s6, q / (r * r) + (12 * wall * s6 * s6 - 6 * s6) / r)
    }
    @Sendable func value(_ type: Int, _ r: Double) -> (energy: Double, force: Double) {
      let own = raw(type, r)
      let energy = own.energy - raw(type, cutoff).energy
      guard let (s, slope) = switching?.value(at: r) else { return (energy, own.force) }
      return (s * energy, s * own.force - slope * energy)
    }
    return PairPotential(
      force: PairForces.each { value($0, $1).force },
      energy: PairForces.each { value($0, $1).energy })
  }

  /// Frames with references that are random, or those of a potential on another footing.
  private static func source(
    seed: UInt64, isPeriodic: Bool, isWeighted: Bool = false
  ) -> InMemoryFrames {
    var random = RandomFrames(seed: seed)
    let frames = (0..<12).map { number -> Frame in
      var frame =
        isPeriodic
        ? random.periodic(atoms: 5, edge: 5, isPeriodic: [true, true, number % 2 == 0])
        : random.isolated(atoms: 8, edge: 6)
      frame.weight = 0.5 + random.unit()
      frame.source = number % 2
      frame.energy = 3 * random.unit() - 1.5 - 5_000 * Double(1 + number % 2)
      frame.virial = Virial(diagonal: random.vector(3), offDiagonal: random.vector(2))
      frame.part = number % 4 == 0 ? .validation : .training(fold: number % DataPart.foldCount)
      if isWeighted {
        frame.forceWeights = frame.forces.map { _ in
          SIMD3(0.2 + random.unit(), 0.2 + random.unit(), 0.2 + random.unit())
        }
      }
      return frame
    }
    return InMemoryFrames(
      pairTypes: PairTypes(typeNames: ["A", "B"]), pairSelection: isPeriodic ? .all : .inter,
      frames: frames)
  }

  @Test(
    "the compressed losses of energies, virials, net forces and torques are the direct ones",
    arguments: 0..<8)
  func agreesWithDirectSum(seed: Int) async throws {
    let isPeriodic = seed % 2 == 1
    let switchWidth: Double? = seed % 4 < 2 ? nil : 1
    let source = Self.source(seed: UInt64(seed), isPeriodic: isPeriodic, isWeighted: seed >= 4)
    let targets: [MatchedTarget] =
      isPeriodic ? [.energies, .virials] : MatchedTarget.allCases
    let statistics = try await ForceStatistics(
      compressing: source, cutoff: Self.cutoff, targets: targets, switchWidth: switchWidth,
      threads: 2)
    let potential = Self.potential(
      cutoff: Self.cutoff,
      switching: switchWidth.map { SwitchingFunction(cutoff: Self.cutoff, width: $0) })
    let direct = try await DirectForceMatching(source: source, cutoff: Self.cutoff).errors(
      of: [potential], targets: targets, energyOffsets: statistics.survey.meanEnergies, threads: 2
    )[0]
    // The statistics hold the switching: they take the force before it.
    let values = PairForces.gridValues(
      Self.potential(cutoff: Self.cutoff).force, on: statistics.grid)
    func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-6 * abs(b) }
    #expect(isClose(statistics.all.meanSquaredForceError(of: values), direct.forces.all))
    #expect(isClose(statistics.training.meanSquaredForceError(of: values), direct.forces.training))
    #expect(statistics.targets.map(\.target) == targets)
    for target in statistics.targets {
      let loss = target.loss(of: values)
      let expected = try #require(direct.targets[target.target])
      #expect(isClose(loss.all, expected.all), "seed \(seed), \(target.target)")
      #expect(isClose(loss.training, expected.training), "seed \(seed), \(target.target)")
      let (held, expectedHeld) = (
        try #require(loss.validation), try #require(expected.validation)
      )
      #expect(isClose(held, expectedHeld), "seed \(seed), \(target.target)")
      // With the shifts at their best the training loss is the same.
      let eliminated = target.eliminated.meanSquaredForceError(of: values)
      #expect(isClose(eliminated, loss.training), "seed \(seed), \(target.target)")
    }
  }

  @Test("torques from images of a molecule's own atoms count where all pairs do")
  func imageTorques() async throws {
    var random = RandomFrames(seed: 77)
    let frames = (0..<6).map { number -> Frame in
      var frame = random.periodic(atoms: 6, edge: 5, isPeriodic: [true, true, true])
      frame.part = .training(fold: number % DataPart.foldCount)
      frame.molecules = [0, 0, 0, 1, 1, 1]
      return frame
    }
    let source = InMemoryFrames(
      pairTypes: PairTypes(typeNames: ["A", "B"]), pairSelection: .all, frames: frames)
    let statistics = try await ForceStatistics(
      compressing: source, cutoff: 6, targets: [.netForces, .torques], threads: 1)
    let potential = Self.potential(cutoff: 6)
    let direct = try await DirectForceMatching(source: source, cutoff: 6)
      .errors(of: [potential], targets: [.netForces, .torques], threads: 1)[0]
    for target in statistics.targets {
      let loss = target.loss(of: PairForces.gridValues(potential.force, on: statistics.grid)).all
      let expected = try #require(direct.targets[target.target]).all
      #expect(abs(loss / expected - 1) <= 1e-6, "\(target.target)")
    }
  }

  @Test("without shifts energies count as they are")
  func absoluteEnergies() async throws {
    let frames = Self.source(seed: 3, isPeriodic: false).frames.map { frame in
      var frame = frame
      frame.energy = frame.energy.map { $0.truncatingRemainder(dividingBy: 1) }
      return frame
    }
    let source = InMemoryFrames(
      pairTypes: PairTypes(typeNames: ["A", "B"]), pairSelection: .inter, frames: frames)
    let statistics = try await ForceStatistics(
      compressing: source, cutoff: Self.cutoff, targets: [.energies], shiftsEnergies: false,
      threads: 1)
    let potential = Self.potential(cutoff: Self.cutoff)
    let direct = try await DirectForceMatching(source: source, cutoff: Self.cutoff)
      .errors(of: [potential], targets: [.energies], threads: 1)[0]
    let loss = statistics.targets[0].loss(
      of: PairForces.gridValues(potential.force, on: statistics.grid))
    let expected = try #require(direct.targets[.energies])
    #expect(abs(loss.all / expected.all - 1) <= 1e-6)
    #expect(statistics.targets[0].shiftCount == 0)
  }

  @Test("shifts are what is left of the energies' mean, 10⁴ eV or not")
  func shifts() async throws {
    let potential = Self.potential(cutoff: Self.cutoff)
    let plain = Self.source(seed: 5, isPeriodic: false)
    let search = PairSearch(
      pairTypes: plain.pairTypes, selection: .inter, cutoff: Self.cutoff)
    let frames = try plain.frames.map { frame in
      var frame = frame
      frame.energy =
        try DirectForceMatching.prediction(for: frame, by: potential, search: search).energy
        + [-12_345.678, 87.5][frame.source]
      return frame
    }
    let statistics = try await ForceStatistics(
      compressing: InMemoryFrames(
        pairTypes: plain.pairTypes, pairSelection: .inter, frames: frames),
      cutoff: Self.cutoff, targets: [.energies], threads: 1)
    let values = PairForces.gridValues(potential.force, on: statistics.grid)
    let shifts = statistics.targets[0].shifts(of: values)
    #expect(abs(shifts[0] + 12_345.678) <= 1e-6 && abs(shifts[1] - 87.5) <= 1e-6)
    #expect(statistics.targets[0].loss(of: values).all.squareRoot() <= 1e-4)
  }

  @Test("energy, forces and virial of a potential belong together", arguments: [nil, 1.5])
  func derivatives(width: Double?) throws {
    let switching = width.map { SwitchingFunction(cutoff: Self.cutoff, width: $0) }
    // Without switching pairs would jump at the cutoff: a molecule smaller than that has none there.
    var random = RandomFrames(seed: 8)
    let isPeriodic = width != nil
    var frame =
      isPeriodic
      ? random.periodic(atoms: 3, edge: 4, isPeriodic: [true, true, true])
      : random.isolated(atoms: 6, edge: 4)
    frame.molecules = nil
    let potential = Self.potential(cutoff: Self.cutoff, switching: switching)
    let search = PairSearch(
      pairTypes: PairTypes(typeNames: ["A", "B"]), selection: .all, cutoff: Self.cutoff)
    let here = try DirectForceMatching.prediction(for: frame, by: potential, search: search)
    func energy(_ change: (inout Frame) -> Void) throws -> Double {
      var moved = frame
      change(&moved)
      return try DirectForceMatching.prediction(for: moved, by: potential, search: search).energy
    }
    let step = 1e-4
    for atom in frame.positions.indices {
      for axis in 0..<3 {
        let above = try energy { $0.positions[atom][axis] += step }
        let below = try energy { $0.positions[atom][axis] -= step }
        let force = -(above - below) / (2 * step)
        #expect(abs(force - here.forces[atom][axis]) <= 1e-5 * (1 + abs(force)))
      }
    }
    // −dE/dε for the strain ε of positions and cell is the virial.
    for component in 0..<6 {
      let (a, b) = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)][component]
      func strained(_ strain: Double) throws -> Double {
        try energy { frame in
          func moved(_ v: SIMD3<Double>) -> SIMD3<Double> {
            var result = v
            result[a] += strain / 2 * v[b]
            result[b] += strain / 2 * v[a]
            return result
          }
          frame.positions = frame.positions.map(moved)
          frame.cell = Cell(
            vectors: frame.cell.vectors.map(moved), isPeriodic: frame.cell.isPeriodic)
        }
      }
      let slope = -(try strained(step) - strained(-step)) / (2 * step)
      #expect(abs(slope - here.virial[component]) <= 1e-5 * (1 + abs(slope)), "\(component)")
    }
  }

  @Test(
    "small triclinic cells, as of lithium: direct equals every image tried, compressed equals direct",
    arguments: 0..<6)
  func smallCells(seed: Int) async throws {
    var random = RandomFrames(seed: UInt64(100 + seed))
    let potential = Self.potential(cutoff: Self.cutoff)
    let types = PairTypes(typeNames: ["Li"])
    let search = PairSearch(pairTypes: types, selection: .all, cutoff: Self.cutoff)
    let frames = try (0..<6).map { number -> Frame in
      let vectors = [SIMD3<Double>(3, 0, 0), SIMD3(0, 3, 0), SIMD3(0, 0, 3)].map {
        $0 + random.vector(0.4)
      }
      let cell = Cell(vectors: vectors, isPeriodic: [true, true, true])
      let middle = 0.5 * (vectors[0] + vectors[1] + vectors[2])
      var frame = Frame(
        positions: [random.vector(0.2), middle + random.vector(0.2)],
        forces: [random.vector(1), random.vector(1)], types: [0, 0], cell: cell,
        part: .training(fold: number % DataPart.foldCount))
      frame.energy = random.unit()
      frame.virial = Virial(diagonal: random.vector(2), offDiagonal: random.vector(1))
      let found = try DirectForceMatching.prediction(for: frame, by: potential, search: search)
      let expected = Self.bruteForce(frame, potential)
      let scale = 1 + abs(expected.energy)
      #expect(abs(found.energy - expected.energy) <= 1e-12 * scale, "seed \(seed)")
      for atom in 0..<2 {
        let difference = found.forces[atom] - expected.forces[atom]
        #expect((difference * difference).sum().squareRoot() <= 1e-12 * scale, "seed \(seed)")
      }
      for k in 0..<6 {
        #expect(
          abs(found.virial[k] - expected.virial[k]) <= 1e-12 * (1 + abs(expected.virial[k])) * 10,
          "seed \(seed), component \(k)")
      }
      return frame
    }
    let source = InMemoryFrames(pairTypes: types, pairSelection: .all, frames: frames)
    let targets: [MatchedTarget] = [.energies, .virials]
    let statistics = try await ForceStatistics(
      compressing: source, cutoff: Self.cutoff, targets: targets, threads: 2)
    let direct = try await DirectForceMatching(source: source, cutoff: Self.cutoff).errors(
      of: [potential], targets: targets, energyOffsets: statistics.survey.meanEnergies, threads: 1
    )[0]
    let values = PairForces.gridValues(potential.force, on: statistics.grid)
    #expect(
      abs(statistics.all.meanSquaredForceError(of: values) / direct.forces.all - 1) <= 1e-6,
      "seed \(seed)")
    for target in statistics.targets {
      let expected = try #require(direct.targets[target.target])
      #expect(
        abs(target.loss(of: values).all / expected.all - 1) <= 1e-6,
        "seed \(seed), \(target.target)")
    }
  }

  /// All pairs of atoms and images by trying every image.
  private static func bruteForce(
    _ frame: Frame, _ potential: PairPotential
  ) -> DirectForceMatching.Prediction {
    func value(_ function: PairForce, _ r: Double) -> Double {
      var result = 0.0
      withUnsafePointer(to: r) { r in
        withUnsafeMutablePointer(to: &result) { result in
          function(
            0, UnsafeBufferPointer(start: r, count: 1),
            UnsafeMutableBufferPointer(start: result, count: 1))
        }
      }
      return result
    }
    var forces = frame.forces.map { _ in SIMD3<Double>.zero }
    var energy = 0.0
    var virial = Virial(diagonal: .zero, offDiagonal: .zero)
    let cell = frame.cell.vectors
    for i in frame.positions.indices {
      for j in frame.positions.indices {
        for a in -8...8 {
          for b in -8...8 {
            for c in -8...8 where i != j || (a, b, c) != (0, 0, 0) {
              let image =
                frame.positions[j] + Double(a) * cell[0] + Double(b) * cell[1]
                + Double(c) * cell[2]
              let separation = frame.positions[i] - image
              let r = (separation * separation).sum().squareRoot()
              guard r <= cutoff else { continue }
              let force = value(potential.force, r)
              forces[i] += force / r * separation
              // Each pair is met from both ends.
              energy += value(potential.energy, r) / 2
              let term = Virial(of: separation, force / r * separation)
              virial.diagonal += term.diagonal / 2
              virial.offDiagonal += term.offDiagonal / 2
            }
          }
        }
      }
    }
    return DirectForceMatching.Prediction(forces: forces, energy: energy, virial: virial)
  }

  @Test("the integral of a force on the grid is its potential")
  func integral() throws {
    let grid = try RadialGrid(cutoff: 10, smallestDistances: [1.2, 2.3, 1.6])
    let integral = GridIntegral(grid: grid)
    func worst(_ energy: (Double) -> Double, _ force: (Double) -> Double) -> Double {
      var values: [Double] = []
      for pair in 0..<3 { values += grid.distances[..<grid.pointCounts[pair]].map(force) }
      let found = integral.energies(of: values)
      var (worst, largest) = (0.0, 0.0)
      for pair in 0..<3 {
        for k in 0..<grid.pointCounts[pair] {
          let expected = energy(grid.distances[k]) - energy(10)
          worst = max(worst, abs(found[grid.offsets[pair] + k] - expected))
          largest = max(largest, abs(expected))
        }
      }
      return worst / largest
    }
    for power in 1...8 {
      let n = Double(power)
      #expect(worst({ 1 / wholePower($0, power) }, { n / wholePower($0, power + 1) }) <= 1e-13)
    }
    #expect(worst({ 1 / wholePower($0, 12) }, { 12 / wholePower($0, 13) }) <= 1e-8)
  }

  private func wholePower(_ x: Double, _ n: Int) -> Double {
    (0..<n).reduce(1) { product, _ in product * x }
  }

  @Test("the switching function is smooth to the second derivative, and ends at 0")
  func switching() {
    let function = SwitchingFunction(cutoff: 9, width: 1.5)
    #expect(function.value(at: 7.5) == (1, 0) && function.value(at: 5) == (1, 0))
    #expect(abs(function.value(at: 9).value) <= 1e-15 && function.value(at: 9).derivative == 0)
    for k in 0..<60 {
      let (r, step) = (7.4 + 0.0271 * Double(k), 1e-6)
      let slope =
        (function.value(at: r + step).value - function.value(at: r - step).value) / (2 * step)
      #expect(abs(slope - function.value(at: r).derivative) <= 1e-8)
    }
    // Second differences at both ends.
    for end in [7.5, 9] {
      let step = 1e-4
      let bend =
        (function.value(at: end + step).derivative - function.value(at: end - step).derivative)
        / step
      #expect(abs(bend) <= 5e-3)
    }
  }

  @Test("the cache gives targets back bit for bit")
  func coding() async throws {
    let source = Self.source(seed: 2, isPeriodic: false, isWeighted: true)
    let statistics = try await ForceStatistics(
      compressing: source, cutoff: Self.cutoff, pointCount: 20, targets: MatchedTarget.allCases,
      switchWidth: 1, threads: 2)
    let decoded = try #require(
      ForceStatistics(decoding: try statistics.encoded(key: "k"), key: "k"))
    #expect(decoded.targets == statistics.targets && decoded.parts == statistics.parts)
    #expect(decoded.survey == statistics.survey && decoded.switchWidth == 1)
    let one = try await ForceStatistics(
      compressing: source, cutoff: Self.cutoff, pointCount: 20, targets: MatchedTarget.allCases,
      switchWidth: 1, threads: 1)
    #expect(one.targets == statistics.targets && one.parts == statistics.parts)
  }

  @Test("blocks hold whole groups and add up to the training statistics")
  func blocks() async throws {
    var frames = Self.source(seed: 4, isPeriodic: false).frames
    for k in frames.indices { frames[k].group = UInt64(k / 3) }
    let source = InMemoryFrames(
      pairTypes: PairTypes(typeNames: ["A", "B"]), pairSelection: .inter, frames: frames)
    let statistics = try await ForceStatistics(
      compressing: source, cutoff: Self.cutoff, pointCount: 20, targets: [.energies], threads: 2)
    let blocks = try await BlockStatistics(of: source, like: statistics, count: 3, threads: 2)
    // Nine of twelve frames are for training, in four groups.
    #expect(blocks.blocks.count <= 3 && blocks.blocks.count > 1)
    var sum = SufficientStatistics(dimension: statistics.training.dimension)
    var energies = SufficientStatistics(dimension: statistics.targets[0].training.dimension)
    for block in blocks.blocks {
      sum.merge(block.forces)
      energies.merge(block.targets[0])
    }
    func isClose(_ a: [Double], _ b: [Double]) -> Bool {
      let scale = b.map { abs($0) }.max() ?? 0
      return zip(a, b).allSatisfy { abs($0 - $1) <= 1e-12 * scale }
    }
    #expect(sum.frameCount == statistics.training.frameCount)
    #expect(isClose(sum.gram, statistics.training.gram))
    #expect(isClose(energies.gram, statistics.targets[0].training.gram))
    #expect(isClose(energies.projection, statistics.targets[0].training.projection))
    let groups = Set(frames.filter { $0.part != .validation }.map(\.group))
    #expect(blocks.blocks.allSatisfy { $0.forces.frameCount <= 3 * groups.count })
  }

  @Test("a frame without what is to be matched is an error")
  func missing() async throws {
    for target in [MatchedTarget.energies, .virials, .netForces] {
      var frames = Self.source(seed: 1, isPeriodic: false).frames
      frames[3].energy = nil
      frames[3].virial = nil
      frames[3].molecules = nil
      let source = InMemoryFrames(
        pairTypes: PairTypes(typeNames: ["A", "B"]), pairSelection: .all, frames: frames)
      await #expect(throws: InputError.self, "\(target)") {
        try await ForceStatistics(
          compressing: source, cutoff: Self.cutoff, targets: [target], threads: 1)
      }
    }
  }
}
