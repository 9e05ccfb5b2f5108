import AtomicData
import ParetoFronts

extension TreeSearch {
  /// What a tree search has learnt, and its random numbers: all that decides how it goes on.
  ///
  /// A tree of incomplete prefixes in parallel arrays, node 0 the empty prefix, at most `capacity` of
  /// them. Each knows its last choice, its visits, the best reward below it, and the choices that are
  /// closed: those of which all completions were proposed. A parent has at least the visits of its
  /// children. Closed nodes are cut off.
  ///
  /// When the arrays are full, the nodes visited least are forgotten, half of all: visits and rewards
  /// have long gone to the nodes above, which keep them. What was closed below a forgotten node may be
  /// proposed again; the record of the search knows it.
  struct Statistics: Sendable, Hashable, Codable {
    /// Nil before the first batch.
    var random: RandomStream?
    private var choices: [UInt8] = [0]
    /// 0 for none, in both.
    private var firstChild: [Int32] = [0]
    private var nextSibling: [Int32] = [0]
    private var visits: [Int32] = [0]
    /// In billionths, exact as text.
    private var rewards: [Int32] = [0]
    private var closed: [UInt64] = [0]

    private(set) var models = Models()

    static let capacity = 20_000
    private static let rewardUnit = 1e-9

    var nodeCount: Int { choices.count }

    func choice(_ node: Int) -> UInt8 { choices[node] }
    func visits(_ node: Int) -> Int { Int(visits[node]) }
    func reward(_ node: Int) -> Double { Double(rewards[node]) * Self.rewardUnit }
    func closed(_ node: Int) -> Grammar.Choices { Grammar.Choices(rawValue: closed[node]) }

    /// Oldest first.
    func children(of node: Int) -> [Int] {
      var children: [Int] = []
      var child = Int(firstChild[node])
      while child != 0 {
        children.append(child)
        child = Int(nextSibling[child])
      }
      return children
    }

    // MARK: Growth

    mutating func countVisit(_ node: Int) { visits[node] = min(visits[node], .max - 1) + 1 }

    mutating func appendChild(_ choice: UInt8, to parent: Int) -> Int {
      let child = nodeCount
      link(child, asLastOf: parent)
      append(choice, visits: 0, reward: 0, closed: 0)
      return child
    }

    private mutating func append(_ choice: UInt8, visits: Int32, reward: Int32, closed: UInt64) {
      choices.append(choice)
      firstChild.append(0)
      nextSibling.append(0)
      self.visits.append(visits)
      rewards.append(reward)
      self.closed.append(closed)
    }

    private mutating func link(_ child: Int, asLastOf parent: Int) {
      if let last = children(of: parent).last {
        nextSibling[last] = Int32(child)
      } else {
        firstChild[parent] = Int32(child)
      }
    }

    /// Marks all that follows a choice as proposed, and cuts it off.
    mutating func close(_ choice: UInt8, in node: Int) {
      closed[node] |= Grammar.Choices(choice).rawValue
      let children = children(of: node)
      guard let place = children.firstIndex(where: { choices[$0] == choice }) else { return }
      let next = nextSibling[children[place]]
      if place == 0 { firstChild[node] = next } else { nextSibling[children[place - 1]] = next }
      nextSibling[children[place]] = 0
    }

    /// Forgets half of the nodes, where there is no room for another.
    mutating func makeRoom() {
      guard nodeCount >= Self.capacity else { return }
      let kept = Self.capacity / 2
      let reachable = reachableNodes() ?? [0]
      let ranked = reachable.map { visits[$0] }.sorted(by: >)
      let tooFew = ranked.count > kept ? ranked[kept] : 0
      var smaller = Statistics()
      (smaller.random, smaller.models) = (random, models)
      (smaller.visits[0], smaller.rewards[0], smaller.closed[0]) = (
        visits[0], rewards[0], closed[0]
      )
      var open = [(old: 0, new: 0)]
      while let (old, new) = open.popLast() {
        for child in children(of: old) where visits[child] > tooFew {
          let number = smaller.appendChild(choices[child], to: new)
          smaller.visits[number] = visits[child]
          smaller.rewards[number] = rewards[child]
          smaller.closed[number] = closed[child]
          open.append((child, number))
        }
      }
      self = smaller
    }

    // MARK: Fits

    /// Takes in the fit of a path that was proposed.
    mutating func learn(_ path: [UInt8], _ candidate: Candidate) {
      let reward = Int32((TreeSearch.reward(candidate) / Self.rewardUnit).rounded())
      models.insert(path, reward: reward)
      var node = 0
      rewards[0] = max(rewards[0], reward)
      for choice in path {
        guard let child = children(of: node).first(where: { choices[$0] == choice }) else { return }
        rewards[child] = max(rewards[child], reward)
        node = child
      }
    }

    // MARK: Soundness

    /// Whether these can be statistics of a search.
    var isSound: Bool {
      let counts = [
        firstChild.count, nextSibling.count, visits.count, rewards.count, closed.count,
      ]
      let links = 0..<Int32(min(nodeCount, Self.capacity))
      let largestReward = Int32((1 / Self.rewardUnit).rounded())
      return (1...Self.capacity).contains(nodeCount) && counts.allSatisfy { $0 == nodeCount }
        && choices.allSatisfy { $0 < 64 }
        && (firstChild + nextSibling).allSatisfy(links.contains)
        && visits.allSatisfy { $0 >= 0 }
        && rewards.allSatisfy { (0...largestReward).contains($0) }
        && models.isSound && reachableNodes() != nil
    }

    /// The nodes below the root, and it; nil where the links are none of a tree.
    private func reachableNodes() -> [Int]? {
      var isReached = Array(repeating: false, count: nodeCount)
      var reached = [0]
      isReached[0] = true
      var position = 0
      while position < reached.count {
        var child = Int(firstChild[reached[position]])
        while child != 0 {
          guard !isReached[child] else { return nil }
          isReached[child] = true
          reached.append(child)
          child = Int(nextSibling[child])
        }
        position += 1
      }
      return reached
    }
  }
}
