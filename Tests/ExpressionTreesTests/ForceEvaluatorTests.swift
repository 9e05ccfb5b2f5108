import AtomicData
import CVectorKernels
import Testing

@testable import ExpressionTrees

struct ForceEvaluatorTests {
  static let distances = [5.0, 3.1, 2.2, 1.4, 0.9]
  static let pointCounts = [5, 3, 4]

  static func evaluator(_ tree: ExpressionTree) -> ForceEvaluator {
    ForceEvaluator(
      tree: tree, typeCount: 2, pairs: twoTypes.pairs,
      distances: distances, pointCounts: pointCounts)
  }

  static func forces(_ evaluator: ForceEvaluator, _ theta: [Double]) -> [Double] {
    var forces = Array(repeating: 0.0, count: evaluator.rowLength)
    evaluator.evaluate(theta: theta, forces: &forces)
    return forces
  }

  /// Forces at the nodes in use, and rows of their derivatives by θ.
  static func jacobian(
    _ tree: ExpressionTree, _ evaluator: ForceEvaluator, _ theta: [Double]
  ) -> [[Double]] {
    var forces = Array(repeating: 0.0, count: evaluator.rowLength)
    var byLeaf = Array(repeating: 0.0, count: evaluator.rowLength * tree.parameters.count)
    evaluator.evaluate(theta: theta, forces: &forces, jacobian: &byLeaf)
    let layout = tree.layout(typeCount: 2)
    var rows = theta.map { _ in Array(repeating: 0.0, count: evaluator.rowLength) }
    for number in tree.parameters.indices {
      for (pair, types) in twoTypes.pairs.enumerated() {
        let dependence = layout.dependence(of: number, for: types, theta)
        for k in evaluator.offsets[pair]..<(evaluator.offsets[pair] + pointCounts[pair]) {
          let derivative = byLeaf[number * evaluator.rowLength + k]
          for part in [dependence.first, dependence.second].compactMap(\.self) {
            rows[part.number][k] += derivative * part.derivative
          }
        }
      }
    }
    return rows
  }

  @Test("forces on the grid equal those of the tree, one distance at a time")
  func againstPlainEvaluation() {
    var compared = 0
    var negativeBases = 0
    for seed in 0..<2_000 as Range<UInt64> {
      var generator = RandomExpressions(seed: seed)
      let tree = generator.tree(nodeCount: 1 + generator.random.nextInt(below: 14))
      let layout = tree.layout(typeCount: 2)
      let theta = generator.theta(count: layout.count)
      let forces = Self.forces(Self.evaluator(tree), theta)
      for (number, pair) in twoTypes.pairs.enumerated() {
        var index = Self.evaluator(tree).offsets[number]
        let count = Self.pointCounts[number]
        for distance in Self.distances[..<count] {
          let value = tree.value(at: distance, theta: theta, pair: pair, layout: layout)
          let force = forces[index]
          index += 1
          guard value.derivative.isFinite, abs(value.energy) < 1e12 else { continue }
          // A negative constant to a power that varies, but happens to be whole, has a value in the tree
          // alone.
          if force.isNaN, tree.nodes.contains(.operation(.power)), theta.contains(where: { $0 < 0 })
          {
            negativeBases += 1
            continue
          }
          compared += 1
          let tolerance = 1e-9 * (1 + abs(value.derivative) + abs(value.energy))
          #expect(
            abs(force + value.derivative) <= tolerance,
            "seed \(seed): \(tree) \(theta) at \(distance)")
        }
      }
    }
    #expect(compared > 8_000)
    #expect(negativeBases < 20)
  }

  @Test(
    "forces of expressions with Q or indicators equal those of the tree, and so do the derivatives",
    arguments: [[KnownQuantity.property], KnownQuantity.allCases])
  func known(quantities: [KnownQuantity]) {
    let pairs = quantities.count > 1 ? bondedTypes.kindPairs : chargedTypes.kindPairs
    var compared = 0
    for seed in 0..<2_000 as Range<UInt64> {
      var generator = RandomExpressions(seed: seed, known: quantities)
      let tree = generator.tree(nodeCount: 1 + generator.random.nextInt(below: 14))
      let layout = tree.layout(typeCount: 2)
      let theta = generator.theta(count: layout.count)
      let evaluator = ForceEvaluator(
        tree: tree, typeCount: 2, pairs: pairs, distances: Self.distances,
        pointCounts: pairs.map { _ in Self.distances.count })
      var forces = Array(repeating: 0.0, count: evaluator.rowLength)
      var byLeaf = Array(repeating: 0.0, count: evaluator.rowLength * tree.parameters.count)
      evaluator.evaluate(theta: theta, forces: &forces, jacobian: &byLeaf)
      func slope(_ distance: Double, _ pair: PairType, _ theta: [Double]) -> Double {
        -tree.value(at: distance, theta: theta, pair: pair, layout: layout).derivative
      }
      for (number, pair) in pairs.enumerated() {
        for (place, distance) in Self.distances.enumerated() {
          let value = tree.value(at: distance, theta: theta, pair: pair, layout: layout)
          let force = forces[evaluator.offsets[number] + place]
          guard value.derivative.isFinite, abs(value.energy) < 1e6, abs(value.derivative) < 1e6,
            force.isFinite
          else { continue }
          compared += 1
          #expect(
            abs(force + value.derivative)
              <= 1e-9 * (1 + abs(value.derivative) + abs(value.energy)),
            "seed \(seed): \(tree) \(theta) at \(distance), \(pair)")
          for (leaf, parameter) in tree.parameters.enumerated() where parameter.kind == .global {
            let k = layout.ranges[leaf].lowerBound
            func difference(_ step: Double) -> Double {
              var (up, down) = (theta, theta)
              up[k] += step
              down[k] -= step
              return (slope(distance, pair, up) - slope(distance, pair, down)) / (2 * step)
            }
            // Where two steps disagree, differences say nothing.
            let (coarse, reference) = (difference(2e-4), difference(1e-4))
            guard abs(coarse - reference) < 1e-5 * (1 + abs(reference)) else { continue }
            let derivative = byLeaf[
              leaf * evaluator.rowLength + evaluator.offsets[number] + place]
            guard derivative.isFinite else { continue }
            #expect(
              abs(derivative - reference) <= 1e-4 * (1 + abs(reference) + abs(force)),
              "seed \(seed): \(tree) \(theta) at \(distance), \(pair), \(parameter)")
          }
        }
      }
    }
    #expect(compared > 20_000)
  }

  /// Whether U is not a number somewhere: the root of a negative constant, say.
  private static func hasNoValue(_ tree: ExpressionTree, _ theta: [Double]) -> Bool {
    let layout = tree.layout(typeCount: 2)
    return twoTypes.pairs.contains { pair in
      distances.contains {
        tree.value(at: $0, theta: theta, pair: pair, layout: layout).energy.isNaN
      }
    }
  }

  @Test("the gradient by θ equals central differences")
  func gradientAgainstDifferences() {
    var compared = 0
    for seed in 0..<2_000 as Range<UInt64> {
      var generator = RandomExpressions(seed: seed)
      let tree = generator.tree(nodeCount: 2 + generator.random.nextInt(below: 13))
      let theta = generator.theta(count: tree.layout(typeCount: 2).count)
      let evaluator = Self.evaluator(tree)
      let isUsed = (0..<evaluator.rowLength).map { k in
        zip(evaluator.offsets, Self.pointCounts).contains { $0 <= k && k < $0 + $1 }
      }
      let weights = isUsed.map { $0 ? generator.random.nextUnit() - 0.5 : 0 }
      func weighted(_ row: [Double]) -> Double {
        // What stands in the gaps may be no number.
        zip(row, weights).reduce(0) { $1.1 == 0 ? $0 : $0 + $1.0 * $1.1 }
      }
      func used(_ theta: [Double]) -> [Double] {
        zip(Self.forces(evaluator, theta), isUsed).map { $1 ? $0 : 0 }
      }
      guard used(theta).allSatisfy({ abs($0) < 1e3 }) else { continue }
      let gradient = Self.jacobian(tree, evaluator, theta).map(weighted)
      for k in theta.indices {
        func difference(_ step: Double) -> Double {
          var (upper, lower) = (theta, theta)
          upper[k] += step
          lower[k] -= step
          return (weighted(used(upper)) - weighted(used(lower))) / (2 * step)
        }
        // Richardson extrapolation; where the two steps disagree, differences say nothing.
        let (coarse, fine) = (difference(2e-4), difference(1e-4))
        let reference = (4 * fine - coarse) / 3
        guard reference.isFinite, abs(coarse - fine) < 1e-4 * (1 + abs(fine)) else { continue }
        // A negative base with an exponent that happens to be whole has a value, but no derivative
        // by the exponent.
        if gradient[k].isNaN, tree.nodes.contains(.operation(.power)) { continue }
        // Nor where U has no value, but a force.
        if gradient[k].isNaN, Self.hasNoValue(tree, theta) { continue }
        compared += 1
        #expect(
          abs(gradient[k] - reference) <= 2e-6 * (1 + abs(reference)),
          "seed \(seed): \(tree) \(theta), parameter \(k)")
      }
    }
    #expect(compared > 3_000)
  }

  @Test("energies are those of the tree, and their derivatives by r are minus those of the forces")
  func energies() throws {
    var compared = 0
    for seed in 0..<1_000 as Range<UInt64> {
      var generator = RandomExpressions(seed: seed)
      let tree = generator.tree(nodeCount: 1 + generator.random.nextInt(below: 14))
      guard tree.nodes.contains(.distance) else { continue }
      let layout = tree.layout(typeCount: 2)
      let theta = generator.theta(count: layout.count)
      // Around each node, so that derivatives by r can be taken.
      let step = 1e-5
      let middle = Self.distances[2]
      let evaluator = ForceEvaluator(
        tree: tree, typeCount: 2, pairs: twoTypes.pairs,
        distances: [middle, middle + step, middle - step], pointCounts: [3, 3, 3])
      let size = evaluator.rowLength
      var forces = Array(repeating: 0.0, count: size)
      var energies = forces
      var byLeaf = Array(repeating: 0.0, count: size * tree.parameters.count)
      var energiesByLeaf = byLeaf
      evaluator.evaluate(
        theta: theta, forces: &forces, jacobian: &byLeaf, energies: &energies,
        energyJacobian: &energiesByLeaf)
      for (number, pair) in twoTypes.pairs.enumerated() {
        let place = evaluator.offsets[number]
        let expected = tree.value(at: middle, theta: theta, pair: pair, layout: layout)
        guard expected.energy.isFinite, abs(expected.energy) < 1e3,
          abs(expected.derivative) < 1e3
        else { continue }
        #expect(
          abs(energies[place] - expected.energy) <= 1e-12 * (1 + abs(expected.energy)),
          "seed \(seed): \(tree) \(theta)")
        for parameter in tree.parameters.indices {
          let row = parameter * size + place
          let (above, below) = (energiesByLeaf[row + 1], energiesByLeaf[row + 2])
          guard above.isFinite, below.isFinite, abs(above) < 1e3, byLeaf[row].isFinite else {
            continue
          }
          let slope = (above - below) / (2 * step)
          compared += 1
          #expect(
            abs(byLeaf[row] + slope) <= 1e-5 * (1 + abs(slope) + abs(above)),
            "seed \(seed): \(tree) \(theta), parameter \(parameter)")
        }
      }
    }
    #expect(compared > 1_000)
  }

  @Test("every level of the kernels gives the same bits, for forces and derivatives")
  func levels() {
    let kernels = [VectorLevelBaseline, VectorLevelAVX2, VectorLevelAVX512]
      .compactMap { vectorKernels($0)?.pointee }
    for seed in 0..<300 as Range<UInt64> {
      var generator = RandomExpressions(seed: seed)
      let tree = generator.tree(nodeCount: 1 + generator.random.nextInt(below: 14))
      let theta = generator.theta(count: tree.layout(typeCount: 2).count)
      let results = kernels.map { kernels -> [UInt64] in
        let evaluator = ForceEvaluator(
          tree: tree, typeCount: 2, pairs: twoTypes.pairs,
          distances: Self.distances, pointCounts: Self.pointCounts, kernels: kernels)
        var forces = Array(repeating: 0.0, count: evaluator.rowLength)
        var jacobian = Array(
          repeating: 0.0, count: evaluator.rowLength * tree.parameters.count)
        var energies = forces
        var energyJacobian = jacobian
        evaluator.evaluate(
          theta: theta, forces: &forces, jacobian: &jacobian, energies: &energies,
          energyJacobian: &energyJacobian)
        // The sign of what is no number is free.
        return (forces + jacobian + energies + energyJacobian).map { $0.isNaN ? 0 : $0.bitPattern }
      }
      for result in results.dropFirst() { #expect(result == results[0], "seed \(seed): \(tree)") }
    }
  }
}
