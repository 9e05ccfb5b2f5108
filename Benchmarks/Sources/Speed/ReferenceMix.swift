import Foundation
import SymReg

/// The 200 canonical forms that every figure of the fit speaks of.
struct ReferenceMix: Sendable {
  static let path = "Benchmarks/ReferenceMix.txt"
  static let count = 200
  static let meanNodeCount = 12.0

  let trees: [ExpressionTree]

  init(trees: [ExpressionTree]) { self.trees = trees }

  /// - Throws: `ExpressionError` for a line that is no expression, `ValidationFailure` for a mix that
  ///   is not what it should be.
  static func load() throws -> ReferenceMix {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let mix = ReferenceMix(
      trees: try text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        .map { try ExpressionTree(parsing: String($0)) })
    try mix.validate()
    return mix
  }

  var mean: Double { Double(trees.map(\.nodeCount).reduce(0, +)) / Double(trees.count) }

  func validate() throws {
    guard trees.count == Self.count, Set(trees).count == Self.count else {
      throw ValidationFailure(message: "expected \(Self.count) distinct forms")
    }
    guard abs(mean - Self.meanNodeCount) <= 0.3 else {
      throw ValidationFailure(message: "expected 12 nodes on average, found \(mean)")
    }
    for tree in trees {
      guard let canonical = CanonicalForm(of: tree, typeCount: 2),
        canonical.tree.nodes == tree.nodes
      else { throw ValidationFailure(message: "expected a canonical form, found \(tree)") }
    }
  }

  struct ValidationFailure: Error, CustomStringConvertible {
    let message: String
    var description: String { "\(ReferenceMix.path): \(message)" }
  }
}
