import Foundation
import Logging

/// Log messages as lines of standard error: `12:34:56 warning: …`.
struct StandardErrorLog: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level

  static func logger(_ level: Logger.Level) -> Logger {
    var logger = Logger(label: "symreg") { _ in StandardErrorLog(logLevel: level) }
    logger.logLevel = level
    return logger
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let time = Date().formatted(.iso8601.time(includingFractionalSeconds: false))
    try? StandardStream.error.write("\(time) \(event.level): \(event.message)\n")
  }
}
