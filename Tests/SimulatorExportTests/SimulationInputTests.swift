import AtomicData
import ExpressionTrees
import ForceFitting
import Foundation
import Testing

@testable import SimulatorExport

@Suite("Simulation input")
struct SimulationInputTests {
  @Test("the wall goes on from U with two derivatives, and repels from 0.95 of the joint down")
  func core() throws {
    for potential in [
      try SamplePotentials.water().withCores(), try SamplePotentials.argon().withCores(),
      try SamplePotentials.make("X/r", SamplePotentials.charges).withCores(),
    ] {
      for sample in potential.samples {
        let joint = try #require(sample.range?.lowerBound)
        func force(_ r: Double) -> Double { -potential.value(of: sample.pair, at: r).derivative }
        let h = 1e-5
        let below = potential.value(of: sample.pair, at: joint - 1e-12)
        let above = potential.value(of: sample.pair, at: joint)
        #expect(abs(below.energy - above.energy) < 1e-10)
        #expect(abs(below.derivative - above.derivative) < 1e-9)
        let slopes = [force(joint - h), force(joint), force(joint + h)]
        #expect(abs((slopes[1] - slopes[0]) - (slopes[2] - slopes[1])) / h < 1e-2)
        for share in stride(from: 0.1, through: 0.949, by: 0.05) {
          #expect(force(share * joint) > 0, "\(sample.name) at \(share)")
        }
        let numeric =
          (potential.value(of: sample.pair, at: 0.8 * joint + h).energy
            - potential.value(of: sample.pair, at: 0.8 * joint - h).energy) / (2 * h)
        #expect(abs(numeric + force(0.8 * joint)) < 1e-6 * abs(numeric))
      }
    }
  }

  @Test("attraction below the data is warned of, and not where a wall stands")
  func warnings() throws {
    let potential = try SamplePotentials.make("X/r", SamplePotentials.charges)
    #expect(potential.warnings.count == 1)
    #expect(potential.warnings[0].hasPrefix("H-O attracts from 1.50 Å down"))
    #expect(try potential.withCores().warnings.isEmpty)
    let files = try Exporter(potential).files(.ase)
    #expect(files.allSatisfy { $0.text.contains("H-O attracts from") })
    let unknown = try SamplePotentials.make("X/r", SamplePotentials.charges, ranges: [])
    #expect(throws: InputError.self) { try unknown.withCores() }
  }

  private static func structure(_ cell: Cell = .isolated) -> ExportStructure {
    ExportStructure(
      Frame(
        positions: [
          SIMD3(0, 0, 0), SIMD3(0.8, 0.6, 0), SIMD3(-0.8, 0.6, 0), SIMD3(3, 0, 0.5),
          SIMD3(3.8, 0.6, 0.5), SIMD3(2.2, 0.6, 0.5),
        ], forces: Array(repeating: .zero, count: 6), types: [1, 0, 0, 1, 0, 0],
        molecules: [0, 0, 0, 1, 1, 1], cell: cell), types: SamplePotentials.types)
  }

  @Test("system.data numbers types by name, with molecules, masses, and bonds and angles of water")
  func data() throws {
    var options = ExportOptions()
    options.structure = Self.structure()
    options.bonded = BondedWater.all[0]
    let files = try Exporter(SamplePotentials.water(), options: options).files(.lammpsLepton)
    #expect(files.map(\.name) == ["potential.lmp", "system.data", "in.lammps", "README.md"])
    let data = files[1].text
    for part in [
      "6 atoms", "2 atom types", "4 bonds", "2 angles", "1 1.008 # H", "2 15.999 # O",
      "1 1 2 0.0 0.0 0.0 0.0", "5 2 1 0.0 3.8 0.6 0.5", "1 1 2 1 3",
    ] { #expect(data.contains(part), "\(part)") }
    #expect(files[2].text.contains("boundary m m m"))
    // ½k in kcal/mol, as published: 1059.162 / 2.
    options.units = .real
    let real = try Exporter(SamplePotentials.water(), options: options).files(.lammpsLepton)[0].text
    let constant = try #require(real.firstMatch(of: /bond_coeff 1 ([0-9.]+) 1\.0/))
    #expect(abs(try #require(Double(constant.1)) - 529.581) < 1e-9)
  }

  @Test("a periodic cell of any shape is turned as LAMMPS has it, distances stay")
  func cell() throws {
    let vectors = [SIMD3<Double>(0, 12, 0), SIMD3(-11, 2, 0), SIMD3(1, 3, 13)]
    var options = ExportOptions()
    options.structure = Self.structure(Cell(vectors: vectors, isPeriodic: [true, true, true]))
    let files = try Exporter(SamplePotentials.water(), options: options).files(.lammpsLepton)
    let data = files[1].text
    #expect(files[2].text.contains("boundary p p p"))
    #expect(data.contains("0.0 12.0 xlo xhi"))
    #expect(data.contains("0.0 11.0 ylo yhi") && data.contains("0.0 13.0 zlo zhi"))
    #expect(data.contains("2.0 3.0 -1.0 xy xz yz"))
    let atoms = data.matches(of: /\n[1-6] [12] [12] 0\.0 (\S+) (\S+) (\S+)/).map { match in
      SIMD3(Double(match.1) ?? .nan, Double(match.2) ?? .nan, Double(match.3) ?? .nan)
    }
    #expect(atoms.count == 6)
    let step = atoms[4] - atoms[0]
    #expect(abs((step * step).sum() - (3.8 * 3.8 + 0.36 + 0.25)) < 1e-12)
  }

  @Test("missing masses, molecules and molecules that are no water are named")
  func missing() throws {
    let types = PairTypes(typeNames: ["HW", "OW"])
    let values: [String: ParameterValue] = ["X": .byName(["HW": 0.5, "OW": -1])]
    let potential = try SamplePotentials.make("X/r", values, types: types)
    let error = #expect(throws: InputError.self) { try Exporter(potential).files(.openMM) }
    #expect(
      error?.description == "expected masses of all types, found none of HW, OW; give --masses "
        + "\"HW=…; OW=…\"")
    var options = ExportOptions()
    options.masses = AtomicMasses(["HW": 1, "OW": 16])
    #expect(try !Exporter(potential, options: options).files(.openMM).isEmpty)
    options.bonded = BondedWater.all[0]
    #expect(throws: InputError.self) { try Exporter(potential, options: options).files(.ase) }
    var bare = ExportOptions()
    bare.structure = ExportStructure(
      Frame(positions: [.zero], forces: [.zero], types: [0]), types: SamplePotentials.types)
    #expect(throws: InputError.self) {
      try Exporter(SamplePotentials.water(), options: bare).files(.lammpsLepton)
    }
    let everywhere = try SamplePotentials.make(
      "X/r", SamplePotentials.charges, selection: .all)
    options.masses = AtomicMasses()
    #expect(throws: InputError.self) { try Exporter(everywhere, options: options).files(.ase) }
  }

  @Test(
    "a force field of OpenMM has types, per-particle factors, globals and tables, and is well formed"
  )
  func forceField() throws {
    var options = ExportOptions()
    options.structure = Self.structure()
    options.bonded = BondedWater.all[0]
    let potential = try SamplePotentials.everything(mode: .shiftedForce).withCores()
    let text = try #require(
      try Exporter(potential, options: options).files(.openMM)
        .first { $0.name == "forcefield.xml" }
    ).text
    for part in [
      "<Type name=\"O\" class=\"O\" element=\"O\" mass=\"15.999\"/>",
      "<PerParticleParameter name=\"X_i\"/>",
      "<GlobalParameter name=\"symreg_b\" defaultValue=\"0.3\"/>",
      "<Function name=\"A_table\" type=\"Discrete2D\" xsize=\"2\" ysize=\"2\">20 -35 -35 900</Function>",
      "<Function name=\"r_core_table\"", "<Bond from=\"0\" to=\"1\"/>", "<HarmonicAngleForce>",
    ] { #expect(text.contains(part), "\(part)") }
    let tags = text.matches(of: /<(\/?)([A-Za-z]+)[^>]*?(\/?)>/)
    var open: [Substring] = []
    for tag in tags where tag.3.isEmpty {
      if tag.1.isEmpty { open.append(tag.2) } else { #expect(open.popLast() == tag.2) }
    }
    #expect(open.isEmpty && tags.count > 20)
  }

  @Test("a folder that exists is refused and left alone")
  func existingFolder() throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "there-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(throws: InputError.self) {
      try ExportFolder.write([("", [ExportFile("a", "b")])], to: folder.path())
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path()).isEmpty)
  }
}
