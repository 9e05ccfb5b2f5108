import Testing

/// The checkers find what is planted, and leave alone what is right.
@Suite("Layout checkers")
struct PlantedViolationTests {
  @Test(
    "every way to write an import is read",
    arguments: [
      "import Beta", "  import Beta", "@testable import Beta", "public import Beta",
      "@preconcurrency internal import Beta", "import struct Beta.Value", "import Beta.Part",
      "@_spi(Tests) import Beta", "import Gamma; import Beta", "/* why */ import Beta",
      "let open = \"/*\"\nimport Beta", "let quote = \"\\\"/*\"\nimport Beta",
      "#if canImport(Beta)\nimport Beta\n#endif",
    ])
  func importIsRead(source: String) {
    #expect(LayoutRule.importedModules(ofSource: source).contains("Beta"))
  }

  @Test(
    "what is no import is not read as one",
    arguments: [
      "// import Beta", "/// import Beta", "/*\nimport Beta\n*/", "let text = \"import Beta\"",
      "#if canImport(Beta)", "important(Beta)",
    ])
  func noImportIsRead(source: String) {
    #expect(LayoutRule.importedModules(ofSource: source).isEmpty)
  }

  @Test("an import of a later target is found, imports of earlier and foreign modules are not")
  func plantedImportIsFound() {
    let sources = [
      "Alpha": "import Foundation\n@testable import Gamma\n",
      "Beta": "public import Alpha\nimport Zlib\n",
      "Gamma": "import Alpha\nimport Beta\n",
    ]
    let violations = LayoutRule.violations(
      in: sources.mapValues(LayoutRule.importedModules(ofSource:)))
    #expect(violations == [LayoutRule.Violation(target: "Alpha", imported: "Gamma")])
  }

  @Test("an import of the target itself is found")
  func ownImportIsFound() {
    #expect(LayoutRule.violations(in: ["Alpha": ["Alpha"]]).count == 1)
  }

  @Test("names sort by bytes: capitals before small letters, a prefix before the longer name")
  func orderIsByBytes() {
    #expect(LayoutRule.precedes("CNLopt", "CompressedForces"))
    #expect(LayoutRule.precedes("ParetoFronts", "PopulationSearch"))
    #expect(LayoutRule.precedes("SymReg", "SymRegCLI"))
    #expect(!LayoutRule.precedes("SymReg", "SymReg"))
  }

  @Test("the manifest's targets are read in order, comments are not")
  func manifestIsRead() {
    let manifest = Manifest(
      source: """
        .executable(name: "tool", targets: ["Beta"]),
        .target(name: "Beta"),
        // .target(name: "Gone"),
        .systemLibrary(
          name: "CAlpha", pkgConfig: "alpha"),
        .executableTarget(name: "Tool"),
        .testTarget(name: "BetaTests", dependencies: ["Beta"]),
        """)
    #expect(manifest.targets == ["Beta", "CAlpha", "Tool"])
    #expect(manifest.testTargets == ["BetaTests"])
  }

  @Test(
    "forbidden words are found as words",
    arguments: [
      ("fatalError(\"no\")", "fatalError(", true), ("let a = b as! C", "as!", true),
      ("try! f()", "try!", true), ("if isGas!.value {}", "as!", false),
      ("try f()", "try!", false), ("retry!", "try!", false),
    ])
  func wordIsFound(line: String, word: String, isFound: Bool) {
    #expect(LayoutRule.holds(Substring(line), word: word) == isFound)
  }
}
