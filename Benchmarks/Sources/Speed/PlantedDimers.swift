import SymReg

/// Dimers of three-atom molecules with the forces of a known potential, made from a seed.
enum PlantedDimers {
  private static let smallestDistance = 1.2
  private static let edge = 6.0

  static func frames(count: Int) -> InMemoryFrames {
    var random = RandomStream(seed: 1, purpose: 5)
    return InMemoryFrames(
      pairTypes: PairTypes(typeNames: ["H", "O"]), pairSelection: .inter,
      frames: (0..<count).map { _ in frame(&random) })
  }

  private static func frame(_ random: inout RandomStream) -> Frame {
    var positions: [SIMD3<Double>] = []
    while positions.count < 6 {
      let position =
        edge * SIMD3(random.nextUnit(), random.nextUnit(), random.nextUnit())
      let isFree = positions.allSatisfy { length(position - $0) > smallestDistance }
      if isFree { positions.append(position) }
    }
    let types = [1, 0, 0, 1, 0, 0]
    var forces = Array(repeating: SIMD3<Double>.zero, count: 6)
    for i in 0..<3 {
      for j in 3..<6 {
        let vector = positions[i] - positions[j]
        let r = length(vector)
        let pull = force(types[i] + types[j], r) / r * vector
        forces[i] += pull
        forces[j] -= pull
      }
    }
    return Frame(
      positions: positions, forces: forces, types: types, molecules: [0, 0, 0, 1, 1, 1])
  }

  /// Charges and a wall between the oxygens, by rational functions alone: the same everywhere.
  private static func force(_ oxygenCount: Int, _ r: Double) -> Double {
    let charge = [2.5, -5.0, 10.0][oxygenCount]
    let square = 1 / (r * r)
    let wall = oxygenCount == 2 ? 3e4 * square * square * square * square : 0
    return charge * square + wall / r
  }

  private static func length(_ v: SIMD3<Double>) -> Double { (v * v).sum().squareRoot() }
}
