/// The candidates that no other one beats in both complexity and loss.
///
/// Invariant: complexity rises and loss falls strictly from entry to entry. Of two candidates with
/// equal complexity and loss the first to come stays.
public struct ParetoFront: Sendable {
  /// By rising complexity.
  public private(set) var entries: [Candidate] = []

  public init() {}

  public init(_ candidates: some Sequence<Candidate>) {
    for candidate in candidates { insert(candidate) }
  }

  /// Takes the candidate in where no entry dominates it, and drops the entries it dominates.
  ///
  /// A candidate without a usable fit is not taken in.
  /// - Returns: whether it is in the front now.
  @discardableResult
  public mutating func insert(_ candidate: Candidate) -> Bool {
    guard candidate.fit.isCandidate else { return false }
    let smallerCount = entries.prefix { $0.complexity <= candidate.complexity }.count
    if smallerCount > 0, entries[smallerCount - 1].loss <= candidate.loss { return false }
    entries.removeAll { $0.complexity >= candidate.complexity && $0.loss >= candidate.loss }
    let place = entries.prefix { $0.complexity < candidate.complexity }.count
    entries.insert(candidate, at: place)
    return true
  }

  /// The best entry with at most this many nodes.
  public func best(upTo complexity: Int) -> Candidate? {
    entries.last { $0.complexity <= complexity }
  }
}
