import AtomicData
import Foundation
import Testing

@testable import CompressedForces

struct StatisticsCacheTests {
  static let key = String(repeating: "ab", count: 32)

  /// A folder that goes with the test.
  private final class Folder {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(
      "symreg-cache-\(UUID().uuidString)"
    ).path
    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  private static func statistics() async throws -> ForceStatistics {
    var random = RandomFrames(seed: 41)
    let frames = random.dataset(frames: 30, atoms: 6, edge: 6).frames
    // A type without atoms: pair types without pairs are kept too.
    let source = InMemoryFrames(
      pairTypes: PairTypes(typeNames: ["A", "B", "C"]), pairSelection: .inter, frames: frames)
    return try await ForceStatistics(compressing: source, cutoff: 8, pointCount: 20, threads: 2)
  }

  /// What the cache gives, whether it computed, and what it reported.
  private static func fetch(
    _ cache: StatisticsCache, key: String = key, isExpected: Bool = true
  ) async throws -> (found: ForceStatistics, computed: Bool, events: [StatisticsCache.Event]) {
    var computed = false
    var events: [StatisticsCache.Event] = []
    let found = try await cache.statistics(
      key: key, isExpected: { _ in isExpected },
      compute: {
        computed = true
        return try await statistics()
      }, report: { events.append($0) })
    return (found, computed, events)
  }

  private static func isSame(_ a: ForceStatistics, _ b: ForceStatistics) -> Bool {
    a.grid == b.grid && a.survey == b.survey && a.parts == b.parts && a.training == b.training
      && a.validation == b.validation && a.all == b.all
  }

  @Test("statistics come back to the last bit, and the second time nothing is computed")
  func reuse() async throws {
    let folder = Folder()
    let cache = StatisticsCache(folder: folder.path + "/deep/er")
    let path = "\(cache.folder)/\(Self.key).statistics"
    let first = try await Self.fetch(cache)
    #expect(first.computed && first.events == [.stored(path: path)])
    let second = try await Self.fetch(cache)
    #expect(!second.computed && second.events == [.reused(path: path)])
    #expect(Self.isSame(first.found, second.found))
    #expect(try FileManager.default.contentsOfDirectory(atPath: cache.folder).count == 1)
    let other = try await Self.fetch(cache, key: String(repeating: "cd", count: 32))
    #expect(other.computed)
  }

  @Test("statistics that cannot be those of the data are computed anew")
  func unexpected() async throws {
    let folder = Folder()
    let cache = StatisticsCache(folder: folder.path)
    _ = try await Self.fetch(cache)
    #expect(try await Self.fetch(cache, isExpected: false).computed)
  }

  @Test(
    "a damaged file is replaced with a word: cut short, a bit changed, foreign, empty, of another key",
    arguments: 0..<6)
  func damage(kind: Int) async throws {
    let folder = Folder()
    let cache = StatisticsCache(folder: folder.path)
    let first = try await Self.fetch(cache)
    let url = URL(fileURLWithPath: "\(folder.path)/\(Self.key).statistics")
    var bytes = [UInt8](try Data(contentsOf: url))
    switch kind {
    case 0: bytes.removeLast(100)
    case 1: bytes[bytes.count / 2] ^= 1
    case 2: bytes = Array("not ours at all, and longer than a checksum, which is 32 bytes".utf8)
    case 3: bytes = []
    case 4: bytes = try first.found.encoded(key: String(repeating: "ef", count: 32))
    default:
      // A right checksum over nonsense: what follows is not trusted either.
      bytes = Array(bytes.prefix(200))
      bytes += try DataDigest.sum(of: bytes)
    }
    try Data(bytes).write(to: url)
    let second = try await Self.fetch(cache)
    #expect(second.computed && Self.isSame(first.found, second.found))
    #expect(second.events == [.unusable(path: url.path), .stored(path: url.path)])
    #expect(try await !Self.fetch(cache).computed)
  }

  @Test("a folder that cannot be written is a word, not a failure")
  func unwritable() async throws {
    let folder = Folder()
    try FileManager.default.createDirectory(
      atPath: folder.path, withIntermediateDirectories: true)
    try Data().write(to: URL(fileURLWithPath: folder.path + "/file"))
    let outcome = try await Self.fetch(StatisticsCache(folder: folder.path + "/file/cache"))
    #expect(outcome.computed)
    guard case .notStored(_, let reason)? = outcome.events.first, outcome.events.count == 1 else {
      Issue.record("\(outcome.events)")
      return
    }
    #expect(!reason.isEmpty)
  }

  @Test("the files used last stay, others go; files that are not the cache's are left alone")
  func bound() async throws {
    let folder = Folder()
    var cache = StatisticsCache(folder: folder.path)
    let size = try await Self.statistics().encoded(key: Self.key).count
    cache.mostBytes = 2 * size + 100
    let keys = ["11", "22", "33"].map { String(repeating: $0, count: 32) }
    func path(_ key: String) -> String { "\(folder.path)/\(key).statistics" }
    for (age, key) in keys.prefix(2).enumerated() {
      _ = try await Self.fetch(cache, key: key)
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -1000 + 100 * Double(age))],
        ofItemAtPath: path(key))
    }
    try Data(repeating: 0, count: 3 * size).write(to: URL(fileURLWithPath: folder.path + "/other"))
    // The older one is used, and so stays.
    _ = try await Self.fetch(cache, key: keys[0])
    _ = try await Self.fetch(cache, key: keys[2])
    let names = Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
    #expect(names == ["\(keys[0]).statistics", "\(keys[2]).statistics", "other"])
  }

  @Test("keys keep names and values apart")
  func keys() throws {
    let keys = try [
      [("a", "b")], [("ab", "")], [("", "ab")], [("a", "b"), ("", "")], [("a", "b\n")], [],
    ].map(StatisticsCache.key(of:))
    #expect(Set(keys).count == keys.count)
  }
}
