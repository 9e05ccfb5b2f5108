import AtomicData

/// What structures synthetic frames have. Lengths in Å.
public struct SyntheticGeometry: Sendable, Hashable {
  /// How atoms stand.
  public enum Shape: String, Sendable, Hashable, CaseIterable {
    /// In a sphere, with nothing around it. Its radius differs from frame to frame, from close
    /// contact up to 0.6 times the cutoff, so that distances up to the cutoff occur.
    case clusters
    /// As hard spheres in a cubic cell that repeats.
    case liquid
  }

  /// Atoms of each type in every frame, by name.
  public var atoms: [String: Int]
  public var shape: Shape
  /// No two atoms, nor their images, are closer.
  public var smallestDistance: Double
  /// Atoms per Å³ of a liquid; nil: spheres of the smallest distance fill 0.3 of the cell.
  public var density: Double?

  public init(
    atoms: [String: Int] = ["A": 8], shape: Shape = .clusters,
    smallestDistance: Double = Self.defaultSmallestDistance, density: Double? = nil
  ) {
    self.atoms = atoms
    self.shape = shape
    self.smallestDistance = smallestDistance
    self.density = density
  }

  public static let defaultSmallestDistance = 2.5

  /// Of spheres in a liquid, unless a density is given: that of a simple liquid.
  private static let packingFraction = 0.3

  public var atomCount: Int { atoms.values.reduce(0, +) }

  /// Edge of the cell of a liquid; nil for clusters.
  public var edge: Double? {
    guard shape == .liquid else { return nil }
    let sphere = Double.pi / 6 * smallestDistance * smallestDistance * smallestDistance
    let density = density ?? Self.packingFraction / sphere
    return Self.rounded(root(Double(atomCount) / density))
  }

  /// - Throws: `InputError` for a geometry that cannot be.
  func validate(cutoff: Double) throws {
    for name in atoms.keys.sorted() {
      let isName = !name.isEmpty && !name.contains { $0.isWhitespace || $0.isNewline }
      guard isName, !name.unicodeScalars.contains(where: \.breaksLine) else {
        throw InputError(
          "expected names of types without white space in --atoms, found \"\(name)\"")
      }
    }
    guard atomCount >= 2, atoms.values.allSatisfy({ $0 > 0 }) else {
      throw InputError("expected at least 2 atoms in --atoms, found \(atomCount)")
    }
    guard smallestDistance > 0, smallestDistance < cutoff else {
      throw InputError(
        "expected --smallest-distance above 0 Å and below the cutoff of \(cutoff) Å, found "
          + "\(smallestDistance)")
    }
    guard let edge else {
      guard density == nil else {
        throw InputError("expected --density with --shape liquid, found it without")
      }
      guard atomCount <= Self.mostInCluster else {
        throw InputError(
          "expected at most \(Self.mostInCluster) atoms in a cluster, found \(atomCount)",
          remedy: "lower --atoms, or say --shape liquid")
      }
      return
    }
    let closest = HardSphereLiquid.Lattice.best(count: atomCount).spacing
    // Sites are rounded, too.
    let needed = smallestDistance + 4e-6
    guard edge * closest >= needed else {
      let most = Double(atomCount) * cube(closest / needed)
      throw InputError(
        "expected a density at which \(atomCount) atoms can be \(smallestDistance) Å apart, at most "
          + "\((most * 1e6).rounded(.down) / 1e6) atoms per Å³, found \(density ?? 0)",
        remedy: "lower --density or --smallest-distance")
    }
  }

  /// Positions of the atoms of a frame: those of the first type in the order of names, then the next.
  func positions(cutoff: Double, random: inout RandomStream) -> [SIMD3<Double>] {
    if let edge {
      var liquid = HardSphereLiquid(
        count: atomCount, edge: edge, diameter: smallestDistance, random: &random)
      liquid.mix(&random)
      return liquid.positions
    }
    // Spheres that fill little of the room find a place by chance.
    let compact = smallestDistance / 2 * (root(Double(atomCount) / Self.clusterFraction) - 1)
    let largest = max(compact, Self.largestRadius * cutoff)
    return cluster(radius: compact + (largest - compact) * random.nextUnit(), &random)
  }

  private static let clusterFraction = 0.15
  /// Each atom is compared with all others.
  private static let mostInCluster = 10_000
  /// Of a cluster, in cutoffs.
  private static let largestRadius = 0.6

  /// Random insertion; where an atom finds no place all start again, in a little more room.
  private func cluster(radius: Double, _ random: inout RandomStream) -> [SIMD3<Double>] {
    var radius = radius
    let square = smallestDistance * smallestDistance
    while true {
      var positions: [SIMD3<Double>] = []
      var misses = 0
      while positions.count < atomCount, misses < Self.mostMisses {
        let place = Self.rounded(radius * random.nextInSphere())
        let isFree = positions.allSatisfy { ((place - $0) * (place - $0)).sum() >= square }
        if isFree { positions.append(place) } else { misses += 1 }
      }
      if positions.count == atomCount { return positions }
      radius *= 1.02
    }
  }

  private static let mostMisses = 1_000

  /// Six decimals: positions have the same few digits in the file as in the sums over pairs.
  static func rounded(_ length: Double) -> Double { (length * 1e6).rounded() / 1e6 }

  static func rounded(_ place: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(rounded(place.x), rounded(place.y), rounded(place.z))
  }

  private func cube(_ x: Double) -> Double { x * x * x }
}

/// x^(1/3) by Newton's method from above: by multiplications alone, the same on every machine.
private func root(_ x: Double) -> Double {
  var y = max(1, x)
  while true {
    let next = (2 * y + x / (y * y)) / 3
    if next >= y { return y }
    y = next
  }
}

extension RandomStream {
  /// Components in [−1, 1).
  mutating func nextInCube() -> SIMD3<Double> {
    SIMD3(nextUnit(), nextUnit(), nextUnit()) * 2 - 1
  }

  /// A point of the unit sphere, uniform.
  mutating func nextInSphere() -> SIMD3<Double> {
    while true {
      let place = nextInCube()
      if (place * place).sum() <= 1 { return place }
    }
  }
}
