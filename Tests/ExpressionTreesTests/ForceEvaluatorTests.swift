import AtomicData
import Testing

@testable import ExpressionTrees

struct ForceEvaluatorTests {
  static let distances = [5.0, 3.1, 2.2, 1.4, 0.9]
  static let pointCounts = [5, 3, 4]

  static func evaluator(_ tree: ExpressionTree) -> ForceEvaluator {
    ForceEvaluator(
      tree: tree, typeCount: 2, pairs: twoTypes.pairs.map { ($0.first, $0.second) },
      distances: distances, pointCounts: pointCounts)
  }

  static func forces(_ evaluator: ForceEvaluator, _ theta: [Double]) -> [Double] {
    var forces = Array(repeating: 0.0, count: evaluator.forceCount)
    evaluator.evaluate(theta: theta, forces: &forces)
    return forces
  }

  @Test("forces on the grid equal those of the tree, one distance at a time")
  func againstPlainEvaluation() {
    var compared = 0
    for seed in 0..<2_000 as Range<UInt64> {
      var generator = RandomExpressions(seed: seed)
      let tree = generator.tree(nodeCount: 1 + generator.random.nextInt(below: 14))
      let layout = tree.layout(typeCount: 2)
      let theta = generator.theta(count: layout.count)
      let forces = Self.forces(Self.evaluator(tree), theta)
      var index = 0
      for (pair, count) in zip(twoTypes.pairs, Self.pointCounts) {
        for distance in Self.distances[..<count] {
          let value = tree.value(at: distance, theta: theta, pair: pair, layout: layout)
          let force = forces[index]
          index += 1
          guard value.derivative.isFinite, abs(value.energy) < 1e12 else { continue }
          compared += 1
          let tolerance = 1e-9 * (1 + abs(value.derivative) + abs(value.energy))
          #expect(
            abs(force + value.derivative) <= tolerance,
            "seed \(seed): \(tree) \(theta) at \(distance)")
        }
      }
    }
    #expect(compared > 8_000)
  }

  @Test("the gradient by θ equals central differences")
  func gradientAgainstDifferences() {
    var compared = 0
    for seed in 0..<2_000 as Range<UInt64> {
      var generator = RandomExpressions(seed: seed)
      let tree = generator.tree(nodeCount: 2 + generator.random.nextInt(below: 13))
      let theta = generator.theta(count: tree.layout(typeCount: 2).count)
      let evaluator = Self.evaluator(tree)
      let weights = (0..<evaluator.forceCount).map { _ in generator.random.nextUnit() - 0.5 }
      let forces = Self.forces(evaluator, theta)
      guard forces.allSatisfy({ abs($0) < 1e3 }) else { continue }
      var gradient = Array(repeating: 0.0, count: theta.count)
      evaluator.accumulateGradient(theta: theta, weights: weights, gradient: &gradient)
      func weighted(_ theta: [Double]) -> Double {
        zip(Self.forces(evaluator, theta), weights).reduce(0) { $0 + $1.0 * $1.1 }
      }
      for k in theta.indices {
        func difference(_ step: Double) -> Double {
          var (upper, lower) = (theta, theta)
          upper[k] += step
          lower[k] -= step
          return (weighted(upper) - weighted(lower)) / (2 * step)
        }
        // Richardson extrapolation; where the two steps disagree, differences say nothing.
        let (coarse, fine) = (difference(2e-4), difference(1e-4))
        let reference = (4 * fine - coarse) / 3
        guard reference.isFinite, abs(coarse - fine) < 1e-4 * (1 + abs(fine)) else { continue }
        // A negative base with an exponent that happens to be whole has a value, but no derivative
        // by the exponent.
        if gradient[k].isNaN, tree.nodes.contains(.operation(.power)) { continue }
        compared += 1
        #expect(
          abs(gradient[k] - reference) <= 2e-6 * (1 + abs(reference)),
          "seed \(seed): \(tree) \(theta), parameter \(k)")
      }
    }
    #expect(compared > 3_000)
  }
}
