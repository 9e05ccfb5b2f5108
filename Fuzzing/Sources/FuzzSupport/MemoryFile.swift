import CMemoryFile
import Glibc

/// A file in memory, for what is read from a path; one for all inputs.
public struct MemoryFile: Sendable {
  private let descriptor: Int32

  public var path: String { "/proc/self/fd/\(descriptor)" }

  public init() {
    descriptor = openMemoryFile()
    precondition(descriptor >= 0, "no file in memory")
  }

  /// Replaces what the file holds.
  public func hold(_ bytes: UnsafePointer<UInt8>?, count: Int) {
    precondition(ftruncate(descriptor, 0) == 0)
    guard let bytes, count > 0 else { return }
    precondition(pwrite(descriptor, bytes, count, 0) == count)
  }
}
