// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "Benchmarks",
  dependencies: [
    .package(name: "symreg", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    .executableTarget(
      name: "LargeData",
      dependencies: [
        .product(name: "SymReg", package: "symreg"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "Figures",
      dependencies: [
        "Machine",
        .product(name: "SymReg", package: "symreg"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(name: "Machine"),
    .executableTarget(
      name: "Emptiness",
      dependencies: [
        "Machine", "PlantedLaws",
        .product(name: "SymReg", package: "symreg"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(name: "PlantedLaws", dependencies: [.product(name: "SymReg", package: "symreg")]),
    .executableTarget(
      name: "Recovery",
      dependencies: [
        "Machine", "PlantedLaws",
        .product(name: "SymReg", package: "symreg"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "Speed",
      dependencies: [
        "Machine",
        .product(name: "SymReg", package: "symreg"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "Studies",
      dependencies: [
        "Machine",
        .product(name: "SymReg", package: "symreg"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
