import ArgumentParser
import AtomicData
import ForceFitting
import Foundation
import SimulatorExport
import SymReg

/// `symreg scan`: what a potential does to two atoms or molecules.
struct ScanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "Minima, dimer scans and second virial coefficients of a potential.",
    discussion: """
      U(r) and F(r) of every pair of types with its minimum; with --molecule the energy of two rigid molecules by \
      their distance, and their second virial coefficient B₂(T).

        symreg scan runs/water-dimer-001 --molecule water.extxyz --temperatures 400,600,800
        symreg scan --potential Lennard-Jones --temperatures 100:500:50 --json
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

  @OptionGroup(title: "Without a run") var given: GivenPotentialOptions
  @OptionGroup(title: "Scan") var scan: ScanOptions
  @OptionGroup(title: "Process") var seed: SeedOption
  @OptionGroup(title: "Process") var threads: ThreadOption

  @Option(
    help: ArgumentHelp(
      "New folder that gets the result as CSV and JSON.", valueName: "folder"),
    completion: .directory)
  var out: String?

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    let console = output.console
    if let out { try ExportFolder.check(out) }
    let threads = try threads.count()
    let masses = try scan.atomicMasses()
    let (potential, reading) = try await potential(masses: masses, threads: threads)
    let molecules = try await molecules(of: potential, reading: reading, masses: masses)
    let distances = try scan.distanceGrid()
    var document = ScanDocument(
      potential, isHardBelowSampled: !scan.extrapolate && !scan.core)
    document.add(
      try PairScan.scans(of: potential, molecules: molecules ?? [], distances: distances))
    if let molecules {
      for orientation in try scan.orientations() {
        document.add(
          DimerScan(
            of: potential, between: molecules[0], and: molecules[1],
            at: orientation.orientation, distances: distances), angles: orientation.angles)
      }
    }
    try await addVirialCoefficients(to: &document, potential, molecules, threads: threads)
    if let out { try ExportFolder.write([("", try document.files())], to: out) }
    console.note(potential.warnings.map { "warning: " + $0 })
    try console.print(ScanReport(document: document).lines(width: console.width))
    try console.printJSON(document)
  }

  private func potential(
    masses: AtomicMasses, threads: Int
  ) async throws -> (ExportedPotential, ReadingOptions) {
    var potential: ExportedPotential
    let reading: ReadingOptions
    if let run {
      try given.checkBesideRun()
      let potentials = try await RunPotentials(run: run, data: data, threads: threads)
      let size = try complexity.map {
        try OptionText("--complexity", $0).integer("a whole number of at least 1", in: 1...Int.max)
      }
      potential = try potentials.potential(try potentials.entry(complexity: size))
      reading = try given.reading(potentials.settings.reading)
    } else {
      guard complexity == nil else {
        throw InputError("expected a run beside --complexity, found none")
      }
      reading = try given.reading(ReadingOptions(validationFraction: 0))
      let structure = try await scan.molecule.first.asyncMap {
        try await ExportStructure(firstFrameOf: $0, options: reading)
      }
      potential = try given.exportedPotential(
        reading: reading, structure: structure, masses: masses)
    }
    return (scan.core ? try potential.withCores() : potential, reading)
  }

  /// The two molecules of a dimer; nil without any.
  private func molecules(
    of potential: ExportedPotential, reading: ReadingOptions, masses: AtomicMasses
  ) async throws -> [RigidMolecule]? {
    guard scan.molecule.count <= 2 else {
      throw InputError("expected one or two of --molecule, found \(scan.molecule.count)")
    }
    var molecules: [RigidMolecule] = []
    for path in scan.molecule {
      var options = reading
      // A file of one molecule: whatever its atoms are to each other does not matter.
      options.moleculeSize = nil
      options.pairs = .all
      let structure = try await ExportStructure(firstFrameOf: path, options: options)
      do {
        molecules.append(try RigidMolecule(structure, of: potential, masses: masses))
      } catch let error as InputError {
        throw InputError(file: error.file ?? path, error.message, remedy: error.remedy)
      }
    }
    guard let first = molecules.first, let last = molecules.last else { return nil }
    return [first, last]
  }

  /// Of the molecules; without any of the atoms, where all are of one type.
  private func addVirialCoefficients(
    to document: inout ScanDocument, _ potential: ExportedPotential, _ molecules: [RigidMolecule]?,
    threads: Int
  ) async throws {
    let temperatures = try scan.temperatureList()
    guard let temperatures else { return }
    let atom = RigidMolecule(types: [0], positions: [.zero])
    let isOneType = potential.typeNames.count == 1 && !potential.usesProperty
    guard let pair = molecules ?? (isOneType ? [atom, atom] : nil) else {
      throw InputError(
        "expected --molecule for --temperatures with types "
          + "\(potential.typeNames.joined(separator: ", ")), found none",
        remedy: "give the molecule as an extended XYZ file")
    }
    var options = SecondVirialCoefficient.Options()
    options.orientations = try scan.orientationCount()
    options.seed = try seed.value()
    options.threads = threads
    options.isHardBelowSampled = document.isHardBelowSampled
    document.virialCoefficients = await SecondVirialCoefficient.values(
      of: potential, between: pair[0], and: pair[1], at: temperatures, options: options
    ).map(ScanDocument.Virial.init)
  }
}

extension Optional {
  fileprivate func asyncMap<T>(_ transform: (Wrapped) async throws -> T) async rethrows -> T? {
    guard let self else { return nil }
    return try await transform(self)
  }
}
