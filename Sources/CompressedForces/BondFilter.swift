import AtomicData

/// Tells pairs of one frame apart by the bonds between their atoms.
///
/// In a periodic frame bonds count for the nearest image of an atom alone, or for all images that are
/// equally near: which of them the bonds reach is not asked, so the cell must be larger than twice the extent of what
/// is told apart.
struct BondFilter: Sendable {
  private let topology: BondTopology
  /// By number of bonds, what to add to the number of the pair of kinds; at 0 that of atoms far apart. Nil
  /// where the pair does not interact.
  private let offsets: [Int?]
  /// By place in the topology, up to which squared distance (Å²) an image is the nearest; empty where there
  /// are no images.
  private let nearest: [Double]

  /// Distances of two images that differ by less are equal: those from either atom differ by rounding.
  private static let tolerance = 1e-9

  /// - Parameter bins: nil for an isolated frame.
  init(_ topology: BondTopology, search: PairSearch, bins: AtomBins?) {
    self.topology = topology
    let types = search.pairTypes
    offsets = (0...topology.reach).map { count in
      if case .bonds(let range) = search.selection, !range.contains(count == 0 ? nil : count) {
        return nil
      }
      guard types.bondClasses != nil, let known = KnownQuantity(bonds: count) else { return 0 }
      return Int(known.rawValue) * types.kindPairCount
    }
    var nearest = Array(
      repeating: Double.infinity, count: bins == nil ? 0 : topology.neighbors.count)
    if let bins {
      for atom in 0..<topology.atomCount where !topology.places(of: atom).isEmpty {
        bins.forEachCandidate(near: atom) { other, separation in
          guard other > atom, let place = topology.place(of: other, near: atom) else { return }
          nearest[place] = min(nearest[place], dot(separation, separation))
        }
      }
      for atom in 0..<topology.atomCount {
        for place in topology.places(of: atom) where topology.neighbors[place] < atom {
          guard let other = topology.place(of: atom, near: topology.neighbors[place]) else {
            continue
          }
          nearest[place] = nearest[other]
        }
      }
      for place in nearest.indices { nearest[place] *= 1 + Self.tolerance }
    }
    self.nearest = nearest
  }

  /// Whether atoms that no bonds connect interact.
  var admitsFar: Bool { offsets[0] != nil }

  /// Bonds between two atoms, or images of them; 0 where they are far apart.
  private func count(_ atom: Int, _ other: Int, squaredDistance: Double) -> Int {
    guard let place = topology.place(of: other, near: atom),
      nearest.isEmpty || squaredDistance <= nearest[place]
    else { return 0 }
    return topology.counts[place]
  }

  /// What to add to the number of the pair of kinds of two atoms; nil where they do not interact.
  func offset(_ atom: Int, _ other: Int, squaredDistance: Double) -> Int? {
    offsets[count(atom, other, squaredDistance: squaredDistance)]
  }
}
