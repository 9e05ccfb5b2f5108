import SymReg

/// Forces of one tree on a grid, again and again. All use of the evaluator is in this file.
struct GridEvaluation {
  private let evaluator: ForceEvaluator
  private let theta: [Double]
  private var forces: [Double]
  private var jacobian: [Double]
  /// Nodes of the tree times grid points of all pair types.
  let nodeEvaluations: Int

  /// - Parameters:
  ///   - pairCounts: grid points of each pair type; of one or of three (two atom types).
  /// - Returns: nil where the machine lacks the instructions.
  init?(
    _ tree: ExpressionTree, distances: [Double], pairCounts: [Int],
    instructions: VectorInstructions
  ) {
    guard let kernels = instructions.kernels else { return nil }
    let typeCount = pairCounts.count == 1 ? 1 : 2
    evaluator = ForceEvaluator(
      tree: tree, typeCount: typeCount,
      pairs: PairTypes(typeNames: Array(["A", "B"].prefix(typeCount))).pairs,
      distances: distances, pointCounts: pairCounts, kernels: kernels)
    theta = (0..<tree.layout(typeCount: typeCount).count).map { 0.4 + 0.1 * Double($0) }
    forces = Array(repeating: 0, count: evaluator.rowLength)
    jacobian = Array(repeating: 0, count: evaluator.rowLength * tree.parameters.count)
    nodeEvaluations = tree.nodeCount * pairCounts.reduce(0, +)
  }

  /// Value and dU/dr.
  mutating func evaluate() { evaluator.evaluate(theta: theta, forces: &forces) }

  /// Value, dU/dr and their derivatives by every parameter.
  mutating func evaluateWithDerivatives() {
    evaluator.evaluate(theta: theta, forces: &forces, jacobian: &jacobian)
  }
}
