import ExpressionTrees
import Foundation
import Testing

/// The forms that Benchmarks/Speed measures on; how well they are fitted is measured there.
struct ReferenceMixTests {
  private static func trees() throws -> [ExpressionTree] {
    let root = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return try String(
      contentsOf: root.appending(path: "Benchmarks/ReferenceMix.txt"), encoding: .utf8
    )
    .split(separator: "\n").filter { !$0.hasPrefix("#") }
    .map { try ExpressionTree(parsing: String($0)) }
  }

  @Test("the reference mix has 200 distinct forms of 12 nodes on average")
  func mix() throws {
    let trees = try Self.trees()
    #expect(trees.count == 200)
    #expect(Set(trees).count == 200)
    let mean = Double(trees.map(\.nodeCount).reduce(0, +)) / 200
    #expect(abs(mean - 12) <= 0.3)
    #expect(trees.allSatisfy { (5...20).contains($0.nodeCount) })
  }

  /// The mix stays as it is, so that figures of different versions compare, also where the rules have
  /// come to another notation since.
  @Test("every form of the reference mix has a canonical form of no more nodes")
  func canonical() throws {
    for tree in try Self.trees() {
      let form = try #require(CanonicalForm(of: tree, typeCount: 2), "\(tree)")
      #expect(form.tree.nodeCount <= tree.nodeCount, "\(tree)")
    }
  }
}
