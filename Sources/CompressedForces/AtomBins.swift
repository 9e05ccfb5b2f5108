import AtomicData

/// The atoms of a frame sorted into boxes about half a cutoff wide.
///
/// Boxes divide the cell in fractional coordinates, so cells of any shape work; along a direction
/// that does not repeat they divide the extent of the atoms. A box looks at as many boxes on each
/// side as the cutoff spans, and through the cell's faces as often as that takes: in a small cell
/// the same box comes up several times, each time as another image.
final class AtomBins: Sendable {
  /// Positions in box order, moved into the cell by whole cell vectors.
  private let sortedPositions: [SIMD3<Double>]
  /// Atom of each place in box order.
  private let sortedAtoms: [Int]
  /// Place of each atom in box order.
  private let places: [Int]
  /// Box of each atom, along the three directions.
  private let boxes: [SIMD3<Int>]
  /// First place of each box, and one past the last.
  private let boxStarts: [Int]
  private let basis: CellBasis
  private let counts: SIMD3<Int>
  /// Boxes to look at on each side.
  private let reach: SIMD3<Int>

  /// Images on each side along a cell vector beyond which the cell is taken for a mistake.
  private static let mostImages = 100.0

  /// - Throws: `InputError` for a cell without volume, or far smaller than the cutoff.
  init(positions: [SIMD3<Double>], cell: Cell, cutoff: Double) throws {
    basis = try CellBasis(cell)
    var fractions = positions.map(basis.fraction(of:))
    var low = SIMD3<Double>.zero
    var extent = SIMD3<Double>(repeating: 1)
    for d in 0..<3 where !basis.isPeriodic[d] {
      let lowest = fractions.map { $0[d] }.min() ?? 0
      low[d] = lowest
      extent[d] = max((fractions.map { $0[d] }.max() ?? 0) - lowest, 1e-3 * cutoff)
    }
    let lengths = extent * basis.heights
    for d in 0..<3 where basis.isPeriodic[d] && cutoff > Self.mostImages * lengths[d] {
      throw InputError(
        "expected a cell comparable to the cutoff of \(cutoff) Å, found one \(lengths[d]) Å high",
        remedy: "check Lattice and its units")
    }
    counts = Self.boxCounts(lengths: lengths, cutoff: cutoff, atoms: positions.count)
    var reach = SIMD3<Int>.zero
    for d in 0..<3 {
      // The grain keeps a box at exactly the cutoff in, whatever the rounding.
      let boxes = (cutoff / lengths[d] * Double(counts[d]) * (1 + 1e-12)).rounded(.up)
      reach[d] = Int(min(boxes, basis.isPeriodic[d] ? boxes : Double(counts[d])))
    }
    self.reach = reach

    var wrapped = positions
    var boxes: [SIMD3<Int>] = []
    boxes.reserveCapacity(positions.count)
    for atom in positions.indices {
      var box = SIMD3<Int>.zero
      for d in 0..<3 {
        if basis.isPeriodic[d] {
          let turns = fractions[atom][d].rounded(.down)
          fractions[atom][d] -= turns
          wrapped[atom] -= turns * basis.vectors[d]
        }
        let place = (fractions[atom][d] - low[d]) / extent[d] * Double(counts[d])
        box[d] = Int(min(max(0, place), Double(counts[d] - 1)))
      }
      boxes.append(box)
    }

    // Counting sort by box; atoms keep their order within one.
    let counts = counts
    let numbers = boxes.map { ($0.x * counts.y + $0.y) * counts.z + $0.z }
    var boxStarts = Array(repeating: 0, count: counts.x * counts.y * counts.z + 1)
    for number in numbers { boxStarts[number + 1] += 1 }
    for number in 1..<boxStarts.count { boxStarts[number] += boxStarts[number - 1] }
    var next = boxStarts
    var sortedAtoms = Array(repeating: 0, count: positions.count)
    var places = sortedAtoms
    var sortedPositions = wrapped
    for atom in positions.indices {
      let place = next[numbers[atom]]
      next[numbers[atom]] += 1
      sortedAtoms[place] = atom
      places[atom] = place
      sortedPositions[place] = wrapped[atom]
    }
    self.boxes = boxes
    self.boxStarts = boxStarts
    self.sortedAtoms = sortedAtoms
    self.places = places
    self.sortedPositions = sortedPositions
  }

  /// Boxes along each direction: half a cutoff wide, no more of them than atoms.
  private static func boxCounts(
    lengths: SIMD3<Double>, cutoff: Double, atoms: Int
  ) -> SIMD3<Int> {
    var counts = SIMD3<Int>(repeating: 1)
    for d in 0..<3 { counts[d] = Int(max(1, min(1024, (2 * lengths[d] / cutoff).rounded(.down)))) }
    while counts.x * counts.y * counts.z > max(1, atoms) {
      let widest = (0..<3).max { counts[$0] < counts[$1] } ?? 0
      counts[widest] = (counts[widest] + 1) / 2
    }
    return counts
  }

  /// Visits atoms and images around `atom`, among them all within the cutoff, with their
  /// separation x_i − x_j in Å; the atom itself and its images too.
  @inline(__always)
  func forEachCandidate(
    near atom: Int, _ body: (_ other: Int, _ separation: SIMD3<Double>) throws -> Void
  ) rethrows {
    let position = sortedPositions[places[atom]]
    let box = boxes[atom]
    for dx in -reach.x...reach.x {
      guard let x = target(box.x + dx, along: 0) else { continue }
      for dy in -reach.y...reach.y {
        guard let y = target(box.y + dy, along: 1) else { continue }
        for dz in -reach.z...reach.z {
          guard let z = target(box.z + dz, along: 2) else { continue }
          let origin = position - (x.shift + y.shift + z.shift)
          let number = (x.box * counts.y + y.box) * counts.z + z.box
          for place in boxStarts[number]..<boxStarts[number + 1] {
            try body(sortedAtoms[place], origin - sortedPositions[place])
          }
        }
      }
    }
  }

  /// The box at a position along one direction and the displacement of its image; nil outside.
  @inline(__always)
  private func target(_ box: Int, along d: Int) -> (box: Int, shift: SIMD3<Double>)? {
    let count = counts[d]
    if box >= 0 && box < count { return (box, .zero) }
    guard basis.isPeriodic[d] else { return nil }
    let image = box >= 0 ? box / count : -((count - 1 - box) / count)
    return (box - image * count, Double(image) * basis.vectors[d])
  }
}
