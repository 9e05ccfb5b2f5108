import AtomicData
import Testing

@testable import CompressedForces

struct ReducedStatisticsTests {
  /// Statistics of an underdetermined problem too: rows of random numbers, some nodes without data.
  static func statistics(
    seed: UInt64, grid: RadialGrid, rowCount: Int, emptyNodes: Range<Int>
  ) -> SufficientStatistics {
    var random = RandomStream(seed: seed)
    let n = grid.totalCount
    var statistics = SufficientStatistics(dimension: n)
    for _ in 0..<rowCount {
      let row = (0..<n).map { emptyNodes.contains($0) ? 0 : random.nextUnit() - 0.5 }
      let force = random.nextUnit() - 0.5
      for i in 0..<n {
        for j in 0..<n { statistics.gram[i * n + j] += row[i] * row[j] }
        statistics.projection[i] += row[i] * force
      }
      statistics.squareSum += force * force
    }
    statistics.weight = Double(rowCount)
    return statistics
  }

  static func grid() throws -> RadialGrid {
    try RadialGrid(cutoff: 9, smallestDistances: [1.2, 1.9, nil], pointCount: 20)
  }

  /// Forces in the layout of a residual; the gaps hold what must not count.
  static func padded(_ f: [Double], _ grid: RadialGrid, _ offsets: [Int]) -> [Double] {
    var row = Array(repeating: Double.nan, count: (offsets.last ?? 0) + 64)
    for pair in grid.pointCounts.indices {
      for k in 0..<grid.pointCounts[pair] { row[offsets[pair] + k] = f[grid.offsets[pair] + k] }
    }
    return row
  }

  static func loss(_ reduced: ReducedStatistics, _ f: [Double], _ grid: RadialGrid) -> Double {
    var residual = Array(repeating: 0.0, count: reduced.rowCount)
    reduced.residual(of: padded(f, grid, reduced.offsets), into: &residual)
    return residual.reduce(reduced.remainder) { $0 + $1 * $1 }
  }

  @Test(
    "the residual has the loss of the statistics", arguments: 0..<20 as Range<UInt64>)
  func sameLoss(seed: UInt64) throws {
    let grid = try Self.grid()
    // Fewer rows than nodes every other time: G is singular.
    let statistics = Self.statistics(
      seed: seed, grid: grid, rowCount: seed % 2 == 0 ? 200 : 17, emptyNodes: 3..<6)
    let reduced = ReducedStatistics(statistics, grid: grid)
    #expect(reduced.rank == (seed % 2 == 0 ? grid.totalCount - 3 : 17), "seed \(seed)")
    var random = RandomStream(seed: seed, purpose: 1)
    let f = (0..<grid.totalCount).map { _ in random.nextUnit() - 0.5 }
    let expected =
      statistics.meanSquaredForceError(of: f) / statistics.meanSquaredReferenceForce
    let found = Self.loss(reduced, f, grid)
    #expect(abs(found - expected) <= 1e-11 * expected, "seed \(seed)")

    var residual = Array(repeating: 0.0, count: reduced.rowCount)
    var slopes = Array(repeating: 0.0, count: (reduced.offsets.last ?? 0) + 64)
    reduced.residual(of: Self.padded(f, grid, reduced.offsets), into: &residual)
    reduced.transposedProduct(with: residual, into: &slopes)
    for pair in grid.pointCounts.indices where grid.pointCounts[pair] > 3 {
      let step = 1e-4
      var (upper, lower) = (f, f)
      upper[grid.offsets[pair] + 2] += step
      lower[grid.offsets[pair] + 2] -= step
      let slope = (Self.loss(reduced, upper, grid) - Self.loss(reduced, lower, grid)) / (2 * step)
      let own = 2 * slopes[reduced.offsets[pair] + 2]
      #expect(abs(own - slope) <= 1e-7 * (1 + abs(slope)), "seed \(seed)")
    }
  }

  @Test("small losses keep their digits")
  func smallLosses() throws {
    let grid = try Self.grid()
    var random = RandomStream(seed: 5)
    let n = grid.totalCount
    let law = (0..<n).map { _ in random.nextUnit() - 0.5 }
    var statistics = SufficientStatistics(dimension: n)
    for _ in 0..<150 {
      let row = (0..<n).map { _ in random.nextUnit() - 0.5 }
      let force = zip(row, law).reduce(0) { $0 + $1.0 * $1.1 }
      for i in 0..<n {
        for j in 0..<n { statistics.gram[i * n + j] += row[i] * row[j] }
        statistics.projection[i] += row[i] * force
      }
      statistics.squareSum += force * force
    }
    statistics.weight = 150
    let reduced = ReducedStatistics(statistics, grid: grid)
    // Far beyond the 1e-16 at which fᵀGf − 2bᵀf + c ends.
    let error = 1e-10
    let off = law.map { _ in error * (random.nextUnit() - 0.5) }
    var expected = 0.0
    for i in 0..<n { for j in 0..<n { expected += off[i] * statistics.gram[i * n + j] * off[j] } }
    expected /= statistics.squareSum
    let found = Self.loss(reduced, zip(law, off).map(+), grid) - reduced.remainder
    #expect(abs(found - expected) <= 1e-3 * expected)
    #expect(expected < 1e-18)
  }

  @Test("coarse statistics have the loss of the force interpolated from their nodes")
  func coarse() throws {
    let fine = try RadialGrid(cutoff: 9, smallestDistances: [1.2, 1.9, nil], pointCount: 40)
    let statistics = Self.statistics(seed: 7, grid: fine, rowCount: 300, emptyNodes: 0..<0)
    let (rough, grid) = statistics.coarsened(from: fine, pointCount: 12)
    #expect(grid.distances.first == 9)
    #expect(abs((grid.distances.last ?? 0) - (fine.distances.last ?? 0)) <= 1e-12)
    // A polynomial of degree 7 in 1/r is interpolated exactly.
    func force(_ pair: Int, _ r: Double) -> Double {
      let x = 1 / r
      return Double(pair + 1) * (0.1 + x * (2 - x * (5 + x * x * x * (3 - x * 2 * x))))
    }
    func values(_ grid: RadialGrid) -> [Double] {
      grid.pointCounts.indices.flatMap { pair in
        (0..<grid.pointCounts[pair]).map { force(pair, grid.distances[$0]) }
      }
    }
    let expected = statistics.meanSquaredForceError(of: values(fine))
    #expect(abs(rough.meanSquaredForceError(of: values(grid)) - expected) <= 1e-10 * expected)
  }
}
