import AtomicData

extension RadialGrid {
  /// A grid over the same distances with fewer nodes, uniform in 1/r too; node 0 is the cutoff.
  ///
  /// - Parameter pointCount: nodes of the pair type that comes closest, at least the width of a
  ///   stencil.
  func coarsened(pointCount: Int) -> RadialGrid {
    let stretch = Double(distances.count - 1) / Double(pointCount - 1)
    return RadialGrid(
      cutoff: cutoff, smallestDistances: smallestDistances, spacing: spacing * stretch,
      pointCounts: pointCounts.map { count in
        guard count > 1 else { return 1 }
        let needed = Int((Double(count - 1) / stretch).rounded(.up)) + 1
        return min(pointCount, max(Self.stencilWidth, needed))
      })
  }

  private init(
    cutoff: Double, smallestDistances: [Double?], spacing: Double, pointCounts: [Int]
  ) {
    self.cutoff = cutoff
    self.smallestDistances = smallestDistances
    self.spacing = spacing
    self.pointCounts = pointCounts
    distances =
      [cutoff]
      + (1..<max(pointCounts.max() ?? 1, 1)).map { 1 / (1 / cutoff + Double($0) * spacing) }
    offsets = pointCounts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }.dropLast()
    totalCount = pointCounts.reduce(0, +)
  }
}

extension SufficientStatistics {
  /// The statistics for forces that are given on a coarser grid and interpolated from there: with P
  /// the interpolation, PᵀGP, Pᵀb and c.
  ///
  /// The loss of a smooth force agrees to a share that shrinks with the eighth power of the spacing.
  public func coarsened(
    from fine: RadialGrid, pointCount: Int
  ) -> (statistics: SufficientStatistics, grid: RadialGrid) {
    let grid = fine.coarsened(pointCount: pointCount)
    let stencils = Self.interpolation(from: grid, to: fine)
    let (n, m) = (dimension, grid.totalCount)
    // GP, then Pᵀ(GP).
    var half = Array(repeating: 0.0, count: n * m)
    for i in 0..<n {
      for (k, stencil) in stencils.enumerated() {
        for (column, weight) in stencil { half[i * m + column] += gram[i * n + k] * weight }
      }
    }
    var result = SufficientStatistics(dimension: m)
    for (k, stencil) in stencils.enumerated() {
      for (row, weight) in stencil {
        for j in 0..<m { result.gram[row * m + j] += weight * half[k * m + j] }
        result.projection[row] += weight * projection[k]
      }
    }
    result.squareSum = squareSum
    result.weight = weight
    result.componentCount = componentCount
    result.frameCount = frameCount
    result.atomCount = atomCount
    result.pairCount = pairCount
    return (result, grid)
  }

  /// For each value on the fine grid the coarse ones it is made of.
  private static func interpolation(
    from coarse: RadialGrid, to fine: RadialGrid
  ) -> [[(index: Int, weight: Double)]] {
    var stencils: [[(index: Int, weight: Double)]] = []
    for pair in fine.pointCounts.indices {
      for k in 0..<fine.pointCounts[pair] {
        guard coarse.pointCounts[pair] > 1 else {
          stencils.append([(coarse.offsets[pair], 1)])
          continue
        }
        let position = Double(k) * fine.spacing / coarse.spacing
        let last = coarse.pointCounts[pair] - RadialGrid.stencilWidth
        let first = min(max(Int(position) - (RadialGrid.stencilWidth / 2 - 1), 0), last)
        let weights = RadialGrid.weights(at: position - Double(first))
        stencils.append(
          (0..<RadialGrid.stencilWidth).map { (coarse.offsets[pair] + first + $0, weights[$0]) })
      }
    }
    return stencils
  }
}
