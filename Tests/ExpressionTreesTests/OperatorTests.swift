import AtomicData
import Testing

@testable import ExpressionTrees

struct OperatorTests {
  static let functions = Operator.functions
  static let pair = PairType(first: 0, second: 0)

  /// f of an argument that is positive at all distances of the tests.
  static func tree(_ function: Operator) throws -> ExpressionTree {
    try ExpressionTree(parsing: "c*\(function.symbol)(a*r + b)")
  }

  @Test("the slope of every function is that of central differences", arguments: functions)
  func slopes(function: Operator) throws {
    let tree = try Self.tree(function)
    let layout = tree.layout(typeCount: 1)
    for theta in [[1.3, 0.4, 0.2], [-0.7, -0.1, 2.5]] {
      let value = {
        tree.value(at: $0, theta: theta, pair: Self.pair, layout: layout)
      }
      for distance in [0.3, 0.9, 1.7, 3.1] {
        let step = 1e-4
        let difference = { (value(distance + $0).energy - value(distance - $0).energy) / (2 * $0) }
        // Richardson extrapolation leaves h⁴ and rounding.
        let reference = (4 * difference(step) - difference(2 * step)) / 3
        #expect(
          abs(value(distance).derivative - reference) <= 1e-9 * (1 + abs(reference)),
          "\(tree) \(theta) at \(distance)")
      }
    }
  }

  @Test("the evaluator has the forces of the tree for every function", arguments: functions)
  func forces(function: Operator) throws {
    let tree = try Self.tree(function)
    let layout = tree.layout(typeCount: 1)
    let distances = (1...40).map { 0.2 * Double($0) }
    let evaluator = ForceEvaluator(
      tree: tree, typeCount: 1, pairs: PairTypes(typeNames: ["A"]).pairs, distances: distances,
      pointCounts: [40])
    for theta in [[1.3, 0.4, 0.2], [1, 2, 0], [-0.7, -0.1, 2.5]] {
      var forces = Array(repeating: 0.0, count: evaluator.rowLength)
      evaluator.evaluate(theta: theta, forces: &forces)
      for (k, distance) in distances.enumerated() {
        let slope = tree.value(at: distance, theta: theta, pair: Self.pair, layout: layout)
          .derivative
        if slope.isNaN {
          #expect(forces[k].isNaN)
        } else {
          // 1 − tanh² is accurate to 1e-16 of the greatest slope.
          #expect(abs(forces[k] + slope) <= 1e-13 * (1e-2 + abs(slope)), "\(tree) at \(distance)")
        }
      }
    }
  }

  @Test(
    "the evaluator's derivatives by θ are central differences for every function",
    arguments: functions, ["c*F(a*r + b)", "c*F(a + b)*r", "F(F(a*r) + c)*r", "r^F(a)*c*F(F(b))"])
  func parameters(function: Operator, expression: String) throws {
    let tree = try ExpressionTree(
      parsing: expression.replacing("F", with: function.symbol))
    let distances = [0.4, 0.8, 1.1, 1.6]
    let evaluator = ForceEvaluator(
      tree: tree, typeCount: 1, pairs: PairTypes(typeNames: ["A"]).pairs, distances: distances,
      pointCounts: [4])
    let theta = [0.9, 1.2, 1.1]
    func forces(_ theta: [Double]) -> [Double] {
      var forces = Array(repeating: 0.0, count: evaluator.rowLength)
      evaluator.evaluate(theta: theta, forces: &forces)
      return forces
    }
    var values = Array(repeating: 0.0, count: evaluator.rowLength)
    var jacobian = Array(repeating: 0.0, count: evaluator.rowLength * tree.parameters.count)
    evaluator.evaluate(theta: theta, forces: &values, jacobian: &jacobian)
    for p in tree.parameters.indices {
      func difference(_ step: Double, _ k: Int) -> Double {
        var (upper, lower) = (theta, theta)
        upper[p] += step
        lower[p] -= step
        return (forces(upper)[k] - forces(lower)[k]) / (2 * step)
      }
      for k in distances.indices {
        let reference = (4 * difference(1e-4, k) - difference(2e-4, k)) / 3
        #expect(
          abs(jacobian[p * evaluator.rowLength + k] - reference) <= 1e-8 * (1 + abs(reference)),
          "\(tree), \(tree.parameters[p]) at \(distances[k])")
      }
    }
  }

  @Test("a force is flat, not undefined, where a function has run out of the range of numbers")
  func flat() throws {
    for expression in ["gauss(exp(r^a))", "erfc(exp(r^a))", "erf(exp(r^a))", "1/exp(exp(r^a))"] {
      let tree = try ExpressionTree(parsing: expression)
      let evaluator = ForceEvaluator(
        tree: tree, typeCount: 1, pairs: PairTypes(typeNames: ["A"]).pairs, distances: [9],
        pointCounts: [1])
      var forces = Array(repeating: 1.0, count: evaluator.rowLength)
      var jacobian = forces
      evaluator.evaluate(theta: [4], forces: &forces, jacobian: &jacobian)
      #expect(forces[0] == 0 && jacobian[0] == 0, "\(expression)")
      let value = tree.value(
        at: 9, theta: [4], pair: Self.pair, layout: tree.layout(typeCount: 1))
      #expect(value.derivative == 0, "\(expression)")
    }
  }

  @Test("the logarithm and the root of a negative number have no force")
  func undefined() throws {
    for expression in ["log(a*r)", "sqrt(a*r)"] {
      let tree = try ExpressionTree(parsing: expression)
      let evaluator = ForceEvaluator(
        tree: tree, typeCount: 1, pairs: PairTypes(typeNames: ["A"]).pairs, distances: [1],
        pointCounts: [1])
      var forces = Array(repeating: 1.0, count: evaluator.rowLength)
      evaluator.evaluate(theta: [-1], forces: &forces)
      let value = tree.value(
        at: 1, theta: [-1], pair: Self.pair, layout: tree.layout(typeCount: 1))
      #expect(forces[0].isNaN && value.derivative.isNaN, "\(expression)")
    }
  }

  @Test("functions are printed and read by their names", arguments: functions)
  func roundTrip(function: Operator) throws {
    let tree = try Self.tree(function)
    #expect(tree.nodes.contains(.operation(function)))
    #expect(tree.description == "c*\(function.symbol)(a*r + b)")
  }
}
