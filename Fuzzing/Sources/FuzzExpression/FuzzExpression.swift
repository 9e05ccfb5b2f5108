import AtomicData
import ExpressionTrees
import FuzzSupport

/// Any text is an expression or one place that says why not; an expression can be printed, brought
/// into its canonical form and evaluated.
enum FuzzExpression {
  private static let distances = [0.5, 1, 2.75, 9]

  fileprivate static func test(_ text: String) {
    do {
      let tree = try ExpressionTree(parsing: text)
      try checkNotation(of: tree)
      _ = tree.stableHash
      _ = tree.termCoefficients
      _ = tree.baseParameters
      for typeCount in 1...2 {
        evaluate(tree, typeCount: typeCount)
        guard let form = CanonicalForm(of: tree, typeCount: typeCount) else { continue }
        try checkNotation(of: form.tree)
        precondition(form.theta.count == form.tree.layout(typeCount: typeCount).count)
        evaluate(form.tree, typeCount: typeCount)
      }
    } catch let error as ExpressionError {
      let lines = error.description.split(omittingEmptySubsequences: false) { $0.isNewline }
      precondition(lines.count == 3, "\(error)")
    } catch {
      preconditionFailure("\(error)")
    }
  }

  /// What is printed reads back as the same tree.
  private static func checkNotation(of tree: ExpressionTree) throws {
    let text = tree.description
    let again = (try? ExpressionTree(parsing: text)) == tree
    precondition(again, "\(text) is not read back")
  }

  private static func evaluate(_ tree: ExpressionTree, typeCount: Int) {
    let pairs = (0..<typeCount).map {
      PairType(first: 0, second: $0, property: 0.25 - 0.5 * Double($0), bonds: $0 % 4)
    }
    let layout = tree.layout(typeCount: typeCount)
    let theta = (0..<layout.count).map { 0.5 + 0.125 * Double($0 % 8) }
    for pair in pairs {
      for distance in distances {
        _ = tree.value(at: distance, theta: theta, pair: pair, layout: layout)
      }
    }
    let evaluator = ForceEvaluator(
      tree: tree, typeCount: typeCount, pairs: pairs,
      distances: distances, pointCounts: pairs.map { _ in distances.count })
    var forces = [Double](repeating: 0, count: evaluator.rowLength)
    var jacobian = [Double](
      repeating: 0, count: evaluator.rowLength * max(1, tree.parameters.count))
    forces.withUnsafeMutableBufferPointer { forces in
      jacobian.withUnsafeMutableBufferPointer { jacobian in
        guard let start = forces.baseAddress else { return }
        evaluator.evaluate(theta: theta, forces: start, jacobian: jacobian.baseAddress)
      }
    }
  }
}

@c(LLVMFuzzerTestOneInput)
func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  FuzzExpression.test(
    String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self))
  return 0
}
