import AtomicData
import CompressedForces
import ExpressionTrees
import ForceFitting

/// Random clusters of five atoms, of types H and O unless told otherwise, with the forces of a known
/// potential.
public enum SyntheticData {
  public static let types = PairTypes(typeNames: ["H", "O"])

  /// - Parameters:
  ///   - typeNames: one or two types, in turn.
  ///   - smallestDistance: Å, of any two atoms; the clusters grow with it.
  ///   - cutoff: Å; pairs beyond exert nothing.
  ///   - shifted: whether the force is shifted to vanish at the cutoff.
  public static func problem(
    _ expression: String, theta: [Double], typeNames: [String] = types.typeNames,
    smallestDistance: Double = 1.2, cutoff: Double = 6, shifted: Bool = true,
    mode: CutoffMode = .shiftedForce, constraints: [PotentialConstraint] = [], seed: UInt64 = 1
  ) async throws -> FitProblem {
    let tree = try ExpressionTree(parsing: expression)
    let pairTypes = PairTypes(typeNames: typeNames)
    let layout = tree.layout(typeCount: typeNames.count)
    let edge = 4 * smallestDistance
    func force(_ pair: PairType, _ distance: Double) -> Double {
      let slope = { tree.value(at: $0, theta: theta, pair: pair, layout: layout).derivative }
      return (shifted ? slope(cutoff) : 0) - slope(distance)
    }
    var random = RandomStream(seed: seed)
    let frames = (0..<150).map { _ -> Frame in
      var positions: [SIMD3<Double>] = []
      while positions.count < 5 {
        let position = edge * SIMD3(random.nextUnit(), random.nextUnit(), random.nextUnit())
        let isFree = positions.allSatisfy { distance($0, position) > smallestDistance }
        if isFree { positions.append(position) }
      }
      let atomTypes = (0..<5).map { $0 % typeNames.count }
      var forces = Array(repeating: SIMD3<Double>.zero, count: 5)
      for i in 0..<5 {
        for j in 0..<i {
          let r = distance(positions[i], positions[j])
          guard r < cutoff else { continue }
          let pair = PairType(first: atomTypes[i], second: atomTypes[j])
          let vector = force(pair, r) / r * (positions[i] - positions[j])
          forces[i] += vector
          forces[j] -= vector
        }
      }
      return Frame(positions: positions, forces: forces, types: atomTypes)
    }
    let statistics = try await ForceStatistics(
      compressing: InMemoryFrames(pairTypes: pairTypes, frames: frames), cutoff: cutoff,
      switchWidth: mode == .switched ? CutoffTreatment.defaultSwitchWidth : nil, threads: 2)
    return FitProblem(
      pairTypes: pairTypes, grid: statistics.grid, statistics: statistics.training,
      cutoffMode: mode, constraints: constraints)
  }

  private static func distance(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
    ((a - b) * (a - b)).sum().squareRoot()
  }
}
