import Foundation
import Testing

@testable import CompressedForces

struct DataDigestTests {
  @Test("the digest of files in a row is that of FIPS 180-4's example")
  func knownDigest() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "symreg-digest-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let paths = try ["a", "bc"].map { text -> String in
      let file = folder.appendingPathComponent(text)
      try Data(text.utf8).write(to: file)
      return file.path
    }
    #expect(
      try DataDigest.sha256(ofFiles: paths)
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }
}
