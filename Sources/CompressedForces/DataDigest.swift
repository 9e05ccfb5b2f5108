import AtomicData
import CCrypto
import Glibc

/// SHA-256: the name under which what was computed from data is known.
public enum DataDigest {
  /// libcrypto could not provide the algorithm or memory.
  public struct Unavailable: Error, CustomStringConvertible {
    public let description = "libcrypto provides no SHA-256"
  }

  private static let chunkSize = 1 << 20

  /// SHA-256 of the bytes of all files in a row, 64 hexadecimal digits.
  ///
  /// - Throws: `InputError` where a file cannot be read, `Unavailable`.
  public static func sha256(ofFiles paths: [String]) throws -> String {
    try hexadecimal(
      digest { update in
        for path in paths { try forEachChunk(ofFile: path, update) }
      })
  }

  /// SHA-256 of named values, 64 hexadecimal digits.
  ///
  /// - Throws: `Unavailable`.
  public static func sha256(ofValues values: [(name: String, value: String)]) throws -> String {
    // Lengths keep values apart whatever they hold.
    let text = values.map { "\($0.name.utf8.count):\($0.name)\($0.value.utf8.count):\($0.value)\n" }
    return try sha256(of: Array(text.joined().utf8))
  }

  /// SHA-256 of bytes in memory, 64 hexadecimal digits.
  static func sha256(of bytes: some Collection<UInt8>) throws -> String {
    try hexadecimal(sum(of: bytes))
  }

  /// SHA-256 of bytes in memory, 32 bytes.
  static func sum(of bytes: some Collection<UInt8>) throws -> [UInt8] {
    try digest { update in
      let done: Void? = try bytes.withContiguousStorageIfAvailable {
        try update(UnsafeRawBufferPointer($0))
      }
      if done == nil { try Array(bytes).withUnsafeBytes(update) }
    }
  }

  private static func digest(
    _ feed: (_ update: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws -> [UInt8] {
    guard let context = EVP_MD_CTX_new() else { throw Unavailable() }
    defer { EVP_MD_CTX_free(context) }
    guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else { throw Unavailable() }
    try feed { bytes in
      guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else {
        throw Unavailable()
      }
    }
    var digest = [UInt8](repeating: 0, count: 32)
    guard EVP_DigestFinal_ex(context, &digest, nil) == 1 else { throw Unavailable() }
    return digest
  }

  private static func hexadecimal(_ digest: [UInt8]) -> String {
    let digits = Array("0123456789abcdef")
    return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  private static func forEachChunk(
    ofFile path: String, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    guard let file = fopen(path, "rb") else {
      throw InputError(
        file: path, "expected a file that can be read, found: \(String(cString: strerror(errno)))")
    }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: chunkSize)
    while true {
      let received = fread(&buffer, 1, chunkSize, file)
      try buffer.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0.prefix(received))) }
      if received < chunkSize { break }
    }
    guard ferror(file) == 0 else {
      throw InputError(file: path, "expected a file that can be read to its end, found an error")
    }
  }
}
