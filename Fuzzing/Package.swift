// swift-tools-version: 6.1
import PackageDescription

/// libFuzzer brings the main function.
func fuzzer(_ name: String) -> Target {
  .executableTarget(
    name: name, dependencies: ["FuzzSupport", .product(name: "InputReaders", package: "symreg")],
    swiftSettings: [.unsafeFlags(["-parse-as-library"])])
}

// Built by scripts/fuzz, which instruments the libraries too.
let package = Package(
  name: "Fuzzing",
  dependencies: [.package(name: "symreg", path: "..")],
  targets: [
    .target(name: "CMemoryFile"),
    fuzzer("FuzzExpression"),
    fuzzer("FuzzFrames"),
    fuzzer("FuzzOptions"),
    .target(name: "FuzzSupport", dependencies: ["CMemoryFile"]),
  ],
  swiftLanguageModes: [.v6]
)
