import ArgumentParser
import Foundation
import Machine
import SymReg

/// H2O-13: pair potentials of water from dimers, next to q-SPC/Fw as published and refitted, and the floor.
struct WaterCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "water", abstract: "Searches the water dimers of H2O-13.",
    discussion: "The data are not in the repository; their authors distribute them.")

  @OptionGroup var options: StudyOptions
  @Option(help: "Folder of data that is not in the repository.") var data = "../shared/data"

  func run() async throws {
    let folder = data + "/h2o-13/"
    let sources = try [
      "water_conf_0.02_dimer_dft_samples_4000K_Roo_lt_4.5A_MP2_AVTZ_2041-4080.xyz:forces=fmp2_2body",
      "water_dimers_amoeba_bulk300K_1000_4.5_lt_Roo_lt_6.0_MP2_AVTZ.xyz"
        + ":forces=force-mono1_force-mono2_force",
    ].map { try DataSource(parsing: folder + $0) }
    try await FrontStudy(sources: sources) { $0.reading.moleculeSize = 3 }.run(options)
  }
}

/// Liquid argon from DFT.
struct ArgonCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "argon", abstract: "Searches the forces of liquid argon.",
    discussion: "The data are not in the repository.")

  @OptionGroup var options: StudyOptions
  @Option(help: "Folder of data that is not in the repository.") var data = "../shared/data"

  func run() async throws {
    try await FrontStudy(sources: [DataSource(path: data + "/argon/Ar_dft_short.extxyz")]) {
      $0.cutoff = 8
    }.run(options)
  }
}

/// Instantaneous forces of one trajectory: what an honest program makes of them.
struct PoorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "poor", abstract: "Searches instantaneous solvent forces of one trajectory.")

  @OptionGroup var options: StudyOptions
  @Option(help: "Data.") var data = "Datasets/alanine-dipeptide/alanine-instant.extxyz"
  @Option(help: "Mean forces that the recommended entry is held against.")
  var mean = "Datasets/alanine-dipeptide/alanine-mean.extxyz"

  func run() async throws {
    let front = try await FrontStudy(sources: [DataSource(path: data)]).run(options).front
    guard let entry = front.first(where: \.recommended) else {
      return print("\nnone is recommended")
    }
    var settings = DiscoverySettings()
    settings.cutoffMode = .shiftedForce
    settings.reading.validationFraction = 0
    let truth = try await Discovery.open([DataSource(path: mean)], settings: settings)
    let document = try await truth.evaluate(
      try ExpressionTree(parsing: entry.expression), parameters: entry.parameters)
    let r2 = document.front.first?.r2 ?? .nan
    print("\nR² of the recommended entry on the mean forces: \(String(format: "%.4f", r2))")
  }
}

/// One search with cross-validation, and its front as a table.
struct FrontStudy {
  let sources: [DataSource]
  var configure: @Sendable (inout DiscoverySettings) -> Void = { _ in }

  @discardableResult
  func run(_ options: StudyOptions) async throws -> FrontDocument {
    var settings = DiscoverySettings()
    settings.cutoffMode = .shiftedForce
    settings.reading.validationFraction = 0
    settings.reading.foldCount = 5
    settings.search.threads = options.threads
    configure(&settings)
    let discovery = try await Discovery.open(sources, settings: settings)
    let deadline = ContinuousClock.now + .seconds(options.seconds)
    let document = try await discovery.search(deadline: deadline).document
    try options.write(document)
    print("\(Machine())\nsearch of \(options.seconds) s, \(options.threads) threads\n")
    print(Self.markdown(document))
    return document
  }

  private static func markdown(_ document: FrontDocument) -> String {
    func text(_ rmse: Double?) -> String { rmse.map { String(format: "%.2f", $0 * 1000) } ?? "" }
    var lines = [
      "| nodes | RMSE, meV/Å | cross-validated | R² | U(r) | flags |", "|---|---|---|---|---|---|",
    ]
    lines += document.front.map { entry in
      "| \(entry.complexity)\(entry.recommended ? ", recommended" : "") | \(text(entry.directRMSE)) | "
        + "\(text(entry.crossValidation?.rmse)) | \(String(format: "%.4f", entry.r2)) | "
        + "`\(entry.expression)` | \(entry.flags.joined(separator: ", ")) |"
    }
    if let floor = document.floor {
      lines.append(
        "| | \(text(floor.rmse)) | \(text(floor.crossValidatedRMSE)) | | free-form floor | |")
    }
    lines += document.baselines.map {
      "| | \(text($0.directRMSE)) | | \(String(format: "%.4f", $0.r2)) | \($0.name) | |"
    }
    return lines.joined(separator: "\n")
  }
}
