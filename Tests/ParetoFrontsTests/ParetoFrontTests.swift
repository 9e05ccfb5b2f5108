import AtomicData
import ExpressionTrees
import Testing

@testable import ForceFitting
@testable import ParetoFronts

struct ParetoFrontTests {
  /// A candidate of a complexity and a loss.
  static func candidate(_ complexity: Int, _ loss: Double, r2: Double = 0.5) -> Candidate {
    let nodes = Array(
      repeating: ExpressionTree.Node.operation(.negate), count: complexity - 1)
    let fit = FitOutcome(
      theta: [], meanSquaredForceError: loss, r2: r2, maxConstraintViolation: 0,
      undeterminedDirections: 0, status: .fitted,
      evaluations: 1, starts: 1, stopReason: .converged)
    return Candidate(
      tree: ExpressionTree(nodes: [.distance] + nodes, parameters: []), fit: fit)
  }

  @Test("the front is what brute-force dominance leaves")
  func bruteForce() {
    for seed in 0..<200 as Range<UInt64> {
      var random = RandomStream(seed: seed)
      let candidates = (0..<60).map { _ in
        Self.candidate(
          1 + random.nextInt(below: 12), Double(1 + random.nextInt(below: 30)) / 10)
      }
      let points = Set(candidates.map { Point(complexity: $0.complexity, loss: $0.loss) })
      let expected = points.filter { point in
        !points.contains { other in
          other != point && other.complexity <= point.complexity && other.loss <= point.loss
        }
      }.sorted { $0.complexity < $1.complexity }
      let front = ParetoFront(candidates)
      #expect(
        front.entries.map { Point(complexity: $0.complexity, loss: $0.loss) } == expected,
        "seed \(seed)")
    }
  }

  private struct Point: Hashable {
    let complexity: Int
    let loss: Double
  }

  @Test("a fit that explains nothing, or failed, never enters")
  func unusable() {
    var front = ParetoFront()
    front.insert(Self.candidate(3, 1, r2: 0))
    front.insert(Self.candidate(3, .nan, r2: .nan))
    #expect(front.entries.isEmpty)
  }

  @Test("of equal candidates the first stays")
  func ties() {
    var front = ParetoFront()
    let isTaken = [3, 3, 4].map { front.insert(Self.candidate($0, 1)) }
    #expect(isTaken == [true, false, false])
    #expect(front.best(upTo: 2) == nil)
    #expect(front.best(upTo: 9)?.complexity == 3)
  }
}
