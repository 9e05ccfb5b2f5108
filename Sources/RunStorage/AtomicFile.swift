import AtomicData
import Foundation

/// Writes whole files: beside their place, to the disk, then renamed.
enum AtomicFile {
  /// What is there is replaced at once or not at all, also where the power fails.
  ///
  /// - Throws: `RunStorageError`.
  static func write(_ text: String, to path: String) throws {
    // One name only: what a killed process left behind is written over.
    let draft = path + ".part"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw RunStorageError(file: path, errno: errno) }
    do {
      try writeAll(text, to: descriptor, path: path)
      guard fsync(descriptor) == 0 else { throw RunStorageError(file: path, errno: errno) }
      guard close(descriptor) == 0 else { throw RunStorageError(file: path, errno: errno) }
    } catch {
      close(descriptor)
      unlink(draft)
      throw error
    }
    guard rename(draft, path) == 0 else {
      let code = errno
      unlink(draft)
      throw RunStorageError(file: path, errno: code)
    }
    synchronizeFolder(of: path)
  }

  private static func writeAll(_ text: String, to descriptor: Int32, path: String) throws {
    var text = text
    try text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
        if count >= 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        } else if errno != EINTR {
          throw RunStorageError(file: path, errno: errno)
        }
      }
    }
  }

  /// The new name reaches the disk; file systems that cannot say so keep it anyway.
  private static func synchronizeFolder(of path: String) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
