import AtomicData
import CompressedForces
import Testing

@Suite struct RadialGridTests {
  @Test("puts node 0 at the cutoff exactly and spaces 1/r evenly")
  func nodes() throws {
    let grid = try RadialGrid(cutoff: 9.7, smallestDistances: [2.1, nil, 3.4], pointCount: 60)
    #expect(grid.distances[0] == 9.7 && grid.distances.count == 60)
    let steps = zip(grid.distances, grid.distances.dropFirst()).map { 1 / $1 - 1 / $0 }
    #expect(steps.allSatisfy { abs($0 - steps[0]) < 1e-13 && $0 > 0 })
  }

  @Test("gives each pair type the nodes its smallest distance needs, and one without pairs")
  func pointCounts() throws {
    let grid = try RadialGrid(cutoff: 10, smallestDistances: [1.2, nil, 2.4, 9.99], pointCount: 80)
    #expect(grid.pointCounts[0] == 80 && grid.pointCounts[1] == 1 && grid.pointCounts[3] == 8)
    #expect(grid.distances[grid.pointCounts[2] - 1] < 2.4)
    #expect(grid.distances[grid.pointCounts[2] - 6] > 2.4)
    #expect(grid.offsets == [0, 80, 81, 81 + grid.pointCounts[2]])
    #expect(grid.totalCount == grid.pointCounts.reduce(0, +))
  }

  @Test("accepts data at the cutoff alone or none at all")
  func degenerate() throws {
    for distances in [[10.0], [nil]] as [[Double?]] {
      let grid = try RadialGrid(cutoff: 10, smallestDistances: distances)
      #expect(zip(grid.distances, grid.distances.dropFirst()).allSatisfy { $0 > $1 })
    }
  }

  @Test(
    "refuses a cutoff that is no length, distances of zero, too few points",
    arguments: [
      (0.0, 1.0, 60), (-1, 1, 60), (.nan, 1, 60), (.infinity, 1, 60), (10, 0, 60), (10, 1, 10),
    ])
  func refusals(cutoff: Double, smallest: Double, pointCount: Int) {
    #expect(throws: InputError.self) {
      try RadialGrid(cutoff: cutoff, smallestDistances: [smallest], pointCount: pointCount)
    }
  }
}
