/// The roughness ∫ f″(r)² dr of grid values, summed over pair types: fᵀPf.
///
/// Second derivatives in r from three neighbouring nodes, weighted with the length they stand for.
/// The nodes are not equidistant in r: the formula is exact for parabolas and of first order
/// beyond. Straight lines in r cost nothing.
struct RoughnessPenalty {
  /// P without each pair type's node 0, where the force is 0; symmetric, stored as n×n.
  let matrix: [Double]
  /// Indices into the concatenated grid values that are free.
  let freeIndices: [Int]

  init(grid: RadialGrid) {
    freeIndices = (0..<grid.pairTypeCount).flatMap { Array(grid.range(ofPairType: $0).dropFirst()) }
    let n = freeIndices.count
    var matrix = Array(repeating: 0.0, count: n * n)
    var first = 0
    for count in grid.pointCounts {
      for k in 1..<max(1, count - 1) {
        let outer = grid.distances[k - 1] - grid.distances[k]
        let inner = grid.distances[k] - grid.distances[k + 1]
        let toOuter = 2 / (outer * (outer + inner))
        let toInner = 2 / (inner * (outer + inner))
        let slopes = [toOuter, -toOuter - toInner, toInner]
        let length = (outer + inner) / 2
        // Node k has the free index first + k − 1; node 0 has none.
        for a in 0..<3 where k + a >= 2 {
          for b in 0..<3 where k + b >= 2 {
            let (row, column) = (first + k + a - 2, first + k + b - 2)
            matrix[row * n + column] += length * slopes[a] * slopes[b]
          }
        }
      }
      first += count - 1
    }
    self.matrix = matrix
  }
}
