import Glibc

/// A regular file open for reading.
package struct InputFile: ~Copyable {
  let path: String
  /// What tells whether the file is still the one read before.
  let identity: Identity
  private let descriptor: Int32

  struct Identity: Sendable, Hashable {
    let byteCount: Int
    let modifiedSeconds: Int
    let modifiedNanoseconds: Int
  }

  /// - Throws: `InputError` where there is no file that can be read twice.
  init(path: String) throws {
    // Not to wait for the other end of a pipe.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.failure(path, errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw Self.failure(path, code)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      throw InputError(
        file: path, "expected a file, found a \(isFolder ? "directory" : "pipe or device")",
        remedy: isFolder
          ? "name the files in it" : "save the data to a file, it is read more than once")
    }
    self.path = path
    self.descriptor = descriptor
    identity = Identity(
      byteCount: Int(status.st_size), modifiedSeconds: status.st_mtim.tv_sec,
      modifiedNanoseconds: status.st_mtim.tv_nsec)
  }

  deinit { close(descriptor) }

  /// The whole text of a small file.
  ///
  /// - Throws: `InputError` for a file that cannot be read, is longer than `byteLimit` or is not UTF-8.
  package static func text(of path: String, byteLimit: Int) throws -> String {
    let file = try InputFile(path: path)
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 14, alignment: 16)
    defer { chunk.deallocate() }
    var bytes: [UInt8] = []
    while bytes.count <= byteLimit {
      let received = try file.read(into: chunk)
      if received == 0 { break }
      bytes += UnsafeRawBufferPointer(rebasing: chunk[..<received])
    }
    guard bytes.count <= byteLimit else {
      throw InputError(file: path, "expected at most \(byteLimit) bytes, found more")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      // No line feed lies within a character.
      let line = bytes.split(separator: .lineFeed, omittingEmptySubsequences: false)
        .firstIndex { String(validating: $0, as: UTF8.self) == nil }
      throw InputError(
        file: path, line: line.map { $0 + 1 }, "expected text in UTF-8, found other bytes")
    }
    return text
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Fills `chunk` from its start; returns how many bytes, 0 at the end of the file.
  /// - Throws: `InputError` where the system cannot read.
  borrowing func read(into chunk: UnsafeMutableRawBufferPointer) throws -> Int {
    while true {
      let received = Glibc.read(descriptor, chunk.baseAddress, chunk.count)
      if received >= 0 { return received }
      guard errno == EINTR else { throw Self.failure(path, errno) }
    }
  }

  private static func failure(_ path: String, _ code: Int32) -> InputError {
    if code == ENOENT || code == ENOTDIR {
      return InputError(file: path, "expected a file, found none", remedy: "check the path")
    }
    let reason = strerror(code).map { String(cString: $0) } ?? "error \(code)"
    return InputError(
      file: path, "expected a file that can be read, found: \(reason)",
      remedy: "check the path and its permissions")
  }
}
