import AtomicData
import CompressedForces
import Foundation

/// Pair forces in closed form, for the tests.
enum PairForces {
  /// Applies a force of one distance to many.
  static func each(_ force: @escaping @Sendable (Int, Double) -> Double) -> PairForce {
    { pairType, distances, forces in
      for i in distances.indices { forces[i] = force(pairType, distances[i]) }
    }
  }

  /// The values of a pair force on a grid, concatenated.
  static func gridValues(_ force: PairForce, on grid: RadialGrid) -> [Double] {
    var values = Array(repeating: 0.0, count: grid.totalCount)
    for pairType in 0..<grid.pairTypeCount {
      let range = grid.range(ofPairType: pairType)
      let distances = Array(grid.distances[..<range.count])
      distances.withUnsafeBufferPointer { distances in
        values.withUnsafeMutableBufferPointer {
          force(pairType, distances, UnsafeMutableBufferPointer(rebasing: $0[range]))
        }
      }
    }
    return values
  }

  /// q-SPC/Fw between molecules, with the pair types H-H, H-O, O-O (Paesani et al., J. Chem. Phys.
  /// 125, 184507 (2006)), its force shifted by its value at `shift` (Å) if given.
  static func qSPCFw(
    shiftedAt shift: Double? = nil, coulomb: Double = 14.399645, kilocalorie: Double = 1 / 23.060548
  ) -> PairForce {
    let products = [0.42 * 0.42, -0.84 * 0.42, 0.84 * 0.84]
    @Sendable func force(_ pairType: Int, _ r: Double) -> Double {
      let electrostatic = coulomb * products[pairType] / (r * r)
      guard pairType == 2 else { return electrostatic }
      let x = pow(3.165492 / r, 6)
      return electrostatic + 24 * 0.1554252 * kilocalorie * (2 * x * x - x) / r
    }
    return each { pairType, r in
      force(pairType, r) - (shift.map { force(pairType, $0) } ?? 0)
    }
  }

  /// A sum of a power, an exponential and a long wave, all with random coefficients per pair type.
  static func random(seed: UInt64) -> PairForce {
    var random = RandomStream(seed: seed, purpose: 0xF0)
    let terms = (0..<6).map { _ in
      (
        power: 1 + 11 * random.nextUnit(), decay: 0.5 + 3 * random.nextUnit(),
        wave: 0.3 * random.nextUnit(),
        amplitudes: (0..<3).map { _ in 2 * random.nextUnit() - 1 }
      )
    }
    return each { pairType, r in
      let term = terms[pairType % terms.count]
      return term.amplitudes[0] * pow(2 / r, term.power)
        + term.amplitudes[1] * exp(term.decay * (2 - r)) + term.amplitudes[2] * cos(term.wave * r)
    }
  }

  static let probes: [(name: String, force: PairForce)] = [
    ("q-SPC/Fw", qSPCFw()),
    ("Lennard-Jones, all types", each { _, r in 12 * (pow(2.8 / r, 12) - pow(2.8 / r, 6)) / r }),
    (
      "Coulomb + exp(-4.3 r)", each { t, r in [0.3, -0.6, 1.2][t] / (r * r) + 4e4 * exp(-4.3 * r) }
    ),
    ("r^-14", each { _, r in 14 * pow(2 / r, 14) / r }),
  ]
}
