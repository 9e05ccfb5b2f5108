import Foundation
import RunStorage

/// How a search went, from the samples in its run database.
public struct SearchHistory: Sendable {
  struct Moment: Sendable {
    /// Over all stages and processes, s.
    let time: Double
    let sample: ProgressSample
    /// Since the moment before in the same process; nil for the first one of a process.
    let coresBusy: Double?
    /// Share of what was proposed since the moment before, the enumeration apart, that were forms never
    /// fitted before.
    let shareNew: Double?
  }

  let moments: [Moment]

  /// Ways to find forms as people know them, in the order of the search.
  static let strategies: [(name: String, origins: [String])] = [
    ("seeds", ["seed"]),
    ("enumeration", ["enumeration"]),
    ("islands", ["fresh", "mutation", "crossover"]),
    ("compositions", ["composition"]),
    ("tree search", ["treeSearch"]),
  ]

  /// - Throws: `InputError` where the database is none of symreg's.
  public init(_ store: RunStore) throws {
    self.init(try store.progress())
  }

  init(_ progress: [(stage: Int, sample: ProgressSample)]) {
    var moments: [Moment] = []
    var (before, stage) = (0.0, -1)
    for (number, sample) in progress {
      if number != stage { (before, stage) = (moments.last?.time ?? 0, number) }
      let last = moments.last
      let isSameProcess = last.map { $0.sample.processSeconds < sample.processSeconds } ?? false
      let wall = sample.processSeconds - (last?.sample.processSeconds ?? 0)
      let work = sample.processorSeconds - (last?.sample.processorSeconds ?? 0)
      let proposals = sample.proposals - (last?.sample.proposals ?? 0)
      let new = Self.new(sample) - (last.map { Self.new($0.sample) } ?? 0)
      moments.append(
        Moment(
          time: before + sample.seconds, sample: sample,
          coresBusy: isSameProcess && wall > 0 && work >= 0 ? work / wall : nil,
          shareNew: proposals > 0 && new >= 0 ? min(1, Double(new) / Double(proposals)) : nil))
    }
    self.moments = moments
  }

  private static func new(_ sample: ProgressSample) -> Int {
    sample.proposals - sample.duplicates - sample.rejected
  }

  var isEmpty: Bool { moments.count < 2 }

  /// Forms fitted by each way that found some.
  var fitted: [(name: String, count: Int)] {
    guard let last = moments.last?.sample else { return [] }
    return Self.strategies.map { ($0.name, Self.count(last, $0.origins)) }.filter { $0.1 > 0 }
  }

  static func count(_ sample: ProgressSample, _ origins: [String]) -> Int {
    origins.reduce(0) { $0 + (sample.fitted[$1] ?? 0) }
  }
}
