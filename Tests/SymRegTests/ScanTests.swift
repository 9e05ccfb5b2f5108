import Foundation
import SimulatorExport
import SymReg
import Testing

@Suite("Scans of pairs and dimers")
struct ScanTests {
  @Test("the minimum of Lennard-Jones is at 2^(1/6) σ, ε deep, and its innermost force repels")
  func lennardJones() throws {
    let potential = try TestPotential.argon(range: 3...10)
    let scan = try #require(try PairScan.scans(of: potential).first)
    let minimum = try #require(scan.minimum)
    // The numbers of KnownPotential; no cutoff treatment.
    #expect(abs(minimum.distance - pow(2, 1.0 / 6) * 3.405) < 1e-9)
    #expect(abs(minimum.energy / (-119.8 * 8.617333262e-5) - 1) < 1e-9)
    #expect(
      minimum.isSampled == true && scan.barrier == nil && !scan.attractsInside
        && scan.name == "Ar-Ar")
    #expect(scan.distances.first == 1.5 && scan.distances.last == 10)
    let far = try #require(
      try PairScan.scans(of: try TestPotential.argon(range: 4...10)).first?.minimum)
    #expect(far.isSampled == false)
  }

  @Test("energies and forces are those of the potential in its cutoff treatment")
  func values() throws {
    let potential = try TestPotential.water()
    for scan in try PairScan.scans(of: potential, distances: [2.5, 3.0, 9.5, 10, 11]) {
      let sample = try #require(potential.samples.first { $0.name == scan.name })
      for (k, r) in scan.distances.enumerated() {
        let value = potential.value(of: sample.pair, at: r)
        #expect(abs(scan.energies[k] - value.energy) <= 1e-14)
        #expect(abs(scan.forces[k] + value.derivative) <= 1e-14)
      }
      #expect(scan.energies.last == 0 && abs(scan.energies[3]) < 1e-15)
    }
  }

  @Test("attraction inside of a wall is found with its barrier")
  func barrier() throws {
    // X/r − Y/r^6 repels between its maximum, at (6y/x)^(1/5), and infinity, and attracts inside.
    let potential = try TestPotential.make(
      "X/r - Y/r^6", ["X": .byName(["A": 1]), "Y": .byName(["A": 3])], types: ["A"], cutoff: 10,
      mode: .none, ranges: [3...10])
    let scan = try #require(try PairScan.scans(of: potential).first)
    #expect(abs(try #require(scan.barrier) - pow(54, 0.2)) < 1e-9)
    #expect(scan.minimum == nil && scan.attractsInside)
  }

  @Test("a dimer's force is minus the slope of its energy, at any orientation")
  func dimerForces() throws {
    let potential = try TestPotential.water()
    let orientation = DimerScan.Orientation(
      first: Rotation(alpha: 20, beta: 70, gamma: 130),
      second: Rotation(alpha: 200, beta: 15, gamma: 5))
    let h = 1e-5
    let scan = DimerScan(
      of: potential, between: TestPotential.waterMolecule, and: TestPotential.waterMolecule,
      at: orientation, distances: [2.7, 2.7 - h, 2.7 + h, 5, 5 - h, 5 + h])
    for first in [0, 3] {
      let slope = (scan.energies[first + 2] - scan.energies[first + 1]) / (2 * h)
      // h² times the third derivative.
      #expect(abs(scan.forces[first] + slope) < 1e-7)
    }
  }

  @Test("turning both molecules alike about the axis between them changes nothing")
  func symmetry() throws {
    let potential = try TestPotential.water()
    func energies(_ first: Rotation, _ second: Rotation) -> [Double] {
      DimerScan(
        of: potential, between: TestPotential.waterMolecule, and: TestPotential.waterMolecule,
        at: .init(first: first, second: second), distances: [2.8, 3.5, 6]
      ).energies
    }
    // The molecule lies in the xy-plane with its axis of symmetry along y: half a turn about y keeps it.
    let plain = energies(.identity, .identity)
    let turned = energies(Rotation(alpha: 0, beta: 180, gamma: 0), .identity)
    for (a, b) in zip(plain, turned) { #expect(abs(a - b) < 1e-12) }
    let other = energies(Rotation(alpha: 90, beta: 0, gamma: 0), .identity)
    #expect(abs(other[0] - plain[0]) > 1e-3)
  }

  @Test("rotations keep lengths and follow the convention z, y, z")
  func rotations() {
    let turned = Rotation(alpha: 90, beta: 90, gamma: 0).turned(SIMD3(0, 0, 1))
    // About y by 90° to x, then about z by 90° to y.
    #expect(abs(turned.x) < 1e-15 && abs(turned.y - 1) < 1e-15 && abs(turned.z) < 1e-15)
    let other = Rotation(alpha: 30, beta: 50, gamma: 70).turned(SIMD3(1, 2, 3))
    #expect(abs((other * other).sum() - 14) < 1e-12)
  }

  @Test("a potential with Q is scanned for the charges of the molecules, and refused without")
  func properties() throws {
    let potential = try TestPotential.charges()
    #expect(throws: InputError.self) { try PairScan.scans(of: potential) }
    let molecule = RigidMolecule(
      types: [0, 0], positions: [SIMD3(0.5, 0, 0), SIMD3(-0.5, 0, 0)], properties: [0.4, -0.2])
    let scans = try PairScan.scans(of: potential, molecules: [molecule], distances: [4])
    #expect(
      scans.map(\.name) == ["atom(-0.2)-atom(-0.2)", "atom(-0.2)-atom(0.4)", "atom(0.4)-atom(0.4)"])
    #expect(abs(scans[0].energies[0] / scans[2].energies[0] - 0.25) < 1e-12)
    #expect(abs(scans[1].energies[0] / scans[2].energies[0] + 0.5) < 1e-12)
  }
}

/// Potentials to scan.
enum TestPotential {
  static func make(
    _ expression: String, _ parameters: [String: ParameterValue], types: [String], cutoff: Double,
    mode: CutoffMode, ranges: [ClosedRange<Double>?] = []
  ) throws -> ExportedPotential {
    let tree = try ExpressionTree(parsing: expression)
    let part = ExportedPotential.Part(
      tree: tree, theta: try tree.theta(of: parameters, typeNames: types),
      treatment: CutoffTreatment(mode: mode, cutoff: cutoff))
    return ExportedPotential(
      types: PairTypes(typeNames: types), parts: [part], selection: .all, cutoff: cutoff,
      ranges: ranges, provenance: Provenance(program: "symreg"))
  }

  private static func known(
    _ name: String, types: [String], mode: CutoffMode, ranges: [ClosedRange<Double>?]
  ) throws -> ExportedPotential {
    let known = try #require(KnownPotential.named(name))
    return try make(
      known.expression, known.parameters ?? [:], types: types, cutoff: 10, mode: mode,
      ranges: ranges)
  }

  static func argon(range: ClosedRange<Double>) throws -> ExportedPotential {
    try known("Lennard-Jones", types: ["Ar"], mode: .none, ranges: [range])
  }

  static func water() throws -> ExportedPotential {
    try known("q-SPC/Fw", types: ["H", "O"], mode: .shiftedForce, ranges: [])
  }

  /// O, H, H about the centre of mass, in the xy-plane, symmetric about y.
  static let waterMolecule = RigidMolecule(
    types: [1, 0, 0],
    positions: [
      SIMD3(0, -0.0625776, 0), SIMD3(0.8290375726, 0.4966153, 0),
      SIMD3(-0.8290375726, 0.4966153, 0),
    ])

  static func charges() throws -> ExportedPotential {
    let tree = try ExpressionTree(parsing: "k*Q/r")
    let part = ExportedPotential.Part(
      tree: tree, theta: [14.4], treatment: CutoffTreatment(mode: .shiftedForce, cutoff: 10))
    return ExportedPotential(
      types: PairTypes(atoms: [("atom", -0.2), ("atom", 0.4)]), parts: [part], selection: .all,
      cutoff: 10, propertyName: "q", provenance: Provenance(program: "symreg"))
  }
}
