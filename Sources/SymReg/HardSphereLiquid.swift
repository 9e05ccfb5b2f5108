import AtomicData

/// Hard spheres in a cubic cell that repeats, mixed by Monte Carlo moves.
///
/// Invariant: no two spheres, nor their images, are closer than the diameter. Metropolis et al.,
/// J. Chem. Phys. 21, 1087 (1953), doi 10.1063/1.1699114: a move that makes an overlap is taken back.
/// Lengths in Å; a sweep takes time proportional to the number of spheres.
struct HardSphereLiquid {
  private(set) var positions: [SIMD3<Double>] = []
  private let edge: Double
  private let squaredDiameter: Double
  /// Numbers of the spheres in each of `binCount`³ bins, none narrower than the diameter.
  private var bins: [[Int]]
  private let binCount: Int

  /// Moves of every sphere that melt the lattice.
  private static let sweepCount = 100

  /// Spheres on random sites of a lattice.
  ///
  /// - Precondition: the lattice has room for spheres of the diameter.
  init(count: Int, edge: Double, diameter: Double, random: inout RandomStream) {
    self.edge = edge
    squaredDiameter = diameter * diameter
    // More bins than spheres find no more.
    let most = max(1, Int(min(edge / diameter, 1e6)))
    var binCount = 1
    while binCount < most, binCount * binCount * binCount < count { binCount += 1 }
    self.binCount = binCount
    bins = Array(repeating: [], count: binCount * binCount * binCount)
    var sites = Lattice.best(count: count).sites
    for number in 0..<count {
      sites.swapAt(number, number + random.nextInt(below: sites.count - number))
      let place = SyntheticGeometry.rounded(edge * sites[number])
      positions.append(place)
      bins[bin(of: place)].append(number)
    }
  }

  /// Mixes the spheres; steps grow or shrink until about half of them succeed.
  mutating func mix(_ random: inout RandomStream) {
    var step = squaredDiameter.squareRoot() / 4
    for _ in 0..<Self.sweepCount {
      var accepted = 0
      for sphere in positions.indices {
        if move(sphere, by: step * random.nextInCube()) { accepted += 1 }
      }
      step = 2 * accepted > positions.count ? min(1.1 * step, edge / 4) : step / 1.1
    }
  }

  private mutating func move(_ sphere: Int, by step: SIMD3<Double>) -> Bool {
    let old = positions[sphere]
    let new = wrapped(SyntheticGeometry.rounded(old + step))
    guard isFree(new, for: sphere) else { return false }
    let (from, to) = (bin(of: old), bin(of: new))
    if from != to {
      bins[from].removeAll { $0 == sphere }
      bins[to].append(sphere)
    }
    positions[sphere] = new
    return true
  }

  private func isFree(_ place: SIMD3<Double>, for sphere: Int) -> Bool {
    func isFree(_ bin: [Int]) -> Bool {
      bin.allSatisfy { other in
        guard other != sphere else { return true }
        var separation = place - positions[other]
        separation -= edge * (separation / edge).rounded(.toNearestOrEven)
        return (separation * separation).sum() >= squaredDiameter
      }
    }
    guard binCount > 2 else { return bins.allSatisfy(isFree) }
    let center = cell(of: place)
    for x in -1...1 {
      for y in -1...1 {
        for z in -1...1 where !isFree(bins[index(center &+ SIMD3(x, y, z))]) { return false }
      }
    }
    return true
  }

  private func wrapped(_ place: SIMD3<Double>) -> SIMD3<Double> {
    var result = place
    for axis in 0..<3 {
      // Rounded again: the difference of two numbers with six decimals may have more.
      if result[axis] < 0 { result[axis] = SyntheticGeometry.rounded(result[axis] + edge) }
      if result[axis] >= edge { result[axis] = SyntheticGeometry.rounded(result[axis] - edge) }
    }
    return result
  }

  private func cell(of place: SIMD3<Double>) -> SIMD3<Int> {
    let scale = Double(binCount) / edge
    return SIMD3(Int(place.x * scale), Int(place.y * scale), Int(place.z * scale))
  }

  private func bin(of place: SIMD3<Double>) -> Int { index(cell(of: place)) }

  private func index(_ cell: SIMD3<Int>) -> Int {
    func inside(_ x: Int) -> Int { ((x % binCount) + binCount) % binCount }
    return (inside(cell.x) * binCount + inside(cell.y)) * binCount + inside(cell.z)
  }
}

extension HardSphereLiquid {
  /// Sites in a cube of edge 1 that repeats.
  struct Lattice {
    let sites: [SIMD3<Double>]
    /// Smallest distance of two sites or of a site and its image.
    let spacing: Double

    /// Of the three cubic lattices with at least so many sites, the one with the widest spacing.
    static func best(count: Int) -> Lattice {
      // Sites of a cell, and the squared distance of the nearest in cells.
      let lattices: [(basis: [SIMD3<Double>], square: Double)] = [
        ([SIMD3(0, 0, 0), SIMD3(0.5, 0.5, 0), SIMD3(0.5, 0, 0.5), SIMD3(0, 0.5, 0.5)], 0.5),
        ([SIMD3(0, 0, 0), SIMD3(0.5, 0.5, 0.5)], 0.75),
        ([SIMD3(0, 0, 0)], 1),
      ]
      let choices = lattices.map { basis, square in
        var cells = 1
        while basis.count * cells * cells * cells < count { cells += 1 }
        return (basis: basis, cells: cells, spacing: square.squareRoot() / Double(cells))
      }
      let widest = choices.reduce(choices[0]) { $1.spacing > $0.spacing ? $1 : $0 }
      var sites: [SIMD3<Double>] = []
      for x in 0..<widest.cells {
        for y in 0..<widest.cells {
          for z in 0..<widest.cells {
            let corner = SIMD3(Double(x), Double(y), Double(z))
            sites += widest.basis.map { (corner + $0) / Double(widest.cells) }
          }
        }
      }
      return Lattice(sites: sites, spacing: widest.spacing)
    }
  }
}
