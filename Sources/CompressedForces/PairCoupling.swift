import CVectorKernels

/// Which pairs share an atom: each two of an atom's pairs make a block of G.
///
/// Of an atom's pairs, each leads the half that follows it around the list, so that all pairs of
/// frames of one kind lead the same number.
struct PairCoupling: ~Copyable {
  /// In the order the pairs will be taken, and one past the last: the first couple each leads.
  private(set) var starts = WorkBuffer(repeating: UInt32(0), count: 0)
  /// By pair the same.
  private var startsByPair = WorkBuffer(repeating: UInt32(0), count: 0)
  private(set) var couples = WorkBuffer(repeating: PairCouple(), count: 0)
  /// Pairs by atom: those of atom a begin at `atomStarts[a]`.
  private var atomStarts = WorkBuffer(repeating: UInt32(0), count: 0)
  private var filled = WorkBuffer(repeating: UInt32(0), count: 0)
  /// Twice the pair, plus 1 where the atom comes second in it.
  private var entries = WorkBuffer(repeating: UInt32(0), count: 0)
  /// By pair the number of couples it leads.
  private var ledCounts = WorkBuffer(repeating: UInt32(0), count: 0)
  /// Where the pair's two entries are.
  private var turns = WorkBuffer(repeating: UInt32(0), count: 0)

  /// Replaces the couples.
  ///
  /// - Parameters:
  ///   - queue: the pairs with their atoms.
  ///   - pairs: the same with unit vectors and places.
  ///   - order: the order in which the pairs will be taken.
  mutating func couple(
    _ queue: borrowing PairQueue, _ pairs: PairColumns, order: UnsafePointer<UInt32>
  ) {
    let (count, atoms) = (queue.count, queue.pairs)
    list(atoms, count: count, atomCount: queue.atomCount)
    reserveCouples(order: order, count: count)
    let (couples, atomStarts, entries) = (couples.base, atomStarts.base, entries.base)
    let (turns, startsByPair) = (turns.base, startsByPair.base)
    for pair in 0..<count {
      var couple = Int(startsByPair[pair])
      let (x, y, z) = (pairs.x[pair], pairs.y[pair], pairs.z[pair])
      let weight = pairs.frameWeight[pair]
      for role in 0..<2 {
        let atom = Int(role == 0 ? atoms[pair].first : atoms[pair].second)
        let begin = Int(atomStarts[atom])
        let end = Int(atomStarts[atom &+ 1])
        var place = Int(turns[pair &* 2 &+ role])
        var led = Self.led(turn: place &- begin, degree: end &- begin)
        while led > 0 {
          led &-= 1
          place = place &+ 1 == end ? begin : place &+ 1
          let entry = Int(entries[place])
          let partner = entry >> 1
          let cosine = x * pairs.x[partner] + y * pairs.y[partner] + z * pairs.z[partner]
          // The unit vectors point away from the atom or towards it.
          couples[couple] = PairCouple(
            partner: UInt32(truncatingIfNeeded: partner), place: pairs.place[partner],
            cosine: entry & 1 == role ? weight * cosine : -weight * cosine)
          couple &+= 1
        }
      }
    }
  }

  /// The pairs that the one at place `turn` of `degree` leads: those that follow it, up to half.
  private static func led(turn: Int, degree: Int) -> Int {
    (degree &- 1) >> 1 &+ (degree & 1 == 0 && 2 &* turn < degree ? 1 : 0)
  }

  /// Finds where each pair's couples will be.
  private mutating func reserveCouples(order: UnsafePointer<UInt32>, count: Int) {
    starts.reserve(count + 1, filling: 0)
    startsByPair.reserve(count, filling: 0)
    var coupleCount = 0
    for rank in 0..<count {
      let pair = Int(order[rank])
      starts.base[rank] = UInt32(truncatingIfNeeded: coupleCount)
      let led = Int(ledCounts.base[pair])
      startsByPair.base[pair] = UInt32(truncatingIfNeeded: coupleCount)
      coupleCount &+= led
    }
    starts.base[count] = UInt32(truncatingIfNeeded: coupleCount)
    couples.reserve(coupleCount, filling: PairCouple())
  }

  /// Lists the pairs of each atom, and counts those that each pair leads.
  private mutating func list(_ atoms: UnsafePointer<AtomPair>, count: Int, atomCount: Int) {
    atomStarts.reserve(atomCount + 1, filling: 0)
    filled.reserve(atomCount, filling: 0)
    entries.reserve(2 * count, filling: 0)
    turns.reserve(2 * count, filling: 0)
    ledCounts.reserve(count, filling: 0)
    let (atomStarts, filled, entries) = (atomStarts.base, filled.base, entries.base)
    let (turns, ledCounts) = (turns.base, ledCounts.base)
    // Counted one further on, then summed up.
    atomStarts.update(repeating: 0, count: atomCount + 1)
    for pair in 0..<count {
      atomStarts[Int(atoms[pair].first) &+ 1] &+= 1
      atomStarts[Int(atoms[pair].second) &+ 1] &+= 1
    }
    filled.update(repeating: 0, count: atomCount)
    for atom in 0..<atomCount { atomStarts[atom &+ 1] &+= atomStarts[atom] }
    for pair in 0..<count {
      var led = 0
      for role in 0..<2 {
        let atom = Int(role == 0 ? atoms[pair].first : atoms[pair].second)
        let begin = atomStarts[atom]
        let turn = filled[atom]
        filled[atom] = turn &+ 1
        entries[Int(begin &+ turn)] = UInt32(truncatingIfNeeded: pair &* 2 &+ role)
        turns[pair &* 2 &+ role] = begin &+ turn
        led &+= Self.led(turn: Int(turn), degree: Int(atomStarts[atom &+ 1] &- begin))
      }
      ledCounts[pair] = UInt32(truncatingIfNeeded: led)
    }
  }
}
