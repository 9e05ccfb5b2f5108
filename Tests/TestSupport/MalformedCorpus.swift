import Foundation

/// A folder of malformed files, `name.xyz`, each beside the error it must give, `name.error`.
///
/// A pair of files is a case as soon as it is there. `{path}` in an error stands for the path of the
/// file.
public struct MalformedCorpus: Sendable {
  public struct Case: Sendable, CustomStringConvertible {
    public let path: String
    /// One line.
    public let error: String

    public var description: String { (path as NSString).lastPathComponent }
  }

  /// By name.
  public let cases: [Case]
  /// Files without an error, and errors without a file.
  public let singles: [String]

  /// - Parameter fileExtension: of the malformed files.
  public init(folder: URL, fileExtension: String) throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let names = Set(files.map { ($0 as NSString).deletingPathExtension }).sorted()
    var cases: [Case] = []
    for name in names where files.contains(name + ".error") {
      let path = folder.appending(path: name + "." + fileExtension).path
      let error = try String(
        contentsOf: folder.appending(path: name + ".error"), encoding: .utf8)
      cases.append(
        Case(path: path, error: error.dropLast().replacingOccurrences(of: "{path}", with: path)))
    }
    self.cases = cases
    let expected = Set(names.flatMap { [$0 + "." + fileExtension, $0 + ".error"] })
    singles = expected.symmetricDifference(files).sorted()
  }
}
