import AtomicData
import Foundation

/// Files of the tests, found from the place of this source file.
enum TestFiles {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

  static let repository = folder.deletingLastPathComponent().deletingLastPathComponent()

  static let corpus = folder.appending(path: "Corpus")

  /// Data beside the repository; not everybody has it.
  static let sharedData =
    folder.deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "../shared/data").standardizedFileURL

  static func sharedData(_ name: String) -> String { sharedData.appending(path: name).path }

  static func hasSharedData(_ names: [String]) -> Bool {
    names.allSatisfy { FileManager.default.fileExists(atPath: sharedData($0)) }
  }

  /// Runs `body` with the path of a file that holds `text`, and removes the file.
  static func withFile<Result>(
    _ text: String, body: (String) async throws -> Result
  ) async throws -> Result {
    let path = NSTemporaryDirectory() + "symreg-\(UUID().uuidString).xyz"
    try Data(text.utf8).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
  }

  static func overwrite(_ path: String, with text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  static func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: path) }
}

extension Dataset {
  /// All frames in order.
  func allFrames() throws -> [Frame] {
    let reader = try makeBlockReader()
    var frames: [Frame] = []
    while let block = try reader.next() { frames += try block.frames() }
    return frames
  }
}

/// Frames in text form, for tests that need many.
enum SampleText {
  /// An extended XYZ frame of `atomCount` argon atoms whose numbers come from `index`.
  static func frame(_ index: Int, atomCount: Int = 2, keys: String = "") -> String {
    var text = "\(atomCount)\nProperties=species:S:1:pos:R:3:forces:R:3 number=\(index) \(keys)\n"
    for atom in 0..<atomCount {
      text += "Ar \(index) \(atom) 0.5 \(Double(index) * 0.25) -1 \(atom)\n"
    }
    return text
  }
}
