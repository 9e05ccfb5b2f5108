import AtomicData
import Foundation

/// Statistics kept on disk, found again by a key that stands for data and settings.
///
/// The cache never fails: what cannot be read is computed, and what cannot be written is done
/// without. A file is written beside its place and renamed, so that runs at the same time do no
/// harm; a checksum tells a damaged one. The files used last stay, `mostBytes` of them.
public struct StatisticsCache: Sendable {
  public let folder: String

  /// What the user is told.
  public enum Event: Sendable, Equatable {
    case reused(path: String)
    case stored(path: String)
    /// Found damaged or of another version, and computed anew.
    case unusable(path: String)
    case notStored(path: String, reason: String)
  }

  /// Bytes of all files together; the longest unused go first.
  var mostBytes = 1 << 30
  private static let fileExtension = "statistics"
  /// Seconds after which a file half-written is nobody's any more.
  private static let longestWriting = 86_400.0

  public init(folder: String) { self.folder = folder }

  /// `$XDG_CACHE_HOME/symreg`, or `.cache/symreg` in the home folder; nil where there is neither.
  public static var defaultFolder: String? {
    let environment = ProcessInfo.processInfo.environment
    // The specification wants an absolute path, and others ignored.
    if let caches = environment["XDG_CACHE_HOME"], caches.hasPrefix("/") {
      return caches + "/symreg"
    }
    return environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 + "/.cache/symreg" : nil }
  }

  /// The key of named values: all that decides the numbers.
  ///
  /// - Throws: where libcrypto fails.
  public static func key(of values: [(name: String, value: String)]) throws -> String {
    try DataDigest.sha256(ofValues: [("version", "\(ForceStatistics.codingVersion)")] + values)
  }

  /// The statistics of a key: those on disk, or else computed and stored.
  ///
  /// - Parameters:
  ///   - key: from `key(of:)`.
  ///   - isExpected: whether statistics on disk may be those of the data.
  ///   - compute: what to do where there are none.
  ///   - report: told what was done.
  /// - Throws: what `compute` throws.
  public func statistics(
    key: String, isExpected: (ForceStatistics) -> Bool,
    compute: () async throws -> ForceStatistics, report: (Event) -> Void
  ) async throws -> ForceStatistics {
    let path = "\(folder)/\(key).\(Self.fileExtension)"
    if let data = FileManager.default.contents(atPath: path) {
      if let found = ForceStatistics(decoding: [UInt8](data), key: key), isExpected(found) {
        // Used last is kept longest.
        try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: path)
        report(.reused(path: path))
        return found
      }
      report(.unusable(path: path))
    }
    let statistics = try await compute()
    do {
      try store(try statistics.encoded(key: key), at: path)
      report(.stored(path: path))
    } catch {
      report(.notStored(path: path, reason: Self.reason(error)))
    }
    return statistics
  }

  private struct TooLarge: Error, CustomStringConvertible {
    let description = "larger than the whole cache may be"
  }

  private func store(_ bytes: [UInt8], at path: String) throws {
    guard bytes.count <= mostBytes else { throw TooLarge() }
    let manager = FileManager.default
    try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let draft = "\(path).\(UUID().uuidString)"
    do {
      try Data(bytes).write(to: URL(fileURLWithPath: draft))
      guard rename(draft, path) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    } catch {
      try? manager.removeItem(atPath: draft)
      throw error
    }
    removeOldest()
  }

  /// Files and drafts of this cache alone: the folder may hold others.
  private func removeOldest() {
    let manager = FileManager.default
    let names = (try? manager.contentsOfDirectory(atPath: folder)) ?? []
    var files = names.compactMap { name -> (path: String, date: Date, bytes: Int, isDraft: Bool)? in
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 2 || parts.count == 3, parts[0].utf8.count == 64,
        parts[1] == Self.fileExtension,
        let attributes = try? manager.attributesOfItem(atPath: "\(folder)/\(name)"),
        let date = attributes[.modificationDate] as? Date,
        let bytes = (attributes[.size] as? NSNumber)?.intValue
      else { return nil }
      return ("\(folder)/\(name)", date, bytes, parts.count == 3)
    }
    for file in files where file.isDraft && -file.date.timeIntervalSinceNow > Self.longestWriting {
      try? manager.removeItem(atPath: file.path)
    }
    files = files.filter { !$0.isDraft }.sorted { ($1.date, $0.path) < ($0.date, $1.path) }
    var sum = 0
    for file in files {
      sum += file.bytes
      if sum > mostBytes { try? manager.removeItem(atPath: file.path) }
    }
  }

  private static func reason(_ error: any Error) -> String {
    if let error = error as? TooLarge { return error.description }
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error ?? error
    if let error = underlying as? POSIXError {
      return String(cString: strerror(error.code.rawValue))
    }
    return (underlying as NSError).localizedDescription
  }
}
