import Foundation
import PlantedLaws
import SymReg

/// The pair forces of a law at distances that occur in its data: what a peer is given that cannot learn
/// from sums over neighbours.
struct PairForcePoints: Codable, Sendable {
  let law: String
  let shape: String
  let seed: UInt64
  /// The force with its constants taken together; its size bounds what counts as found.
  let force: String
  /// Å
  let distances: [Double]
  /// −dU/dr without noise, and without the shift at the cutoff; eV/Å.
  let forces: [Double]

  private static let count = 20_000

  /// Distances drawn from all pairs within the cutoff.
  ///
  /// - Precondition: the law has one type.
  init(_ data: PlantedData) async throws {
    let source = try await data.frames(noise: 0)
    let law = data.law
    let search = PairSearch(
      pairTypes: source.pairTypes, selection: source.pairSelection, cutoff: PlantedData.cutoff)
    var all: [Double] = []
    var neighbors: [Neighbor] = []
    let reader = source.makeBlockReader()
    while let block = try reader.next() {
      for frame in try block.frames() {
        let pairs = try search.pairs(in: frame)
        for atom in 0..<pairs.atomCount {
          try pairs.findNeighbors(of: atom, from: atom + 1, into: &neighbors)
          all += neighbors.map(\.distance)
        }
      }
    }
    var random = RandomStream(seed: data.seed, purpose: 0x706565)
    let distances = (0..<Self.count).map { _ in all[random.nextInt(below: all.count)] }
    let theta = try law.tree.theta(of: law.parameters, typeNames: law.typeNames)
    let layout = law.tree.layout(typeCount: 1)
    self.law = law.name
    shape = data.shape.rawValue
    seed = data.seed
    force = law.forceForm ?? ""
    self.distances = distances
    forces = distances.map {
      -law.tree.value(at: $0, theta: theta, pair: PairType(first: 0, second: 0), layout: layout)
        .derivative
    }
  }
}
