/// Molecules as what covalent bonds connect.
///
/// Two atoms are bonded where they are closer than `stretch` times the sum of their covalent radii, in
/// periodic directions by any image. An atom without a radius has no bonds. Time is linear in the atoms: they are sorted into boxes no
/// smaller than the longest bond.
struct BondedMolecules {
  /// Finds the molecules of every frame of water-dimer, sampled up to 2400 K (docs/decisions/whole-fit.md).
  static let stretch = 1.35

  private let positions: [SIMD3<Double>]
  private let radii: [Double]
  private let cell: Cell
  /// Longest bond, Å.
  private let reach: Double
  /// Towards the first atom of the molecule.
  private var parents: [Int]
  /// Nil where molecules are enough.
  private var bonds: Set<BondTopology.Bond>?
  /// Atoms that can bond, less the bonds that joined two molecules: 1 where all are one.
  private var looseCount: Int

  /// - Parameters:
  ///   - positions: Å
  ///   - radii: covalent, Å.
  /// - Returns: the molecule of each atom, numbered from 0 in order of appearance.
  static func numbers(positions: [SIMD3<Double>], radii: [Double], cell: Cell) -> [Int] {
    var molecules = BondedMolecules(positions: positions, radii: radii, cell: cell)
    molecules.connect()
    var numbers: [Int: Int] = [:]
    return positions.indices.map { atom in
      let root = molecules.root(of: atom)
      let number = numbers[root] ?? numbers.count
      numbers[root] = number
      return number
    }
  }

  /// The bonds themselves, each once however many images it has.
  static func bonds(
    positions: [SIMD3<Double>], radii: [Double], cell: Cell
  ) -> Set<BondTopology.Bond> {
    var molecules = BondedMolecules(positions: positions, radii: radii, cell: cell)
    molecules.bonds = []
    molecules.connect()
    return molecules.bonds ?? []
  }

  private init(positions: [SIMD3<Double>], radii: [Double], cell: Cell) {
    self.positions = positions
    self.radii = radii
    self.cell = cell
    reach = 2 * Self.stretch * (radii.max() ?? 0)
    parents = Array(positions.indices)
    looseCount = radii.count { $0 > 0 }
  }

  private mutating func root(of atom: Int) -> Int {
    var atom = atom
    while parents[atom] != atom {
      parents[atom] = parents[parents[atom]]
      atom = parents[atom]
    }
    return atom
  }

  private mutating func connect(_ first: Int, _ second: Int, _ separation: SIMD3<Double>) {
    let bond = Self.stretch * (radii[first] + radii[second])
    guard (separation * separation).sum() < bond * bond else { return }
    bonds?.insert(.init(first, second))
    let (a, b) = (root(of: first), root(of: second))
    guard a != b else { return }
    parents[max(a, b)] = min(a, b)
    looseCount -= 1
  }

  /// Boxes along each direction of the cell's (or the axes') fractional coordinates, and how many of
  /// them a bond may reach across.
  private struct Boxes {
    let vectors: [SIMD3<Double>]
    let reciprocal: [SIMD3<Double>]
    let isPeriodic: [Bool]
    let counts: [Int]
    let reach: [Int]
    let origin: SIMD3<Double>

    func fraction(_ position: SIMD3<Double>) -> SIMD3<Double> {
      let p = position - origin
      return SIMD3(
        (reciprocal[0] * p).sum(), (reciprocal[1] * p).sum(), (reciprocal[2] * p).sum())
    }
  }

  private func boxes() -> Boxes? {
    var vectors = [SIMD3<Double>(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
    var origin = SIMD3<Double>.zero
    let isPeriodic = cell.isPeriodic
    if cell.isIsolated {
      let low = positions.reduce(positions[0]) { pointwiseMin($0, $1) }
      let high = positions.reduce(positions[0]) { pointwiseMax($0, $1) }
      origin = low
      for d in 0..<3 { vectors[d] *= max(high[d] - low[d], 1e-3) * 1.001 }
    } else {
      vectors = cell.vectors
    }
    func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
      SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    }
    let volume = (vectors[0] * cross(vectors[1], vectors[2])).sum()
    guard abs(volume) > 0, volume.isFinite else { return nil }
    let reciprocal = (0..<3).map {
      cross(vectors[($0 + 1) % 3], vectors[($0 + 2) % 3]) / volume
    }
    let heights = reciprocal.map { 1 / ($0 * $0).sum().squareRoot() }
    let counts = counts(heights)
    let across = (0..<3).map { d -> Int in
      let width = heights[d] / Double(counts[d])
      let needed = Int((reach / width).rounded(.up))
      return isPeriodic[d] ? needed : min(needed, counts[d] - 1)
    }
    return Boxes(
      vectors: vectors, reciprocal: reciprocal, isPeriodic: isPeriodic, counts: counts,
      reach: across, origin: origin)
  }

  /// Boxes along directions of these heights (Å): as small as bonds allow, and about as many as
  /// atoms at most, however empty the space is.
  private func counts(_ heights: [Double]) -> [Int] {
    var counts = heights.map { max(1, min(Double(positions.count), ($0 / reach).rounded(.down))) }
    while counts.reduce(1, *) > Double(2 * positions.count) {
      let longest = counts[0] >= max(counts[1], counts[2]) ? 0 : counts[1] >= counts[2] ? 1 : 2
      counts[longest] = max(1, (counts[longest] / 2).rounded(.down))
    }
    return counts.map { Int($0) }
  }

  private mutating func connect() {
    // Noble gases alone have no reach.
    guard positions.count > 1, reach > 0, let boxes = boxes() else { return }
    var wrapped = positions
    let places = positions.indices.map { atom -> SIMD3<Int> in
      var fraction = boxes.fraction(positions[atom])
      var place = SIMD3<Int>.zero
      for d in 0..<3 {
        if boxes.isPeriodic[d] {
          let turns = fraction[d].rounded(.down)
          wrapped[atom] -= turns * boxes.vectors[d]
          fraction[d] -= turns
        }
        let last = boxes.counts[d] - 1
        place[d] = min(max(0, Int(min(max(fraction[d], 0), 1) * Double(boxes.counts[d]))), last)
      }
      return place
    }
    let counts = boxes.counts
    func number(_ x: Int, _ y: Int, _ z: Int) -> Int { (x * counts[1] + y) * counts[2] + z }
    var members = Array(repeating: [Int](), count: counts[0] * counts[1] * counts[2])
    // What has no bonds is left out, and the search ends where all else is one molecule: in a thin
    // cell a bond reaches many images.
    for (atom, place) in places.enumerated() where radii[atom] > 0 {
      members[number(place.x, place.y, place.z)].append(atom)
    }
    for (atom, place) in places.enumerated() where radii[atom] > 0 {
      if looseCount == 1, bonds == nil { return }
      for dx in -boxes.reach[0]...boxes.reach[0] {
        guard let x = Self.target(place.x + dx, 0, boxes) else { continue }
        for dy in -boxes.reach[1]...boxes.reach[1] {
          guard let y = Self.target(place.y + dy, 1, boxes) else { continue }
          for dz in -boxes.reach[2]...boxes.reach[2] {
            guard let z = Self.target(place.z + dz, 2, boxes) else { continue }
            let shift = x.shift + y.shift + z.shift
            for other in members[number(x.box, y.box, z.box)] where other > atom {
              connect(atom, other, wrapped[atom] - wrapped[other] - shift)
            }
          }
        }
      }
    }
  }

  private static func target(
    _ box: Int, _ d: Int, _ boxes: Boxes
  ) -> (box: Int, shift: SIMD3<Double>)? {
    let count = boxes.counts[d]
    if box >= 0, box < count { return (box, .zero) }
    guard boxes.isPeriodic[d] else { return nil }
    let image = (Double(box) / Double(count)).rounded(.down)
    return (box - Int(image) * count, image * boxes.vectors[d])
  }
}
