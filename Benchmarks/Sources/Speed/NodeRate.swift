import SymReg

/// Nodes of a tree evaluated on a grid, value and dU/dr in double precision, on one thread.
///
/// Counted per node of the tree, leaves included, and grid point.
struct NodeRate: Codable, Sendable {
  let expression: String
  let nodes: Int
  let instructions: VectorInstructions
  let pairTypes: Int
  /// Of all pair types.
  let points: Int
  /// Nodes times grid points per second; median over the repeats.
  let perSecond: Double
  /// The same with all derivatives by the parameters.
  let perSecondWithDerivatives: Double

  private static let expressions = [
    "a*exp(-b*r) - c/r^6 + q/r", "A*exp(-b*r) - C/r^6 + Q/r", "X/r + Y*exp(-b*r)",
    "A/r^12 - B/r^6 + Q/r",
  ]

  static func all(_ grid: RadialGrid, repeats: Int) throws -> [NodeRate] {
    // From 10 Å to 1.1 Å, uniform in 1/r.
    let long = (0..<1_500).map { 10 / (1 + 8 * Double($0) / 1_499) }
    let cases = [(grid.distances, grid.pointCounts), (long, [1_500])]
    var rates: [NodeRate] = []
    for instructions in VectorInstructions.allCases {
      for expression in expressions {
        let tree = try ExpressionTree(parsing: expression)
        for (distances, counts) in cases {
          guard
            var evaluation = GridEvaluation(
              tree, distances: distances, pairCounts: counts, instructions: instructions)
          else { continue }
          let size = evaluation.nodeEvaluations
          let plain = rate(size, repeats) { evaluation.evaluate() }
          let full = rate(size, repeats) { evaluation.evaluateWithDerivatives() }
          rates.append(
            NodeRate(
              expression: expression, nodes: tree.nodeCount, instructions: instructions,
              pairTypes: counts.count, points: counts.reduce(0, +), perSecond: plain,
              perSecondWithDerivatives: full))
        }
      }
    }
    return rates
  }

  private static func rate(_ size: Int, _ repeats: Int, _ body: () -> Void) -> Double {
    // Some milliseconds a repeat, whatever the size.
    let rounds = max(1, 20_000_000 / size)
    let times = (0..<repeats).map { _ in seconds { for _ in 0..<rounds { body() } } }
    return Double(size * rounds) / times.median
  }
}
