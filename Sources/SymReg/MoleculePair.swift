import AtomicData
import ExpressionTrees
import SimulatorExport

/// Two rigid molecules under a potential: the pairs between them.
struct MoleculePair: Sendable {
  let first: RigidMolecule
  let second: RigidMolecule
  private let functions: [PairFunction]
  /// By atom of the first, then of the second: the number of its function.
  private let numbers: [Int]

  init(_ first: RigidMolecule, _ second: RigidMolecule, _ potential: ExportedPotential) {
    self.first = first
    self.second = second
    var known: [PairType: Int] = [:]
    var functions: [PairFunction] = []
    numbers = first.types.indices.flatMap { a in
      second.types.indices.map { b in
        let pair = PairType(
          first: first.types[a], second: second.types[b],
          property: first.properties[a] * second.properties[b])
        if let number = known[pair] { return number }
        known[pair] = functions.count
        functions.append(PairFunction(potential, pair: pair))
        return functions.count - 1
      }
    }
    self.functions = functions
  }

  var isOfAtoms: Bool { first.isAtom && second.isAtom }

  /// The molecules at given orientations, their centres of mass R apart along an axis: the distance of a
  /// pair of atoms is √(R² + 2R·along + square).
  struct Placement {
    /// Pair function, component of the atoms' offset along the axis (Å) and its square (Å²).
    let atoms: [(function: PairFunction, along: Double, square: Double)]

    /// U (eV), and −dU/dR (eV/Å) with the orientations kept.
    func value(at distance: Double) -> PotentialValue {
      var sum = PotentialValue(energy: 0, derivative: 0)
      for atom in atoms {
        let r = Self.distance(atom, distance)
        let value = atom.function.value(at: r)
        sum.energy += value.energy
        if value.derivative != 0 {
          sum.derivative += value.derivative * (distance + atom.along) / r
        }
      }
      return sum
    }

    private static func distance(
      _ atom: (function: PairFunction, along: Double, square: Double), _ distance: Double
    ) -> Double {
      max(0, distance * (distance + 2 * atom.along) + atom.square).squareRoot()
    }

    /// The largest R at which a pair of atoms is at the distance that `limit` gives for it; nil where no
    /// pair ever is.
    func outermost(_ limit: (PairFunction) -> Double?) -> Double? {
      atoms.compactMap { atom in limit(atom.function).flatMap { Self.outer(atom, $0) } }.max()
    }

    private static func outer(
      _ atom: (function: PairFunction, along: Double, square: Double), _ distance: Double
    ) -> Double? {
      let root = atom.along * atom.along - atom.square + distance * distance
      guard root >= 0 else { return nil }
      let outer = root.squareRoot() - atom.along
      return outer > 0 ? outer : nil
    }

    /// Where pairs pass the cutoff, R in Å.
    var ends: [Double] {
      atoms.compactMap { Self.outer($0, $0.function.cutoff) }
    }

    /// Whether no pair of atoms is closer than sampled; nil where the sampled range of one is not known.
    func isSampled(at distance: Double) -> Bool? {
      var result = true
      for atom in atoms {
        guard let range = atom.function.sampled else { return nil }
        result = result && Self.distance(atom, distance) >= range.lowerBound
      }
      return result
    }
  }

  /// - Parameters:
  ///   - turns: of the two molecules.
  ///   - axis: unit vector from the first to the second.
  func placed(_ turns: (Rotation, Rotation), axis: SIMD3<Double>) -> Placement {
    let ours = first.positions.map(turns.0.turned)
    let theirs = second.positions.map(turns.1.turned)
    var atoms: [(function: PairFunction, along: Double, square: Double)] = []
    atoms.reserveCapacity(numbers.count)
    for a in ours.indices {
      for b in theirs.indices {
        let offset = theirs[b] - ours[a]
        atoms.append(
          (
            functions[numbers[a * theirs.count + b]], (offset * axis).sum(),
            (offset * offset).sum()
          ))
      }
    }
    return Placement(atoms: atoms)
  }
}
