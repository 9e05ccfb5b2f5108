import ArgumentParser
import AtomicData
import Foundation

/// Where a page and its figures are written.
struct ReportFileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "File of the page. (default: report.html in the run, compare.html here)",
      valueName: "file.html"),
    completion: .file(extensions: ["html"]))
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Folder for the figures as PDF and PNG, for papers; made where there is none.",
      valueName: "folder"),
    completion: .directory)
  var figures: String?

  @Flag(help: "Write over files that are there.")
  var force = false

  /// The files, found to be writable before any work is done.
  ///
  /// - Throws: `InputError` where they are not, or are there already.
  func target(standard: String) throws -> ReportTarget {
    try ReportTarget(page: out ?? standard, figures: figures, isReplacing: force)
  }
}

/// The files of a report, each put in its place whole or not at all.
final class ReportTarget {
  let page: String
  let figures: String?
  private let draft: DraftFile
  private let isReplacing: Bool
  /// Whether the folder of the figures was made for them.
  private var hasMadeFolder = false

  init(page: String, figures: String?, isReplacing: Bool) throws {
    self.page = page
    self.figures = figures
    self.isReplacing = isReplacing
    draft = try DraftFile(path: page, isReplacing: isReplacing)
    guard let figures else { return }
    var isFolder: ObjCBool = false
    if !FileManager.default.fileExists(atPath: figures, isDirectory: &isFolder) {
      do {
        try FileManager.default.createDirectory(
          atPath: figures, withIntermediateDirectories: true)
        hasMadeFolder = true
      } catch {
        throw Self.unusable(figures, error.localizedDescription)
      }
    } else if !isFolder.boolValue {
      throw Self.unusable(figures, "a file")
    } else if access(figures, W_OK) != 0 {
      throw Self.unusable(figures, String(cString: strerror(errno)))
    }
  }

  /// An empty folder is nothing to leave behind.
  deinit { if hasMadeFolder, let figures { rmdir(figures) } }

  private static func unusable(_ folder: String, _ found: String) -> InputError {
    InputError(
      file: folder, "expected a folder that can be written in, found: \(found)",
      remedy: "choose another with --figures")
  }

  /// - Throws: `InputError` where a figure would be written over.
  func check(_ names: [String]) throws {
    guard let figures, !isReplacing,
      let name = names.first(where: {
        FileManager.default.fileExists(atPath: "\(figures)/\($0)")
      })
    else { return }
    throw InputError(
      file: "\(figures)/\(name)", "expected a new file, found that it exists",
      remedy: "choose another folder with --figures, or write over it with --force")
  }

  /// - Throws: `FileWriteError` where the system does not write.
  func write(page text: String, figures files: [(name: String, bytes: Data)]) throws {
    if let figures {
      for (name, bytes) in files {
        let file = try DraftFile(path: "\(figures)/\(name)", isReplacing: isReplacing)
        try file.write(Array(bytes))
        try file.commit()
      }
    }
    try draft.write(Array(text.utf8))
    try draft.commit()
  }

  /// What was written, for people and as JSON.
  func print(_ text: String, figureNames: [String], on console: Console) throws {
    let bytes = Double(text.utf8.count)
    let size = bytes < 1e6 ? "\(Int(bytes / 1e3)) kB" : "\(NumberText.fixed(bytes / 1e6, 1)) MB"
    var lines = ["\(page): \(size)"]
    if let figures { lines.append("\(figures): \(NumberText.count(figureNames.count, "figure"))") }
    try console.print(lines)
    try console.printJSON(
      ReportDocument(
        file: page, bytes: text.utf8.count,
        figures: figures.map { folder in figureNames.map { "\(folder)/\($0)" } } ?? []))
  }
}

/// `report --json` and `compare --json`.
struct ReportDocument: Encodable {
  let formatVersion = 1
  let file: String
  let bytes: Int
  let figures: [String]
}
