import CCrypto

/// SHA-256 of bytes that come in pieces.
final class SHA256Stream {
  private let context: OpaquePointer

  /// libcrypto could not provide the algorithm or memory.
  struct Unavailable: Error {}

  init() throws {
    guard let context = EVP_MD_CTX_new() else { throw Unavailable() }
    self.context = context
    guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else { throw Unavailable() }
  }

  deinit { EVP_MD_CTX_free(context) }

  func update(_ bytes: UnsafeRawBufferPointer) throws {
    guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else {
      throw Unavailable()
    }
  }

  /// The digest as 64 hexadecimal digits; ends the stream.
  func finish() throws -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    guard EVP_DigestFinal_ex(context, &digest, nil) == 1 else { throw Unavailable() }
    let digits = Array("0123456789abcdef")
    return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
