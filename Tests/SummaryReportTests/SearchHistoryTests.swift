import RunStorage
import Testing

@testable import SummaryReport

@Suite("History of a search")
struct SearchHistoryTests {
  static func sample(
    _ seconds: Double, process: Double, work: Double, proposals: Int, evaluations: Int,
    fitted: [String: Int] = [:]
  ) -> ProgressSample {
    ProgressSample(
      seconds: seconds, processSeconds: process, processorSeconds: work, proposals: proposals,
      duplicates: proposals - evaluations, rejected: 0, evaluations: evaluations, dropped: 0,
      fitted: fitted, lastNumber: evaluations, sizes: [3, 5], losses: [0.01, 0.0049])
  }

  static let history = SearchHistory([
    (0, sample(1, process: 1, work: 1.5, proposals: 100, evaluations: 80)),
    (0, sample(3, process: 3, work: 5.5, proposals: 300, evaluations: 180)),
    // Resumed by another process.
    (0, sample(4, process: 1, work: 2, proposals: 400, evaluations: 200)),
    (
      1,
      sample(
        2, process: 2, work: 4, proposals: 500, evaluations: 250,
        fitted: ["mutation": 100, "crossover": 50, "enumeration": 100])
    ),
  ])

  @Test("times go on from stage to stage")
  func times() {
    #expect(Self.history.moments.map(\.time) == [1, 3, 4, 6])
  }

  @Test("cores are counted within a process, new forms since the moment before")
  func rates() {
    let moments = Self.history.moments
    #expect(moments[0].coresBusy == nil)
    #expect(moments[1].coresBusy == 2)
    #expect(moments[2].coresBusy == nil)
    #expect(moments[1].shareNew == 0.5)
    #expect(moments[2].shareNew == 0.2)
    #expect(moments[3].shareNew == 0.5)
  }

  @Test("forms are counted by strategy")
  func strategies() {
    let fitted = Self.history.fitted
    #expect(fitted.map(\.name) == ["enumeration", "islands"])
    #expect(fitted.map(\.count) == [100, 150])
  }

  @Test("figures need times")
  func figures() {
    #expect(SearchFigures(history: SearchHistory([])).plots.isEmpty)
    let names = SearchFigures(history: Self.history, threads: 2).plots.map(\.name)
    #expect(names.contains("search-errors") && names.contains("search-forms"))
  }
}
