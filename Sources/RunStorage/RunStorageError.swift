import Foundation
import GRDB

/// A run folder that cannot be written or read, though the input is good.
public struct RunStorageError: Error, CustomStringConvertible {
  public let file: String
  /// What the system says.
  public let reason: String
  /// Whether there is no room left.
  public let isFull: Bool

  init(file: String, errno code: Int32) {
    self.file = file
    reason = String(cString: strerror(code))
    isFull = code == ENOSPC || code == EDQUOT
  }

  init(file: String, _ error: any Error) {
    self.file = file
    switch error {
    case let error as RunStorageError:
      reason = error.reason
      isFull = error.isFull
    case let error as DatabaseError:
      reason = error.message ?? "SQLite error \(error.resultCode.rawValue)"
      // A journal that does not fit is an error of input and output.
      isFull = error.resultCode == .SQLITE_FULL || error.resultCode == .SQLITE_IOERR
    default:
      reason = "\(error)"
      isFull = false
    }
  }

  public var description: String {
    isFull
      ? "\(file): expected room on the disk, found: \(reason)"
      : "\(file): expected a file that can be written, found: \(reason)"
  }
}
