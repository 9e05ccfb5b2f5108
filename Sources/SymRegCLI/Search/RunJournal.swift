import AtomicData
import Foundation
import Logging
import PopulationSearch
import RunStorage
import Synchronization

/// Tells what happens in a run: to the file of `--events`, to the database and to the log.
final class RunJournal: Sendable {
  private let file: FileHandle?
  private let path: String
  private let logger: Logger
  private let start: ContinuousClock.Instant
  private let recorder = Mutex<RunRecorder?>(nil)
  private let isBroken = Mutex(false)
  /// As it was told last; nil before the first barrier.
  private let certified = Mutex<Int?>(nil)

  /// - Parameter events: a file that lines are appended to.
  /// - Throws: `InputError` where it cannot be written.
  init(events: String?, logger: Logger, start: ContinuousClock.Instant) throws {
    self.logger = logger
    self.start = start
    path = events ?? ""
    file = try events.map(Self.opened)
  }

  private static func opened(_ path: String) throws -> FileHandle {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw InputError(
        file: path, "expected a file for --events, found: \(String(cString: strerror(errno)))")
    }
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// From now on events go to the database too.
  func record(to recorder: RunRecorder) { self.recorder.withLock { $0 = recorder } }

  /// - Parameters:
  ///   - kind: one word.
  ///   - detail: what is particular about it.
  func tell(_ kind: String, _ detail: [String: EventValue] = [:], level: Logger.Level = .info) {
    logger.log(
      level: level,
      "\(kind)\(detail.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined())")
    recorder.withLock { $0?.note(kind, detail: Self.json(detail)) }
    guard let file else { return }
    var event = detail
    event["event"] = .text(kind)
    event["time"] = .text(Date().formatted(.iso8601))
    event["seconds"] = .number(
      ((ContinuousClock.now - start) / .milliseconds(1)).rounded() / 1000)
    do {
      try file.write(contentsOf: Data((Self.json(event) + "\n").utf8))
    } catch {
      // Once is enough: the run matters more than its events.
      guard
        !isBroken.withLock({ broken in
          defer { broken = true }
          return broken
        })
      else { return }
      logger.warning("\(path): expected a file that can be written, found: \(error)")
    }
  }

  /// What a barrier brought: entries new in the front, and a size of which every form was fitted.
  ///
  /// - Parameter certified: nodes up to which every form was.
  func tell(_ event: SearchEvent, certified: Int) {
    let isNew = self.certified.withLock { known in
      defer { known = certified }
      return known.map { certified > $0 } ?? false
    }
    if isNew {
      tell(
        "certified",
        ["complexity": .count(certified), "evaluations": .count(event.counts.evaluations)])
    }
    let numbers = Set(event.fitted.map(\.number))
    for entry in event.front.entries where numbers.contains(entry.number) {
      tell(
        "improved",
        [
          "complexity": .count(entry.complexity), "expression": .text(entry.tree.description),
          "trainRMSE": .number(entry.loss.squareRoot()),
          "evaluations": .count(event.counts.evaluations),
        ])
    }
  }

  private static func json(_ detail: [String: EventValue]) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(detail)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }
}

/// A word or a number of an event.
enum EventValue: Encodable, CustomStringConvertible, ExpressibleByStringLiteral {
  case text(String)
  case number(Double)
  case count(Int)

  init(stringLiteral value: String) { self = .text(value) }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .number(let number): try container.encode(number)
    case .count(let count): try container.encode(count)
    }
  }

  var description: String {
    switch self {
    case .text(let text): text.contains(" ") ? "\"\(text)\"" : text
    case .number(let number): "\(number)"
    case .count(let count): "\(count)"
    }
  }
}
