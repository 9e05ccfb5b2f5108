import AtomicData
import Foundation

/// Puts the files of an export into a new folder, which is there whole or not at all.
public enum ExportFolder {
  /// - Parameters:
  ///   - files: by the folder below `path`; empty for `path` itself.
  ///   - path: of the new folder.
  /// - Throws: `InputError` where something is there already, or no folder can be made.
  public static func write(
    _ files: [(folder: String, files: [ExportFile])], to path: String
  ) throws {
    let path = String(path.reversed().drop { $0 == "/" }.reversed())
    try check(path)
    let target = URL(fileURLWithPath: path)
    let parent = target.deletingLastPathComponent()
    let draft = parent.appending(
      path: ".\(target.lastPathComponent)-\(ProcessInfo.processInfo.processIdentifier)")
    do {
      try FileManager.default.createDirectory(at: draft, withIntermediateDirectories: true)
      for entry in files {
        let folder = entry.folder.isEmpty ? draft : draft.appending(path: entry.folder)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for file in entry.files {
          try Data(file.text.utf8).write(to: folder.appending(path: file.name))
        }
      }
      try FileManager.default.moveItem(at: draft, to: target)
    } catch {
      try? FileManager.default.removeItem(at: draft)
      throw InputError(
        file: path, "expected a folder that can be written, found: \(reason(error))",
        remedy: "choose another with --out")
    }
  }

  /// - Throws: `InputError` where something is there already.
  public static func check(_ path: String) throws {
    guard !path.isEmpty else {
      throw InputError("expected --out to name a new folder, found \"\"")
    }
    guard !FileManager.default.fileExists(atPath: path) else {
      throw InputError(
        file: path, "expected a new folder, found that it exists",
        remedy: "choose another with --out")
    }
  }

  private static func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    return (underlying ?? (error as NSError)).localizedDescription
  }
}
