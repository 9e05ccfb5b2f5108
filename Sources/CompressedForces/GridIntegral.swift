/// U on the grid from f on the grid: U(r_k) = ∫ f dr from r_k to the cutoff, linear in the values of f.
///
/// Between two nodes f·r² is a polynomial of degree 7 in 1/r through the 8 nearest nodes, as f is in
/// the interpolation, and ∫ f dr = ∫ f·r² d(1/r) is its exact integral: U from r⁻¹ to r⁻⁸ has no error,
/// that of others falls with the eighth power of the spacing.
struct GridIntegral: Sendable {
  /// Per pair type U at node k by f at node j, row by row, m×m for m nodes.
  private let matrices: [[Double]]
  private let grid: RadialGrid

  init(grid: RadialGrid) {
    self.grid = grid
    matrices = grid.pointCounts.map { Self.matrix(grid, count: $0) }
  }

  /// Gauss and Legendre's four points in [0, 1] and their weights: exact up to degree 7.
  private static let quadrature: [(point: Double, weight: Double)] = {
    let inner = (3.0 / 7 - 2.0 / 7 * (6.0 / 5).squareRoot()).squareRoot()
    let outer = (3.0 / 7 + 2.0 / 7 * (6.0 / 5).squareRoot()).squareRoot()
    let (more, less) = ((18 + 30.0.squareRoot()) / 72, (18 - 30.0.squareRoot()) / 72)
    return [(-outer, less), (-inner, more), (inner, more), (outer, less)]
      .map { ((1 + $0.0) / 2, $0.1) }
  }()

  private static func matrix(_ grid: RadialGrid, count: Int) -> [Double] {
    var matrix = Array(repeating: 0.0, count: count * count)
    guard count >= RadialGrid.stencilWidth else { return matrix }
    for node in 1..<count {
      let (row, previous) = (node * count, (node - 1) * count)
      for k in 0..<count { matrix[row + k] = matrix[previous + k] }
      let first = grid.firstNode(position: Double(node) - 0.5, count: count)
      for (point, weight) in quadrature {
        let weights = RadialGrid.weights(at: Double(node - 1 - first) + point)
        for k in 0..<RadialGrid.stencilWidth {
          let distance = grid.distances[first + k]
          matrix[row + first + k] += weight * grid.spacing * weights[k] * distance * distance
        }
      }
    }
    return matrix
  }

  /// U at all nodes of all pair types, eV, from the forces there.
  func energies(of forces: [Double]) -> [Double] {
    var energies = Array(repeating: 0.0, count: grid.totalCount)
    for (pair, matrix) in matrices.enumerated() {
      let (start, count) = (grid.offsets[pair], grid.pointCounts[pair])
      for k in 0..<count {
        for j in 0..<count { energies[start + k] += matrix[k * count + j] * forces[start + j] }
      }
    }
    return energies
  }

  /// Adds to the coefficients of f what coefficients of U mean.
  ///
  /// - Parameters:
  ///   - ofEnergies: one for each grid value.
  ///   - ofForces: as many.
  func addTransposed(
    _ ofEnergies: UnsafePointer<Double>, to ofForces: UnsafeMutablePointer<Double>
  ) {
    for (pair, matrix) in matrices.enumerated() {
      let (start, count) = (grid.offsets[pair], grid.pointCounts[pair])
      for k in 0..<count where ofEnergies[start + k] != 0 {
        let share = ofEnergies[start + k]
        for j in 0..<count { ofForces[start + j] += share * matrix[k * count + j] }
      }
    }
  }
}

extension RadialGrid {
  /// The first node of the stencil at a position, in units of the spacing from node 0.
  func firstNode(position: Double, count: Int) -> Int {
    min(max(Int(position) - (Self.stencilWidth / 2 - 1), 0), count - Self.stencilWidth)
  }

  /// The index among the concatenated values and the weights of the interpolation at a distance.
  func stencil(pairType: Int, distance: Double) -> (first: Int, weights: SIMD8<Double>) {
    let position = (1 / distance - 1 / cutoff) / spacing
    let first = firstNode(position: max(0, position), count: pointCounts[pairType])
    return (offsets[pairType] + first, Self.weights(at: position - Double(first)))
  }
}
