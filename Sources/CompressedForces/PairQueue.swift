import AtomicData
import CVectorKernels

/// Pairs that wait to be added to sums.
///
/// Frames of few pairs gather here, so that the sums are touched once for thousands of pairs and
/// not once for each frame.
struct PairQueue: ~Copyable {
  private(set) var count = 0
  /// Of all frames in the queue; the pairs count their atoms through.
  private(set) var atomCount = 0
  private var room = WorkBuffer(repeating: AtomPair(), count: 0)

  /// Pairs that are worth the trouble of sorting them, few enough for the second cache.
  static let fullCount = 3072

  var isFull: Bool { count >= Self.fullCount }

  /// The pairs, filled up to whole vectors with pairs that do no harm.
  var pairs: UnsafePointer<AtomPair> { UnsafePointer(room.base) }

  /// Appends the pairs of a frame.
  ///
  /// - Parameter limit: with more pairs than that nothing is appended.
  /// - Returns: whether the frame was appended.
  mutating func append(
    _ frame: borrowing Frame, search: borrowing PairSearch, limit: Int
  ) throws -> Bool {
    reserve(count + limit)
    let (start, origin, pairs) = (count, atomCount, room.base)
    let weight = frame.weight
    var place = start
    var isWithinLimit = true
    try frame.forces.withUnsafeBufferPointer { forces in
      try search.forEachPair(in: frame) { pair in
        guard place &- start < limit else {
          isWithinLimit = false
          return false
        }
        let separation = pair.separation
        pairs[place] = AtomPair(
          x: separation.x, y: separation.y, z: separation.z,
          pull: weight * dot(separation, forces[pair.first] - forces[pair.second]),
          frameWeight: weight, pairType: Int32(truncatingIfNeeded: pair.pairType),
          first: Int32(truncatingIfNeeded: origin &+ pair.first),
          second: Int32(truncatingIfNeeded: origin &+ pair.second), unused: (0, 0, 0))
        place &+= 1
        return true
      }
    }
    guard isWithinLimit else { return false }
    count = place
    atomCount += frame.positions.count
    return true
  }

  /// Appends pairs of one frame from another queue.
  mutating func append(
    _ pairs: UnsafeBufferPointer<AtomPair>, firstAtom: Int, atomCount: Int
  ) {
    reserve(count + pairs.count)
    let shift = Int32(truncatingIfNeeded: self.atomCount &- firstAtom)
    let target = room.base + count
    for index in pairs.indices {
      var pair = pairs[index]
      pair.first &+= shift
      pair.second &+= shift
      target[index] = pair
    }
    count += pairs.count
    self.atomCount += atomCount
  }

  mutating func removeAll() {
    count = 0
    atomCount = 0
  }

  /// Appends a pair whose atoms do not matter.
  mutating func append(separation: SIMD3<Double>, pairType: Int) {
    reserve(count + 1)
    room.base[count] = AtomPair(
      x: separation.x, y: separation.y, z: separation.z, pull: 0, frameWeight: 0,
      pairType: Int32(truncatingIfNeeded: pairType), first: 0, second: 0, unused: (0, 0, 0))
    count &+= 1
  }

  /// Fills the last vector up.
  mutating func pad() {
    reserve(wholeVectors(count))
    for place in count..<wholeVectors(count) {
      room.base[place] = AtomPair(
        x: 1, y: 0, z: 0, pull: 0, frameWeight: 0, pairType: 0, first: 0, second: 0,
        unused: (0, 0, 0))
    }
  }

  @inline(__always)
  private mutating func reserve(_ wanted: Int) {
    if wanted > room.capacity { grow(wanted) }
  }

  @inline(never)
  private mutating func grow(_ wanted: Int) {
    let larger = WorkBuffer(
      repeating: AtomPair(), count: wholeVectors(max(64, wanted + wanted / 2)))
    larger.base.update(from: room.base, count: count)
    room = larger
  }
}
