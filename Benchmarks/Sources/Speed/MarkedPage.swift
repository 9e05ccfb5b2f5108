import Foundation

/// A page whose tables stand between two marks and are written by the program.
struct MarkedPage {
  let path: String

  private static let begin = "<!-- Speed writes from here -->"
  private static let end = "<!-- to here -->"

  struct MissingMarks: Error, CustomStringConvertible {
    let description: String
  }

  func replaceTables(with tables: String) throws {
    let page = try String(contentsOfFile: path, encoding: .utf8)
    guard let begin = page.range(of: Self.begin), let end = page.range(of: Self.end),
      begin.upperBound <= end.lowerBound
    else {
      throw MissingMarks(description: "\(path): expected \(Self.begin) and \(Self.end)")
    }
    let changed =
      page[..<begin.upperBound] + "\n\n" + tables + "\n" + page[end.lowerBound...]
    try String(changed).write(toFile: path, atomically: true, encoding: .utf8)
  }
}
