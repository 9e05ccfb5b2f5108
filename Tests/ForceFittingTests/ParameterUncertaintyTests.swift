import AtomicData
import CompressedForces
import ExpressionTrees
import Foundation
import Testing

@testable import ForceFitting

/// Reported standard errors against the true scatter of fits to data with noise.
struct ParameterUncertaintyTests {
  /// A law with known values, frames that follow it, and what it is matched to.
  struct Plant: CustomTestStringConvertible, Sendable {
    let expression: String
    let truth: [Double]
    let mode: CutoffMode
    let targets: [MatchedTarget]
    var constraints: [PotentialConstraint] = []

    var testDescription: String {
      "\(expression), \(mode.rawValue), \(targets.map(\.rawValue))"
    }
  }

  static let cutoff = 7.0
  static let types = PairTypes(typeNames: ["H", "O"])

  /// Clusters, and small periodic cells for the virials, without noise.
  static func frames(_ plant: Plant, count: Int) throws -> [Frame] {
    let tree = try ExpressionTree(parsing: plant.expression)
    let layout = tree.layout(typeCount: 2)
    let treatment = CutoffTreatment(mode: plant.mode, cutoff: cutoff)
    let atCutoff = types.pairs.map {
      tree.value(at: cutoff, theta: plant.truth, pair: $0, layout: layout)
    }
    @Sendable func value(_ pair: Int, _ r: Double) -> PotentialValue {
      treatment.value(
        tree.value(at: r, theta: plant.truth, pair: types.pairs[pair], layout: layout),
        atDistance: r, cutoffValue: atCutoff[pair])
    }
    let potential = PairPotential(
      force: { pair, distances, forces in
        for k in distances.indices { forces[k] = -value(pair, distances[k]).derivative }
      },
      energy: { pair, distances, energies in
        for k in distances.indices { energies[k] = value(pair, distances[k]).energy }
      })
    let search = PairSearch(pairTypes: types, selection: .all, cutoff: cutoff)
    var random = RandomStream(seed: 11, purpose: 0xE0)
    return try (0..<count).map { number in
      var positions: [SIMD3<Double>] = []
      while positions.count < 5 {
        let place =
          SIMD3(random.nextUnit(), random.nextUnit(), random.nextUnit()) * 5.5
        let isFree = positions.allSatisfy { (($0 - place) * ($0 - place)).sum() > 1.7 }
        if isFree { positions.append(place) }
      }
      var frame = Frame(
        positions: positions, forces: positions.map { _ in .zero }, types: [0, 1, 0, 1, 0],
        group: UInt64(number), part: .training(fold: number % DataPart.foldCount))
      let prediction = try DirectForceMatching.prediction(
        for: frame, by: potential, search: search)
      frame.forces = prediction.forces
      frame.energy = prediction.energy
      frame.virial = prediction.virial
      return frame
    }
  }

  private static func normal(_ random: inout RandomStream) -> Double {
    (-2 * log(1 - random.nextUnit())).squareRoot() * cos(2 * .pi * random.nextUnit())
  }

  /// Independent noise of a share of each quantity's root mean square.
  static func noisy(_ frames: [Frame], share: Double, seed: UInt64) -> [Frame] {
    var random = RandomStream(seed: seed, purpose: 0xE1)
    func rms(_ values: [Double]) -> Double {
      (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
    }
    let force = share * rms(frames.flatMap { $0.forces.flatMap { [$0.x, $0.y, $0.z] } })
    let energies = frames.map { $0.energy ?? 0 }
    let mean = energies.reduce(0, +) / Double(energies.count)
    let energy = share * rms(energies.map { $0 - mean })
    let virial =
      share * rms(frames.flatMap { frame in (0..<3).map { frame.virial?.diagonal[$0] ?? 0 } })
    return frames.map { frame in
      var frame = frame
      for atom in frame.forces.indices {
        for axis in 0..<3 { frame.forces[atom][axis] += force * normal(&random) }
      }
      frame.energy = frame.energy.map { $0 + energy * normal(&random) }
      for axis in 0..<3 {
        frame.virial?.diagonal[axis] += virial * normal(&random)
        frame.virial?.offDiagonal[axis] += virial * normal(&random)
      }
      return frame
    }
  }

  struct Repeat: Sendable {
    let theta: [Double]
    let errors: [Double]
  }

  static func fitted(_ plant: Plant, _ frames: [Frame], seed: UInt64) async throws -> Repeat {
    let source = InMemoryFrames(
      pairTypes: types, pairSelection: .all, frames: noisy(frames, share: 0.01, seed: seed))
    let statistics = try await ForceStatistics(
      compressing: source, cutoff: cutoff, pointCount: 32, targets: plant.targets, threads: 1)
    let weights = plant.targets.map { _ in 1.0 }
    let problem = FitProblem(
      pairTypes: types, grid: statistics.grid,
      statistics: statistics.training.combined(
        with: zip(statistics.targets, weights).map { ($0.eliminated, $1) }),
      cutoffMode: plant.mode, constraints: plant.constraints)
    let tree = try ExpressionTree(parsing: plant.expression)
    var options = FittingOptions.polishing
    options.starts = 1
    let fit = ParameterFit(problem: problem, options: options, seed: seed)
      .fit(tree, warmStart: plant.truth)
    let scores = try await ScoreProducts(
      of: [problem.linearized(tree, theta: fit.theta)], over: source, statistics: statistics,
      weights: weights, keepsGroups: false, threads: 1)
    let uncertainty = ParameterUncertainty(
      of: tree, theta: fit.theta, problem: problem, scores: scores.products[0],
      unitCount: scores.unitCount)
    return Repeat(theta: fit.theta, errors: uncertainty.standardErrors)
  }

  @Test(
    "the truth is within three standard errors in 99 % of 1,000 repeats, and these are no larger than 1.5 times the scatter",
    arguments: [
      Plant(
        expression: "X/r + Y*exp(-b*r)", truth: [0.9, -1.6, 20, 35, 2.2], mode: .shiftedForce,
        targets: [.energies, .virials]),
      Plant(
        expression: "X/r + Y*exp(-b*r)", truth: [0.9, -1.8, 20, 35, 2.2], mode: .shiftedForce,
        targets: [.energies], constraints: [.neutral(parameter: "X", composition: [2, 1])]),
    ])
  func coverage(plant: Plant) async throws {
    let frames = try Self.frames(plant, count: 60)
    let count = 1_000
    let repeats = try await withThrowingTaskGroup(of: [Repeat].self) { group in
      for part in 0..<4 {
        group.addTask {
          var found: [Repeat] = []
          for seed in stride(from: part, to: count, by: 4) {
            found.append(try await Self.fitted(plant, frames, seed: UInt64(seed)))
          }
          return found
        }
      }
      return try await group.reduce(into: [Repeat]()) { $0 += $1 }
    }
    #expect(repeats.count == count)
    for (k, truth) in plant.truth.enumerated() {
      let within = repeats.count { abs($0.theta[k] - truth) <= 3 * $0.errors[k] }
      let mean = repeats.reduce(0) { $0 + $1.theta[k] } / Double(count)
      let scatter =
        (repeats.reduce(0) { $0 + ($1.theta[k] - mean) * ($1.theta[k] - mean) }
        / Double(count - 1)).squareRoot()
      let reported =
        (repeats.reduce(0) { $0 + $1.errors[k] * $1.errors[k] } / Double(count)).squareRoot()
      let text = "value \(k): \(within) of \(count), \(reported / scatter) of the scatter"
      #expect(within >= 990, "\(text)")
      #expect(reported <= 1.5 * scatter, "\(text)")
      #expect(reported >= 0.8 * scatter, "\(text)")
    }
  }

  @Test("values that the data do not determine are named, and the others keep their errors")
  func undetermined() async throws {
    let plant = Plant(
      expression: "X/r + Y*exp(-b*r)", truth: [0.9, -1.6, 20, 35, 2.2], mode: .shiftedForce,
      targets: [])
    let frames = try Self.frames(plant, count: 40)
    let double = Plant(
      expression: "X/r + a*c*exp(-b*r)", truth: [0.9, -1.6, 30, 1, 2.2], mode: .shiftedForce,
      targets: [])
    let source = InMemoryFrames(
      pairTypes: Self.types, pairSelection: .all,
      frames: Self.noisy(frames, share: 0.01, seed: 1))
    let statistics = try await ForceStatistics(
      compressing: source, cutoff: Self.cutoff, threads: 1)
    let problem = FitProblem(
      pairTypes: Self.types, grid: statistics.grid, statistics: statistics.training,
      cutoffMode: .shiftedForce)
    let tree = try ExpressionTree(parsing: double.expression)
    let fit = ParameterFit(problem: problem, options: .polishing, seed: 1)
      .fit(tree, warmStart: double.truth)
    let scores = try await ScoreProducts(
      of: [problem.linearized(tree, theta: fit.theta)], over: source, statistics: statistics,
      weights: [], keepsGroups: false, threads: 1)
    let found = ParameterUncertainty(
      of: tree, theta: fit.theta, problem: problem, scores: scores.products[0],
      unitCount: scores.unitCount)
    #expect(found.undetermined == [2, 3] && found.conditionNumber == .infinity)
    #expect(found.standardErrors[2].isNaN && found.standardErrors[3].isNaN)
    for k in [0, 1, 4] { #expect(found.standardErrors[k] > 0 && found.standardErrors[k].isFinite) }
  }

  @Test("an inequality that does not hold a fit back takes nothing off its errors")
  func idleConstraints() async throws {
    let plant = Plant(
      expression: "X/r + Y*exp(-b*r)", truth: [0.9, -1.6, 20, 35, 2.2], mode: .shiftedForce,
      targets: [])
    let frames = try Self.frames(plant, count: 40)
    func errors(_ constraints: [PotentialConstraint]) async throws -> [Double] {
      var plant = plant
      plant.constraints = constraints
      return try await Self.fitted(plant, frames, seed: 5).errors
    }
    let free = try await errors([])
    // The tail is flat and the bound is met, but neither pushes.
    let idle = try await errors([
      .monotonicTail(pairType: 2, from: 6.9), .bounds(.name("b"), lower: 2.1, upper: 5),
    ])
    for k in free.indices { #expect(abs(idle[k] / free[k] - 1) <= 1e-4, "value \(k)") }
    let held = try await errors([.bounds(.name("b"), lower: 2.5, upper: 5)])
    #expect(held[4] == 0 && held[0] > 0)
  }

  @Test(
    "a form that vanishes at the cutoff by itself keeps the errors it has without the constraint")
  func idleCutoff() async throws {
    func errors(_ mode: CutoffMode) async throws -> [Double] {
      let plant = Plant(
        expression: "Y*exp(-b*r)", truth: [20, 35, 3.4], mode: mode, targets: [])
      return try await Self.fitted(plant, try Self.frames(plant, count: 40), seed: 7).errors
    }
    let (free, constrained) = (try await errors(.none), try await errors(.constraint))
    for k in free.indices { #expect(abs(constrained[k] / free[k] - 1) <= 1e-3, "value \(k)") }
  }

  @Test("groups are units: doubled frames in one group give the errors of single ones")
  func groups() async throws {
    let plant = Plant(
      expression: "X/r + Y*exp(-b*r)", truth: [0.9, -1.6, 20, 35, 2.2], mode: .shiftedForce,
      targets: [.energies])
    let single = Self.noisy(try Self.frames(plant, count: 40), share: 0.01, seed: 3)
    func errors(_ frames: [Frame], keepsGroups: Bool) async throws -> ([Double], Int) {
      let source = InMemoryFrames(pairTypes: Self.types, pairSelection: .all, frames: frames)
      let statistics = try await ForceStatistics(
        compressing: source, cutoff: Self.cutoff, targets: [.energies], threads: 2)
      let problem = FitProblem(
        pairTypes: Self.types, grid: statistics.grid,
        statistics: statistics.training.combined(
          with: [(statistics.targets[0].eliminated, 1)]), cutoffMode: plant.mode)
      let tree = try ExpressionTree(parsing: plant.expression)
      let fit = ParameterFit(problem: problem, options: .polishing, seed: 1)
        .fit(tree, warmStart: plant.truth)
      let scores = try await ScoreProducts(
        of: [problem.linearized(tree, theta: fit.theta)], over: source, statistics: statistics,
        weights: [1], keepsGroups: keepsGroups, threads: 2)
      let found = ParameterUncertainty(
        of: tree, theta: fit.theta, problem: problem, scores: scores.products[0],
        unitCount: scores.unitCount)
      return (found.standardErrors, scores.unitCount)
    }
    let (expected, count) = try await errors(single, keepsGroups: false)
    let (doubled, groupCount) = try await errors(single + single, keepsGroups: true)
    let (naive, _) = try await errors(single + single, keepsGroups: false)
    #expect(count == 40 && groupCount == 40)
    for k in expected.indices {
      #expect(abs(doubled[k] / expected[k] - 1) < 1e-4)
      #expect(naive[k] < 0.8 * expected[k])
    }
  }
}
