import AtomicData
import CVectorKernels
import Testing

@testable import CompressedForces

@Suite struct ErrorMomentsTests {
  private static let cutoff = 6.0

  /// Frames in two folds and validation, in groups of five.
  private static func source() -> InMemoryFrames {
    var random = RandomFrames(seed: 31)
    let source = random.dataset(frames: 90, atoms: 6, edge: 7)
    let frames = source.frames.enumerated().map { index, frame in
      var frame = frame
      frame.group = UInt64(index / 5)
      frame.part =
        index / 5 % 3 == 2 ? .validation : .training(fold: index / 5 % 3)
      return frame
    }
    return InMemoryFrames(
      pairTypes: source.pairTypes, pairSelection: .inter, foldCount: 2, frames: frames)
  }

  /// Weighted square sums of frames by what a force on the grid gives for them, frame by frame.
  private static func bruteForce(
    _ source: InMemoryFrames, _ statistics: ForceStatistics, _ potential: ErrorMoments.Potential
  ) async throws -> [(weight: Double, sum: Double, zero: Double)] {
    var result: [(Double, Double, Double)] = []
    for frame in source.frames {
      var single = frame
      single.part = .training(fold: 0)
      // The statistics of the frame alone, on the grid of all.
      let accumulator = StatisticsAccumulator(
        grid: statistics.grid, search: PairSearch(source: source, cutoff: Self.cutoff),
        kernels: bestVectorKernels().pointee)
      let sums = try await ForceStatistics.sums(
        of: InMemoryFrames(pairTypes: source.pairTypes, pairSelection: .inter, frames: [single]),
        accumulator: accumulator, threads: 1)
      let part = sums.forces[0]
      let forces = try #require(potential.forces[frame.part.index(foldCount: 2)])
      result.append(
        (part.weight, part.weight * part.meanSquaredForceError(of: forces), part.squareSum))
    }
    return result
  }

  /// Weight, errors and references of some frames.
  private static func total(
    _ sums: [(weight: Double, sum: Double, zero: Double)], _ members: [Int]
  ) -> [Double] {
    var total = [0.0, 0, 0]
    for number in members {
      total[0] += sums[number].weight
      total[1] += sums[number].sum
      total[2] += sums[number].zero
    }
    return total
  }

  @Test(
    "losses and their covariance are those of the sums by frame and by group",
    arguments: [false, true])
  func covariance(keepsGroups: Bool) async throws {
    let source = Self.source()
    let statistics = try await ForceStatistics(
      compressing: source, cutoff: Self.cutoff, pointCount: 24, threads: 2)
    #expect(statistics.folds.count == 2)
    let n = statistics.grid.totalCount
    func wave(_ number: Int, _ part: Int) -> [Double] {
      (0..<n).map { node -> Double in
        let step = (7 * node + 3 * part + 5 * number) % 11
        return 0.01 * Double(step - 5)
      }
    }
    let potentials = [0, 1].map { number in
      ErrorMoments.Potential(forces: [wave(number, 0), wave(number, 1), wave(number, 2)])
    }
    let moments = try await ErrorMoments.measured(
      of: potentials, over: source, statistics: statistics, keepsGroups: keepsGroups, threads: 2)
    let folds = try #require(moments.folds)
    let validation = try #require(moments.validation)
    let sums = try await [
      Self.bruteForce(source, statistics, potentials[0]),
      Self.bruteForce(source, statistics, potentials[1]),
    ]
    for (result, isValidation) in [(folds, false), (validation, true)] {
      let members = source.frames.indices.filter {
        (source.frames[$0].part == .validation) == isValidation
      }
      let units = Dictionary(grouping: members) {
        keepsGroups ? source.frames[$0].group : UInt64($0)
      }.values
      #expect(result.unitCount == units.count)
      let weight = Self.total(sums[0], members)[0]
      let columns = [Self.total(sums[0], members), Self.total(sums[1], members)]
      let losses: [Double] = [columns[0][2], columns[0][1], columns[1][1]].map { $0 / weight }
      for (a, b) in zip(result.losses, losses) { #expect(abs(a - b) <= 1e-9 * b) }
      let residuals = units.map { unit -> [Double] in
        let (first, second) = (Self.total(sums[0], unit), Self.total(sums[1], unit))
        let values: [Double] = [first[2], first[1], second[1]]
        return zip(values, losses).map { $0 - first[0] * $1 }
      }
      let errors = units.map { unit -> [Double] in
        let (first, second) = (Self.total(sums[0], unit), Self.total(sums[1], unit))
        return [first[2], first[1], second[1]]
      }
      for a in 0..<3 {
        for b in 0..<3 {
          #expect(result.lowerCounts[3 * a + b] == errors.count { $0[a] < $0[b] })
        }
      }
      let scale = Double(units.count) / Double(units.count - 1) / (weight * weight)
      for a in 0..<3 {
        for b in 0..<3 {
          let expected: Double = scale * residuals.reduce(0.0) { $0 + $1[a] * $1[b] }
          let variances: Double = result.covariance[4 * a] * result.covariance[4 * b]
          let difference: Double = abs(result.covariance[a * 3 + b] - expected)
          #expect(difference <= 1e-8 * variances.squareRoot())
        }
      }
    }
  }

  @Test("the same to the last bit on any number of threads; parts without forces are left out")
  func threads() async throws {
    let source = Self.source()
    let statistics = try await ForceStatistics(
      compressing: source, cutoff: Self.cutoff, pointCount: 24, threads: 2)
    let forces = (0..<statistics.grid.totalCount).map { 0.01 * Double($0 % 7) }
    let potential = ErrorMoments.Potential(forces: [nil, nil, forces])
    var results: [ErrorMoments] = []
    for threads in [1, 2] {
      let moments = try await ErrorMoments.measured(
        of: [potential], over: source, statistics: statistics, keepsGroups: true,
        threads: threads)
      #expect(moments.folds == nil)
      results.append(try #require(moments.validation))
    }
    #expect(results[0].losses == results[1].losses)
    #expect(results[0].covariance == results[1].covariance)
  }
}
