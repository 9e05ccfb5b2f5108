import AtomicData
import Foundation

/// Keeps a folder for one process, until the process ends, however it ends.
final class FolderLock: Sendable {
  /// Negative where there is no lock to hold.
  private let descriptor: Int32

  /// - Throws: `InputError` where another process has it.
  init(_ path: String) throws {
    descriptor = try Self.locked(path)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Some network file systems have no locks on folders: there nobody is kept out.
  private static func locked(_ path: String) throws -> Int32 {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK else {
      return descriptor
    }
    close(descriptor)
    throw InputError(
      file: path, "expected a run that rests, found another process at work on it",
      remedy: "wait for its end, or stop it")
  }
}
