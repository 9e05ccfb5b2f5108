/// Which atoms are bonded, and with that how many bonds lie between any two atoms nearby.
///
/// Found once and shared by all frames with the same atoms: bonds do not come and go with thermal noise.
/// Atoms that no bonds connect, or more than `reach` of them, are far apart. Memory: one entry for each
/// pair of atoms up to `reach` bonds apart, twice.
public final class BondTopology: Sendable {
  /// Two bonded atoms, by their numbers from 0, `first < second`.
  public struct Bond: Sendable, Hashable, Comparable {
    public let first: Int
    public let second: Int

    public init(_ a: Int, _ b: Int) {
      first = min(a, b)
      second = max(a, b)
    }

    public static func < (a: Bond, b: Bond) -> Bool {
      (a.first, a.second) < (b.first, b.second)
    }
  }

  public let atomCount: Int
  /// Rising, each once.
  public let bonds: [Bond]
  /// Bonds up to which they are counted.
  public let reach: Int
  /// What bonds connect is a molecule; numbered from 0 in order of appearance.
  public let molecules: [Int]
  /// Places of an atom's entries in `neighbors` and `counts`, and the end of the last.
  private let starts: [Int]
  /// Of each atom, those up to `reach` bonds away, rising.
  public let neighbors: [Int]
  /// Bonds between an atom and each of its neighbours, 1 to `reach`.
  public let counts: [Int]

  /// - Precondition: the bonds are between atoms from 0 to `atomCount` − 1.
  public init(atomCount: Int, bonds: some Sequence<Bond>, reach: Int) {
    self.atomCount = atomCount
    self.reach = reach
    self.bonds = Set(bonds).filter { $0.first != $0.second }.sorted()
    var bonded = Array(repeating: [Int](), count: atomCount)
    for bond in self.bonds {
      bonded[bond.first].append(bond.second)
      bonded[bond.second].append(bond.first)
    }
    molecules = Self.molecules(bonded)
    var (starts, neighbors, counts) = ([0], [Int](), [Int]())
    // Which atom an atom was last met from.
    var metFrom = Array(repeating: -1, count: atomCount)
    for atom in 0..<atomCount {
      metFrom[atom] = atom
      var (found, shell) = ([(atom: Int, count: Int)](), [atom])
      for count in 1..<(max(1, reach) + 1) where count <= reach && !shell.isEmpty {
        var next: [Int] = []
        for other in shell.flatMap({ bonded[$0] }) where metFrom[other] != atom {
          metFrom[other] = atom
          next.append(other)
        }
        found += next.map { ($0, count) }
        shell = next
      }
      found.sort { $0.atom < $1.atom }
      neighbors += found.map(\.atom)
      counts += found.map(\.count)
      starts.append(neighbors.count)
    }
    (self.starts, self.neighbors, self.counts) = (starts, neighbors, counts)
  }

  private static func molecules(_ bonded: [[Int]]) -> [Int] {
    var numbers = Array(repeating: -1, count: bonded.count)
    var count = 0
    for atom in bonded.indices where numbers[atom] < 0 {
      numbers[atom] = count
      var open = [atom]
      while let last = open.popLast() {
        for other in bonded[last] where numbers[other] < 0 {
          numbers[other] = count
          open.append(other)
        }
      }
      count += 1
    }
    return numbers
  }

  /// Places of an atom's entries in `neighbors` and `counts`.
  public func places(of atom: Int) -> Range<Int> { starts[atom]..<starts[atom + 1] }

  /// Place of an atom among the entries of another; nil where they are far apart.
  public func place(of other: Int, near atom: Int) -> Int? {
    var (low, high) = (starts[atom], starts[atom + 1])
    while low < high {
      let middle = (low + high) / 2
      if neighbors[middle] < other { low = middle + 1 } else { high = middle }
    }
    return low < starts[atom + 1] && neighbors[low] == other ? low : nil
  }

  /// Bonds between two atoms; nil where they are far apart.
  public func bondCount(_ a: Int, _ b: Int) -> Int? { place(of: b, near: a).map { counts[$0] } }
}
