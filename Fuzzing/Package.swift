// swift-tools-version: 6.1
import PackageDescription

/// libFuzzer brings the main function.
func fuzzer(_ name: String, products: [String]) -> Target {
  .executableTarget(
    name: name,
    dependencies: ["FuzzSupport"] + products.map { .product(name: $0, package: "symreg") },
    swiftSettings: [.unsafeFlags(["-parse-as-library"])])
}

// Built by scripts/fuzz, which instruments the libraries too.
let package = Package(
  name: "Fuzzing",
  dependencies: [.package(name: "symreg", path: "..")],
  targets: [
    .target(name: "CMemoryFile"),
    fuzzer("FuzzExpression", products: ["SymReg"]),
    fuzzer("FuzzFrames", products: ["SymReg"]),
    fuzzer("FuzzOptions", products: ["RunConfiguration", "SymReg"]),
    .target(name: "FuzzSupport", dependencies: ["CMemoryFile"]),
  ],
  swiftLanguageModes: [.v6]
)
