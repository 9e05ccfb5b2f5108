/// Holds that frames with the same atoms in the same order have the same molecules.
///
/// Keeps hashes (64 bits) of the sequences of types and of the partitions, one pair per sequence
/// that occurs.
struct MoleculePartitions: Sendable {
  struct Place: Sendable, Hashable {
    let file: String
    let line: Int
  }

  private struct Partition: Sendable {
    let hash: UInt64
    let description: String
    let place: Place
    /// Whether it follows from bonds.
    let isBonded: Bool
    /// Of its molecules, the atoms of each type.
    let compositions: Set<[String: Int]>
  }

  private var partitions: [UInt64: Partition] = [:]
  /// Whether molecules that follow from bonds are those of the first frame with the same atoms.
  private let reusesBonds: Bool
  /// Sequences in the order of their first frames.
  private var sequences: [UInt64] = []

  init(reusesBonds: Bool = false) { self.reusesBonds = reusesBonds }

  /// - Throws: `InputError` where an earlier frame with these types has other molecules.
  mutating func add(
    _ molecules: [Int], ofTypes numbers: [Int], _ types: NameTable, areBonded isBonded: Bool,
    at place: Place
  ) throws(InputError) {
    // Of names, since numbers differ between blocks.
    let sequence = Self.hash(numbers) { types.hashes[$0] }
    let hash = Self.hash(molecules) { UInt64(truncatingIfNeeded: $0) }
    if let first = partitions[sequence], first.hash == hash { return }
    try add(
      Partition(
        hash: hash, description: Self.describe(molecules), place: place, isBonded: isBonded,
        compositions: Self.compositions(molecules, numbers, types)), to: sequence)
  }

  /// Adds what later frames have.
  /// - Throws: `InputError` where they contradict the earlier ones.
  mutating func merge(_ later: MoleculePartitions) throws(InputError) {
    for sequence in later.sequences {
      guard let partition = later.partitions[sequence] else { continue }
      try add(partition, to: sequence)
    }
  }

  private mutating func add(
    _ partition: Partition, to sequence: UInt64
  ) throws(InputError) {
    guard let first = partitions[sequence] else {
      partitions[sequence] = partition
      sequences.append(sequence)
      return
    }
    guard first.hash == partition.hash || reusesBonds && partition.isBonded else {
      throw InputError(
        file: partition.place.file, line: partition.place.line,
        "expected the molecules that \(first.place.file):\(first.place.line) has for the same "
          + "atoms (\(first.description)), found \(partition.description)",
        remedy: partition.isBonded
          ? "the molecules follow from bonds, which differ: say --molecule-size N, or --pairs all"
          : "mend the molecule column, or say --molecule-size")
    }
  }

  /// The different molecules of all frames.
  var compositions: Set<[String: Int]> {
    partitions.values.reduce(into: []) { $0.formUnion($1.compositions) }
  }

  private static func compositions(
    _ molecules: [Int], _ numbers: [Int], _ types: NameTable
  ) -> Set<[String: Int]> {
    var counts: [Int: [String: Int]] = [:]
    for (molecule, type) in zip(molecules, numbers) {
      counts[molecule, default: [:]][types[type], default: 0] += 1
    }
    return Set(counts.values)
  }

  static func hash(_ numbers: [Int], _ word: (Int) -> UInt64) -> UInt64 {
    var state = UInt64(numbers.count)
    for number in numbers {
      // SplitMix64's finalizer, so that every bit of a word reaches every bit of the state.
      var mixed = (state ^ word(number)) &+ 0x9E37_79B9_7F4A_7C15
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      state = mixed ^ (mixed >> 31)
    }
    return state
  }

  /// `0 0 0 1 1 1`, cut short.
  private static func describe(_ molecules: [Int]) -> String {
    let shown = molecules.prefix(24).map { String($0 + 1) }.joined(separator: " ")
    return "molecules " + shown + (molecules.count > 24 ? " …" : "")
  }
}
