// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "symreg",
  products: [
    .library(name: "SymReg", targets: ["SymReg"]),
    // What reads input of others, for Fuzzing.
    .library(
      name: "InputReaders", targets: ["AtomicData", "ExpressionTrees", "RunConfiguration"]),
    .executable(name: "symreg", targets: ["SymRegCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  // The alphabetical order of the targets is the order of the data flow and of the dependencies:
  // a target imports only local targets that sort before it (Tests/LayoutTests holds this).
  targets: [
    .target(name: "AtomicData"),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CNLopt", pkgConfig: "nlopt", providers: [.apt(["libnlopt-dev"])]),
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .target(name: "CVectorKernels"),
    .target(
      name: "CompressedForces",
      dependencies: ["AtomicData", "CCrypto", "COpenBLAS", "CVectorKernels"]),
    .target(name: "ExpressionTrees", dependencies: ["AtomicData", "CVectorKernels"]),
    .target(
      name: "ForceFitting",
      dependencies: [
        "AtomicData", "CNLopt", "CVectorKernels", "CompressedForces",
        "ExpressionTrees",
      ]),
    .target(name: "ParetoFronts", dependencies: ["ExpressionTrees", "ForceFitting"]),
    .target(
      name: "PopulationSearch",
      dependencies: ["AtomicData", "ExpressionTrees", "ForceFitting", "ParetoFronts"]),
    .target(
      name: "RunConfiguration",
      dependencies: ["AtomicData", .product(name: "Yams", package: "Yams")]),
    .target(
      name: "RunStorage",
      dependencies: [
        "AtomicData", "ExpressionTrees", "ForceFitting", "ParetoFronts", "PopulationSearch",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .target(
      name: "SimulatorExport",
      dependencies: [
        "AtomicData", "CompressedForces", "ExpressionTrees", "ForceFitting", "RunStorage",
      ]),
    .target(
      name: "SummaryReport",
      dependencies: [
        "AtomicData", "CompressedForces", "ExpressionTrees", "ForceFitting", "ParetoFronts",
        "RunStorage", .product(name: "Mustache", package: "swift-mustache"),
      ]),
    .target(
      name: "SymReg",
      dependencies: [
        "AtomicData", "CompressedForces", "ExpressionTrees", "ForceFitting", "ParetoFronts",
        "PopulationSearch", "RunStorage", "SimulatorExport",
      ]),
    .executableTarget(
      name: "SymRegCLI",
      dependencies: [
        "AtomicData", "CompressedForces", "ExpressionTrees", "ForceFitting", "ParetoFronts",
        "PopulationSearch", "RunConfiguration", "RunStorage", "SimulatorExport", "SummaryReport",
        "SymReg",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      plugins: ["RecordCommit"]),
    .plugin(name: "RecordCommit", capability: .buildTool()),
    .testTarget(
      name: "AtomicDataTests", dependencies: ["AtomicData", "TestSupport"],
      exclude: ["Corpus", "make_corpus_golden.py"]),
    .testTarget(
      name: "CVectorKernelsTests", dependencies: ["AtomicData", "CVectorKernels"],
      exclude: ["make_coefficients.py"]),
    .testTarget(
      name: "CompressedForcesTests", dependencies: ["CVectorKernels", "CompressedForces"]),
    .testTarget(
      name: "ExpressionTreesTests", dependencies: ["CVectorKernels", "ExpressionTrees"]),
    .testTarget(
      name: "ForceFittingTests",
      dependencies: [
        "AtomicData", "CVectorKernels", "CompressedForces", "ForceFitting", "TestSupport",
      ]),
    .testTarget(name: "LayoutTests"),
    .testTarget(name: "ParetoFrontsTests", dependencies: ["AtomicData", "ParetoFronts"]),
    .testTarget(
      name: "PopulationSearchTests",
      dependencies: ["CVectorKernels", "PopulationSearch", "TestSupport"]),
    .testTarget(
      name: "RunConfigurationTests", dependencies: ["AtomicData", "RunConfiguration"]),
    .testTarget(
      name: "RunStorageTests",
      dependencies: [
        "PopulationSearch", "RunStorage", "TestSupport",
        .product(name: "GRDB", package: "GRDB.swift"),
      ], exclude: ["version-1.sql"]),
    .testTarget(
      name: "SimulatorExportTests", dependencies: ["AtomicData", "SimulatorExport"]),
    .testTarget(
      name: "SummaryReportTests",
      dependencies: ["RunStorage", "SummaryReport", "TestSupport"]),
    .testTarget(name: "SymRegTests", dependencies: ["PopulationSearch", "SymReg"]),
    .target(
      name: "TestSupport",
      dependencies: ["AtomicData", "CompressedForces", "ExpressionTrees", "ForceFitting"],
      path: "Tests/TestSupport"),
    .testTarget(
      name: "SymRegCLITests",
      dependencies: [
        "RunConfiguration", "RunStorage", "SummaryReport", "SymRegCLI", "TestSupport",
      ],
      exclude: ["Corpus"]),
  ],
  swiftLanguageModes: [.v6]
)
