// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "Examples",
  dependencies: [.package(name: "symreg", path: "..")],
  targets: [
    .executableTarget(
      name: "FirstSearch", dependencies: [.product(name: "SymReg", package: "symreg")])
  ],
  swiftLanguageModes: [.v6]
)
