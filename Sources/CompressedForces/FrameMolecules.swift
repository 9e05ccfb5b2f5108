import AtomicData

/// The molecules of a frame, and where each atom is in its own.
struct FrameMolecules {
  let count: Int
  /// By atom, from 0.
  let numbers: [Int]
  /// From the mean position of its molecule's atoms to each atom, Å. Across a periodic boundary a
  /// molecule is put together by the images nearest to its first atom, so it must be smaller than half
  /// the cell.
  let arms: [SIMD3<Double>]

  /// - Throws: `InputError` for a cell without volume.
  init(_ frame: Frame) throws {
    let molecules = frame.molecules ?? []
    numbers = molecules
    count = (molecules.max() ?? -1) + 1
    let basis = frame.cell.isIsolated ? nil : try CellBasis(frame.cell)
    var first: [Int?] = Array(repeating: nil, count: count)
    var sums = Array(repeating: SIMD3<Double>.zero, count: count)
    var sizes = Array(repeating: 0.0, count: count)
    var places = frame.positions
    for (atom, molecule) in molecules.enumerated() {
      if let origin = first[molecule] {
        let step = frame.positions[atom] - frame.positions[origin]
        places[atom] = frame.positions[origin] + (basis?.nearest(step) ?? step)
      } else {
        first[molecule] = atom
      }
      sums[molecule] += places[atom]
      sizes[molecule] += 1
    }
    arms = molecules.enumerated().map { atom, molecule in
      places[atom] - sums[molecule] / sizes[molecule]
    }
  }

  /// Sums over each molecule of forces on atoms, or of their torques.
  func sums(of forces: [SIMD3<Double>], areTorques: Bool) -> [SIMD3<Double>] {
    var sums = Array(repeating: SIMD3<Double>.zero, count: count)
    for (atom, force) in forces.enumerated() {
      sums[numbers[atom]] += areTorques ? cross(arms[atom], force) : force
    }
    return sums
  }
}

extension CellBasis {
  /// The image of a separation with fractional coordinates within a half.
  fileprivate func nearest(_ separation: SIMD3<Double>) -> SIMD3<Double> {
    let fraction = fraction(of: separation)
    var result = separation
    for axis in 0..<3 where isPeriodic[axis] {
      result -= fraction[axis].rounded() * vectors[axis]
    }
    return result
  }
}

extension Virial {
  /// The symmetric part of a ⊗ b.
  init(of a: SIMD3<Double>, _ b: SIMD3<Double>) {
    self.init(
      diagonal: a * b,
      offDiagonal: SIMD3(
        (a.y * b.z + a.z * b.y) / 2, (a.x * b.z + a.z * b.x) / 2, (a.x * b.y + a.y * b.x) / 2))
  }

  /// xx, yy, zz, yz, xz, xy.
  subscript(component: Int) -> Double {
    component < 3 ? diagonal[component] : offDiagonal[component - 3]
  }
}
