/// What `Package.swift` declares, read as text: the tests must not need a second `swift package`.
struct Manifest {
  /// Targets of `Sources/`, system libraries included, in the order declared.
  let targets: [String]
  /// Test targets in the order declared.
  let testTargets: [String]

  init(source: String) {
    let code = LayoutRule.code(ofSource: source)
    let declaration =
      /\.(target|executableTarget|systemLibrary|testTarget|macro)\(\s*name:\s*"([^"]+)"/
    var targets: [String] = []
    var testTargets: [String] = []
    for match in code.matches(of: declaration) {
      if match.1 == "testTarget" {
        testTargets.append(String(match.2))
      } else {
        targets.append(String(match.2))
      }
    }
    self.targets = targets
    self.testTargets = testTargets
  }
}
