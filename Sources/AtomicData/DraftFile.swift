import Glibc

/// A file that is written beside its place, and put there whole or not at all.
package final class DraftFile {
  private let path: String
  private let draft: String
  private var descriptor: Int32
  private var bytes: [UInt8] = []

  /// Bytes that are worth a call of the system.
  private static let fullCount = 1 << 20

  /// - Throws: `InputError` where no file can be made there, or one is there that may not go.
  package init(path: String, isReplacing: Bool) throws {
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw InputError(
          file: path, "expected a file to write, found a directory, pipe or device",
          remedy: "choose another with --out")
      }
      guard isReplacing else {
        throw InputError(
          file: path, "expected a new file, found that it exists",
          remedy: "choose another with --out, or write over it with --force")
      }
    }
    self.path = path
    // One name only: what a killed process left behind is written over.
    draft = path + ".part"
    descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw InputError(
        file: path,
        "expected a file that can be written, found: \(String(cString: strerror(errno)))",
        remedy: "choose another with --out")
    }
  }

  /// What was not committed is gone.
  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(draft)
  }

  /// - Throws: `FileWriteError`.
  package func write(_ text: [UInt8]) throws {
    bytes += text
    if bytes.count >= Self.fullCount { try flush() }
  }

  /// Puts the file in its place; what is there is replaced at once, also where the power fails.
  ///
  /// - Throws: `FileWriteError`.
  package func commit() throws {
    try flush()
    guard fsync(descriptor) == 0 else { throw failure() }
    let isClosed = close(descriptor) == 0
    let code = errno
    descriptor = -1
    guard isClosed, rename(draft, path) == 0 else {
      let error = FileWriteError(file: path, errno: isClosed ? errno : code)
      unlink(draft)
      throw error
    }
    synchronizeFolder()
  }

  /// The new name reaches the disk; file systems that cannot say so keep it anyway.
  private func synchronizeFolder() {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private func flush() throws {
    try bytes.withUnsafeBytes { bytes in
      var rest = bytes
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count >= 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        } else if errno != EINTR {
          throw failure()
        }
      }
    }
    bytes.removeAll(keepingCapacity: true)
  }

  private func failure() -> FileWriteError { FileWriteError(file: path, errno: errno) }
}

/// A file that the system could not write to its end, though the input is good.
public struct FileWriteError: Error, CustomStringConvertible {
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

  public var description: String {
    "\(file): expected \(isFull ? "room on the disk" : "a file that can be written"), found: \(reason)"
      .onOneLine
  }
}
