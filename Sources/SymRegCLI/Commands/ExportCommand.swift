import ArgumentParser
import AtomicData
import ExpressionTrees
import Foundation
import RunStorage
import SimulatorExport
import SymReg

/// `symreg export`: potentials as input of simulators.
struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write potentials for LAMMPS, OpenMM, ASE and others.",
    discussion: """
      Writes an entry of a run's front, or a potential of the command line, with its cutoff treatment, its \
      background and which pairs it acts on. Every expression is read back and compared with the potential \
      before a file is written.

        symreg export runs/water-dimer-001 --format lammps-lepton,openmm --out water
        symreg export --potential q-SPC/Fw --cutoff 9 --cutoff-mode shifted-force --pairs inter --format ase \
      --out q-spc-fw
      """)

  @Argument(
    help: ArgumentHelp("Folder that `symreg search` wrote.", valueName: "run"),
    completion: .directory)
  var run: String?

  @Argument(
    help: ArgumentHelp(
      "The data of the run, where they are not in their old place any more.", valueName: "data"),
    completion: .file())
  var data: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Nodes of the entry. (default: the recommended entry)", valueName: "nodes"))
  var complexity: String?

  @Flag(help: "Write every entry of the front, each into a folder NN-nodes.")
  var all = false

  @Option(
    help: ArgumentHelp(
      "Formats, each in a folder of its own where there are several: lammps-lepton, lammps-table, openmm, ase, "
        + "table (CSV), gromacs (xvg), latex, sympy, json.", valueName: "format,..."))
  var format: String

  @Option(
    help: ArgumentHelp("Folder to write; must not exist.", valueName: "folder"),
    completion: .directory)
  var out: String

  @OptionGroup(title: "Without a run") var given: GivenPotentialOptions
  @OptionGroup(title: "Simulation") var simulator: SimulatorOptions
  @OptionGroup(title: "Process") var threads: ThreadOption
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    let console = output.console
    let formats = try OptionText("--format", format)
      .choices(ExportFormat.allCases, name: \.rawValue)
    var options = try simulator.options()
    guard options.bonded == nil || !Set(formats).isDisjoint(with: Exporter.simulators) else {
      throw InputError(
        "expected a simulator for --bonded, found \(format)",
        remedy: "leave out --bonded, or export "
          + OptionText.listed(Exporter.simulators.map(\.rawValue)))
    }
    try ExportFolder.check(out)
    let exports = try await potentials(&options)
    var files: [(folder: String, files: [ExportFile])] = []
    var warnings: [String] = []
    for (folder, potential) in exports {
      let exporter = Exporter(potential, options: options)
      for format in formats {
        let parts = [folder, formats.count > 1 ? format.rawValue : ""].filter { !$0.isEmpty }
        files.append((parts.joined(separator: "/"), try exporter.files(format)))
      }
      warnings += potential.warnings.map { exports.count > 1 ? "\(folder): \($0)" : $0 }
    }
    try ExportFolder.write(files, to: out)
    console.note(warnings.map { "warning: " + $0 })
    let paths = files.flatMap { entry in
      entry.files.map { (entry.folder.isEmpty ? "" : entry.folder + "/") + $0.name }
    }
    try console.print(paths.map { out + "/" + $0 })
    try console.printJSON(Report(folder: out, files: paths, warnings: warnings))
  }

  private struct Report: Encodable {
    let formatVersion = 1
    let folder: String
    let files: [String]
    let warnings: [String]
  }

  /// What to write, with the folder of each; the structure becomes one of the options.
  private func potentials(
    _ options: inout ExportOptions
  ) async throws -> [(folder: String, potential: ExportedPotential)] {
    guard let run else {
      guard !all, complexity == nil else {
        throw InputError("expected a run beside --complexity or --all, found none")
      }
      let reading = try given.reading(ReadingOptions(validationFraction: 0))
      options.structure = try await structure(reading: reading, dataset: nil)
      let potential = try given.exportedPotential(
        reading: reading, structure: options.structure, masses: options.masses)
      return [("", try walled(potential))]
    }
    try given.checkBesideRun()
    guard !all || complexity == nil else {
      throw InputError("expected --complexity or --all, found both")
    }
    let potentials = try await RunPotentials(run: run, data: data, threads: try threads.count())
    options.structure = try await structure(
      reading: potentials.settings.reading, dataset: potentials.dataset)
    guard all else {
      let size = try complexity.map {
        try OptionText("--complexity", $0).integer("a whole number of at least 1", in: 1...Int.max)
      }
      return [("", try walled(try potentials.potential(try potentials.entry(complexity: size))))]
    }
    return try potentials.document.front.map { entry in
      let digits = String(entry.complexity)
      return (
        String(repeating: "0", count: max(0, 2 - digits.count)) + digits + "-nodes",
        try walled(try potentials.potential(entry))
      )
    }
  }

  private func walled(_ potential: ExportedPotential) throws -> ExportedPotential {
    simulator.core ? try potential.withCores() : potential
  }

  /// That of `--structure`, else the first frame of the data.
  private func structure(
    reading: ReadingOptions, dataset: Dataset?
  ) async throws -> ExportStructure? {
    if let path = simulator.structure {
      return try await ExportStructure(
        firstFrameOf: path, options: try given.reading(reading))
    }
    guard let dataset, let frame = try dataset.makeBlockReader().next()?.frames().first else {
      return nil
    }
    return ExportStructure(frame, types: dataset.pairTypes)
  }
}

extension SymRegCommand {
  /// Version and commit, as files name what wrote them.
  static var program: String { "symreg \(version) (\(SourceCommit.text))" }
}
