extension TreeSearch {
  /// Paths of good forms, whose parts are used again: the best few of every length.
  ///
  /// Short ones are the building blocks, long ones hold the larger parts. This is the module
  /// transplantation of Sun et al. (arXiv:2205.13134), but in completions rather than as choices of their
  /// own, so that the tree keeps its choices.
  struct Models: Sendable, Hashable, Codable {
    /// Shortest first.
    private(set) var paths: [[UInt8]] = []
    private var rewards: [Int32] = []

    static let countPerLength = 4

    /// Takes in the path of a form that was fitted.
    ///
    /// Of one length, a reward stands once: equal ones are mostly one family in two notations.
    mutating func insert(_ path: [UInt8], reward: Int32) {
      let rivals = paths.indices.filter { paths[$0].count == path.count }
      guard reward > 0, rivals.allSatisfy({ rewards[$0] != reward }) else { return }
      if rivals.count < Self.countPerLength {
        let place = paths.firstIndex { $0.count > path.count } ?? paths.count
        paths.insert(path, at: place)
        rewards.insert(reward, at: place)
      } else if let worst = rivals.min(by: { rewards[$0] < rewards[$1] }), rewards[worst] < reward {
        (paths[worst], rewards[worst]) = (path, reward)
      }
    }

    /// Whether these are complete paths, few enough.
    var isSound: Bool {
      let lengths = Dictionary(grouping: paths, by: \.count)
      return paths.count == rewards.count
        && paths.map(\.count) == paths.map(\.count).sorted()
        && lengths.values.allSatisfy { $0.count <= Self.countPerLength }
        && paths.allSatisfy { path in
          path.allSatisfy { $0 < 64 } && Grammar.end(of: path, from: 0) == path.count
        }
    }
  }
}
