/// The bonds of all data: one topology for each sequence of atoms, that of its first frame.
///
/// Sequences are known by a hash (64 bits) of the atoms' types, radii and molecules. Blocks of the
/// first pass each find their own first frames; merged in the order of the data these give the first of
/// all, whatever thread found them, and every further pass uses those.
struct BondTopologies: Sendable {
  struct Entry: Sendable {
    let topology: BondTopology
    /// Of the first frame.
    let place: MoleculePartitions.Place
    /// Interacting pairs whose bonds are counted; empty where functions do not tell them apart.
    var pairs: Set<NamedPair> = []
  }

  /// Two types by their names, and the bond class of a pair of them.
  struct NamedPair: Sendable, Hashable {
    let first: String
    let second: String
    let bonds: Int
  }

  private var entries: [UInt64: Entry] = [:]

  subscript(sequence: UInt64) -> Entry? { entries[sequence] }

  mutating func add(_ entry: Entry, for sequence: UInt64) {
    if entries[sequence] == nil { entries[sequence] = entry }
  }

  /// Of all sequences.
  var pairs: Set<NamedPair> { entries.values.reduce(into: []) { $0.formUnion($1.pairs) } }

  /// Adds those of later frames.
  mutating func merge(_ later: BondTopologies) {
    entries.merge(later.entries) { first, _ in first }
  }
}
