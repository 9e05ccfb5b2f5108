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

  private static func relativeLinks(in text: String) -> [String] {
    text.matches(of: /\]\(([^)#\s]+)[^)]*\)/)
      .map { String($0.1) }
      .filter { !$0.contains("://") && !$0.hasPrefix("mailto:") }
  }
}
