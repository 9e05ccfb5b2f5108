/// The order of the targets: a target imports only local targets that sort before it.
///
/// Names sort in byte order, capitals first. The rule makes the alphabetical listing of `Sources/`
/// the order of the data flow, and cycles impossible.
struct LayoutRule {
  /// An import that points at the importing target itself or at a later one.
  struct Violation: Hashable, CustomStringConvertible {
    let target: String
    let imported: String

    var description: String {
      "\(target) imports \(imported), which does not sort before it"
    }
  }

  /// The violations, in byte order of target and import.
  ///
  /// - Parameter imports: the modules each local target imports; modules that are no local
  ///   target are free.
  static func violations(in imports: [String: Set<String>]) -> [Violation] {
    imports.keys.sorted(by: precedes).flatMap { target in
      imports[target, default: []].sorted(by: precedes)
        .filter { imports[$0] != nil && !precedes($0, target) }
        .map { Violation(target: target, imported: $0) }
    }
  }

  /// Whether `a` sorts before `b` in byte order, whatever the locale.
  static func precedes(_ a: String, _ b: String) -> Bool {
    a.utf8.lexicographicallyPrecedes(b.utf8)
  }

  /// The modules that a Swift source imports: `import A`, `@testable import A`,
  /// `public import A`, `import struct A.B`, also behind a semicolon.
  ///
  /// Comments do not count. An import that starts a line of a multi-line string would: a false
  /// alarm, never a miss.
  static func importedModules(ofSource source: String) -> Set<String> {
    let statement =
      /^(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?/
    let module = /^import\s+(?:(?:typealias|struct|class|enum|protocol|let|var|func)\s+)?`?(\w+)/
    var modules: Set<String> = []
    for line in code(ofSource: source).split(whereSeparator: \.isNewline) {
      for part in line.split(separator: ";") {
        let text = String(part.drop(while: \.isWhitespace))
        let rest = String(text.trimmingPrefix(statement))
        if let match = rest.firstMatch(of: module) { modules.insert(String(match.1)) }
      }
    }
    return modules
  }

  /// A source without its comments, line for line.
  ///
  /// `//` and `/*` inside a string on one line do not count as comments; inside a multi-line string
  /// they do.
  static func code(ofSource source: String) -> String {
    var isInBlockComment = false
    var lines: [String] = []
    for line in source.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      var kept = ""
      var isInString = false
      var rest = line
      while !rest.isEmpty {
        if isInBlockComment {
          guard let end = rest.firstRange(of: "*/") else { break }
          rest = rest[end.upperBound...]
          isInBlockComment = false
        } else if !isInString, rest.hasPrefix("//") {
          break
        } else if !isInString, rest.hasPrefix("/*") {
          rest = rest.dropFirst(2)
          isInBlockComment = true
        } else {
          if rest.hasPrefix("\\") { kept.append(rest.removeFirst()) }
          guard let character = rest.popFirst() else { break }
          if character == "\"", kept.last != "\\" { isInString.toggle() }
          kept.append(character)
        }
      }
      lines.append(kept)
    }
    return lines.joined(separator: "\n")
  }

  /// Whether a line holds `word`, not as the end of a longer word.
  static func holds(_ line: Substring, word: String) -> Bool {
    line.ranges(of: word).contains { range in
      guard let before = line[..<range.lowerBound].last else { return true }
      return !(before.isLetter || before.isNumber || before == "_")
    }
  }
}
