import Testing

@Suite("Layout of the package")
struct LayoutRuleTests {
  /// What several test targets share; a target of its own, in Tests.
  private static let support = "TestSupport"

  @Test("a target imports only local targets that sort before it")
  func importsPointBackwards() throws {
    let imports = try PackageTree.importsOfTargets()
    // Guards against a reader of imports that finds none.
    #expect(imports["CompressedForces"]?.contains("AtomicData") == true)
    let violations = LayoutRule.violations(in: imports)
    #expect(violations.isEmpty, "\(violations)")
  }

  @Test("targets are the folders of Sources, declared in byte order")
  func targetsAreFolders() throws {
    let declared = Manifest(source: try PackageTree.text(of: "Package.swift")).targets
      .filter { $0 != Self.support }
    #expect(declared == (try PackageTree.folders(in: "Sources")))
  }

  @Test("test targets are the folders of Tests, declared in the order of what they test")
  func testTargetsAreFolders() throws {
    let declared = Manifest(source: try PackageTree.text(of: "Package.swift")).testTargets
    let folders = try PackageTree.folders(in: "Tests").filter { $0 != Self.support }
    let inOrder = folders.sorted {
      LayoutRule.precedes(String($0.dropLast(5)), String($1.dropLast(5)))
    }
    #expect(folders.allSatisfy { $0.hasSuffix("Tests") }, "\(folders)")
    #expect(declared == inOrder)
  }

  @Test("each Swift target has its tests")
  func targetsHaveTests() throws {
    let tests = try PackageTree.folders(in: "Tests")
    for target in try PackageTree.folders(in: "Sources")
    where !(try PackageTree.files(in: "Sources/" + target, extensions: ["swift"])).isEmpty {
      #expect(tests.contains(target + "Tests"), "Tests/\(target)Tests is missing")
    }
  }

  @Test("the manifest needs no unsafe flags")
  func manifestIsSafe() throws {
    let code = LayoutRule.code(ofSource: try PackageTree.text(of: "Package.swift"))
    #expect(!code.contains("unsafeFlags"))
  }

  @Test(
    "no call in Sources ends the process of a caller",
    arguments: ["fatalError(", "try!", "as!"])
  func sourcesDoNotTrap(word: String) throws {
    for file in try PackageTree.files(in: "Sources", extensions: ["swift"]) {
      let lines = linesOfCode(holding: word, in: try PackageTree.text(of: file))
      #expect(lines.isEmpty, "\(file):\(lines): \(word)")
    }
  }

  @Test("no file in Sources has more than 400 lines")
  func filesAreShort() throws {
    for file in try PackageTree.files(in: "Sources") {
      let count = try PackageTree.text(of: file).split(
        omittingEmptySubsequences: false, whereSeparator: \.isNewline
      ).dropLast().count
      #expect(count <= 400, "\(file): \(count) lines")
    }
  }

  /// Numbers, from 1, of the lines whose code, without comments, holds `word` as a word.
  private func linesOfCode(holding word: String, in source: String) -> [Int] {
    LayoutRule.code(ofSource: source)
      .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
      .filter { LayoutRule.holds($0.element, word: word) }
      .map { $0.offset + 1 }
  }
}
