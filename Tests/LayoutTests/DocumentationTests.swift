import Foundation
import Testing

@Suite("Documentation")
struct DocumentationTests {
  @Test("relative links lead to files that exist")
  func linksLeadSomewhere() throws {
    let pages = try Self.pages()
    #expect(pages.contains("CONTRIBUTING.md") && pages.contains("docs/theory/notation.md"))
    for page in pages {
      let folder = PackageTree.root.appending(path: page).deletingLastPathComponent()
      for link in Self.relativeLinks(in: try PackageTree.text(of: page)) {
        let target = folder.appending(path: link).path()
        #expect(FileManager.default.fileExists(atPath: target), "\(page): \(link) does not exist")
      }
    }
  }

  @Test("sources that a page names in backquotes exist")
  func sourcesExist() throws {
    let sources = try [
      "Benchmarks/Python", "Benchmarks/Sources", "Datasets", "Examples/Sources", "Fuzzing/Sources",
      "Sources", "Tests",
    ].flatMap { try PackageTree.files(in: $0) }
    for page in try Self.pages() {
      for name in Self.namedSources(in: try PackageTree.text(of: page)) {
        let isThere =
          sources.contains { $0 == name || $0.hasSuffix("/" + name) }
          || FileManager.default.fileExists(atPath: PackageTree.root.appending(path: name).path())
        #expect(isThere, "\(page): \(name) does not exist")
      }
    }
    #expect(
      Self.namedSources(in: "`A.swift`, `b/C.h`, `d.swift.md`, `e.py`, .h")
        == ["A.swift", "b/C.h"])
  }

  @Test(
    "a page of theory cites papers and names the sources",
    arguments: [
      "canonical-form", "constrained-fit", "enumeration", "search", "sufficient-statistics",
      "uncertainty", "validation",
    ])
  func theoryHasSources(page: String) throws {
    let text = try PackageTree.text(of: "docs/theory/\(page).md")
    #expect(text.contains(/doi\s+10\.\d{4,}\/\S+/))
    #expect(text.contains(/`Sources\/\w+\//))
  }

  @Test("links are found, those to other sites and within a page are not")
  func linksAreFound() {
    let links = Self.relativeLinks(
      in: "[a](b.md) ![c](d/e.png) [f](g.md#part) [h](https://x.org/y) [i](#part)")
    #expect(links == ["b.md", "d/e.png", "g.md"])
  }

  /// Markdown pages at the top, in `docs/` and in `Datasets/`, from the package root.
  private static func pages() throws -> [String] {
    let top = try FileManager.default.contentsOfDirectory(atPath: PackageTree.root.path())
      .filter { $0.hasSuffix(".md") }.sorted(by: LayoutRule.precedes)
    return try ["Datasets", "docs"].reduce(into: top) {
      $0 += try PackageTree.files(in: $1, extensions: ["md"])
    }
  }

  /// Names that stand for any type's.
  private static let placeholders: Set<String> = [
    "Type+Aspect.swift", "Type.swift", "TypeTests.swift",
  ]

  /// Sources in backquotes, `File.swift` or `folder/File.h`.
  private static func namedSources(in text: String) -> [String] {
    text.matches(of: /`([\w.+\/-]+\.(?:swift|h|c))`/).map { String($0.1) }
      .filter { !placeholders.contains($0) }
  }

  private static func relativeLinks(in text: String) -> [String] {
    text.matches(of: /\]\(([^)#\s]+)[^)]*\)/)
      .map { String($0.1) }
      .filter { !$0.contains("://") && !$0.hasPrefix("mailto:") }
  }
}
