import AtomicData

/// Three independent vectors that carry a cell's periodicity.
///
/// Along a direction that does not repeat the cell's own vector means nothing (it may be zero); a
/// unit vector perpendicular to the repeating ones takes its place, so that fractional coordinates
/// along it are lengths in Å.
struct CellBasis: Sendable {
  /// Å
  let vectors: [SIMD3<Double>]
  let isPeriodic: [Bool]
  /// Distance in Å between the planes of fractional coordinates 0 and 1.
  let heights: SIMD3<Double>
  /// Rows of the inverse matrix: the fractional coordinate is their product with a position.
  private let reciprocal: [SIMD3<Double>]

  /// - Throws: `InputError` where the repeating vectors are not independent.
  init(_ cell: Cell) throws {
    var vectors = cell.vectors
    isPeriodic = cell.isPeriodic
    let repeating = (0..<3).filter { cell.isPeriodic[$0] }
    let free = (0..<3).filter { !cell.isPeriodic[$0] }
    switch repeating.count {
    case 0: vectors = [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
    case 1:
      let axis = vectors[repeating[0]]
      // The Cartesian axis furthest from `axis` cannot be parallel to it.
      let size = SIMD3(abs(axis.x), abs(axis.y), abs(axis.z))
      let smallest = (0..<3).min { size[$0] < size[$1] } ?? 0
      var helper = SIMD3<Double>.zero
      helper[smallest] = 1
      vectors[free[0]] = normalized(cross(axis, helper))
      vectors[free[1]] = normalized(cross(axis, vectors[free[0]]))
    case 2: vectors[free[0]] = normalized(cross(vectors[repeating[0]], vectors[repeating[1]]))
    default: break
    }
    let volume = dot(vectors[0], cross(vectors[1], vectors[2]))
    let scale = vectors.reduce(1) { $0 * dot($1, $1).squareRoot() }
    guard abs(volume) > 1e-9 * scale, volume.isFinite else {
      throw InputError(
        "expected cell vectors that span a volume, found \(cell.vectors)",
        remedy: "mend Lattice, or set pbc=\"F F F\"")
    }
    reciprocal = [
      cross(vectors[1], vectors[2]) / volume, cross(vectors[2], vectors[0]) / volume,
      cross(vectors[0], vectors[1]) / volume,
    ]
    let lengths = reciprocal.map { dot($0, $0).squareRoot() }
    heights = SIMD3(1 / lengths[0], 1 / lengths[1], 1 / lengths[2])
    self.vectors = vectors
  }

  func fraction(of position: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(
      dot(reciprocal[0], position), dot(reciprocal[1], position), dot(reciprocal[2], position))
  }
}

@inline(__always)
func dot(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
  a.x * b.x + a.y * b.y + a.z * b.z
}

func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
  SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}

private func normalized(_ v: SIMD3<Double>) -> SIMD3<Double> { v / dot(v, v).squareRoot() }
