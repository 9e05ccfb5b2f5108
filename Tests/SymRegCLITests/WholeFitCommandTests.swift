import Foundation
import RunStorage
import Testing

/// Constraints, targets, weights and uncertainty from the command line.
@Suite("what a fit constrains, weighs and reports", .serialized)
struct WholeFitCommandTests {
  private static let form = "X/r + Y*exp(-b*r)"

  private static func fit(
    _ arguments: [String], frames: Int = 200, potential: String = form
  ) async throws -> FrontDocument {
    let folder = try WaterDimers.folder(frames: frames)
    let outcome = try await Executable.run(
      [
        "fit", "water.extxyz", "--potential", potential, "--cutoff-mode", "shifted-force", "--json",
      ] + arguments, in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try JSONDecoder().decode(FrontDocument.self, from: Data(outcome.output.utf8))
  }

  @Test("constraints are listed with how far they are missed, and change the fit")
  func constraints() async throws {
    let free = try await Self.fit([])
    let bound = try await Self.fit([
      "--repulsive-wall", "0.6", "--monotonic-tail", "6", "--bounds", "b=..3; product=-60..60",
      "--pin", "F.O-H(4)=0.01", "--neutral", "X",
    ])
    let entry = try #require(bound.front.first)
    #expect(free.constraints == nil && free.front.first?.constraintViolations == nil)
    // Three walls, three tails, a pin, two bounds, one molecule.
    #expect(bound.constraints?.count == 10 && entry.constraintViolations?.count == 10)
    #expect(bound.constraints?.contains("F(4.0) = 0.01 eV/Å for H-O") == true)
    #expect(entry.constraintViolations?.allSatisfy { $0 <= 1e-4 } == true)
    #expect(entry.maxConstraintViolation <= 1e-4)
    guard case .number(let rate)? = entry.parameters["b"] else {
      Issue.record("no b")
      return
    }
    #expect(rate <= 3)
    #expect(entry.directRMSE > (free.front.first?.directRMSE ?? .infinity))
  }

  @Test("bounds of a pair parameter are of the pair that is named, in either order")
  func pairBounds() async throws {
    for name in ["A.O-H", "A.H-O"] {
      let document = try await Self.fit(["--bounds", "\(name)=-0.1..0.1"], potential: "A[]/r")
      guard case .byName(let values)? = document.front.first?.parameters["A"] else {
        Issue.record("no values of A")
        return
      }
      let bound = values["H-O"] ?? 0
      #expect(bound >= -0.1 && bound < -0.0999 && abs(values["O-O"] ?? 0) > 0.2)
      #expect(document.constraints == ["\(name) in -0.1..0.1"])
    }
  }

  @Test("a factor that is zero within its error does not turn the signs of a bootstrap")
  func bootstrapSigns() async throws {
    // Types in the order of their names: the first one has no charge.
    let folder = try Folder()
    var text = ""
    var state: UInt64 = 9
    func unit() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 9_007_199_254_740_992
    }
    for _ in 0..<200 {
      let r = 2 + 4 * unit()
      let forces = [0.01 * (unit() - 0.5), 1 / (r * r) + 0.01 * (unit() - 0.5)]
      for (types, force) in [(["Ar", "Kr"], forces[0]), (["Kr", "Kr"], forces[1])] {
        text += "2\nProperties=species:S:1:pos:R:3:forces:R:3\n"
        text += "\(types[0]) 0 0 0 \(-force) 0 0\n\(types[1]) \(r) 0 0 \(force) 0 0\n"
      }
    }
    try folder.write(text, to: "pairs.extxyz")
    let outcome = try await Executable.run(
      [
        "fit", "pairs.extxyz", "--potential", "X/r", "--cutoff-mode", "none", "--bootstrap", "50",
        "--json",
      ], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let document = try JSONDecoder().decode(FrontDocument.self, from: Data(outcome.output.utf8))
    guard case .byName(let errors)? = document.front.first?.uncertainty?.standardErrors["X"],
      case .byName(let bootstrap)? = document.front.first?.uncertainty?.bootstrapErrors?["X"]
    else {
      Issue.record("no errors of X")
      return
    }
    let (error, other) = (errors["Kr"] ?? 0, bootstrap["Kr"] ?? 0)
    #expect(error > 0 && other < 2 * error && other > error / 2)
  }

  @Test("one energy, which its shift explains, is a document without a number that is none")
  func oneEnergy() async throws {
    let folder = try WaterDimers.folder(frames: 1)
    let outcome = try await Executable.run(
      [
        "evaluate", "water.extxyz", "--potential", "q-SPC/Fw", "--energy-weight", "1", "--json",
      ], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let document = try JSONDecoder().decode(FrontDocument.self, from: Data(outcome.output.utf8))
    #expect(document.front.first?.targets?.first?.r2 == 0)
  }

  @Test("energies, net forces and torques are matched, and told in columns and JSON")
  func targets() async throws {
    let document = try await Self.fit([
      "--energy-weight", "1", "--net-force-weight", "0.5", "--torque-weight", "0.5",
    ])
    let entry = try #require(document.front.first)
    let targets = try #require(entry.targets)
    #expect(targets.map(\.target) == ["energies", "net-forces", "torques"])
    for score in targets {
      #expect(abs(score.compressedRMSE / score.directRMSE - 1) <= 1e-6, "\(score.target)")
      #expect(score.r2 > 0 && score.r2 < 1, "\(score.target)")
    }
    let alone = try await Self.fit(["--energy-weight", "0.0001"])
    let energies = try #require(alone.front.first?.targets?.first)
    #expect(energies.directRMSE > targets[0].directRMSE)
    let folder = try WaterDimers.folder(frames: 50)
    let shown = try await Executable.run(
      [
        "search", "water.extxyz", "--energy-weight", "1", "--cutoff-mode", "switch",
        "--max-evaluations", "100",
      ], in: folder)
    #expect(shown.status == 0, "\(shown.errors)")
    #expect(shown.output.contains("energies  U(r)"))
  }

  @Test("standard errors and units come with a fit, bootstrap errors where asked for")
  func uncertainty() async throws {
    let document = try await Self.fit(["--bootstrap", "60", "--neutral", "X"], frames: 1_000)
    let entry = try #require(document.front.first)
    #expect(entry.parameterUnits?["b"]?.wrappedValue == "1/Å")
    #expect(entry.parameterUnits?["X"]?.wrappedValue == "eV^(1/2) Å^(1/2)")
    let uncertainty = try #require(entry.uncertainty)
    #expect(uncertainty.units == "frames" && uncertainty.count == 1_000)
    #expect(uncertainty.covariance.order == ["X.H", "X.O", "Y.H", "Y.O", "b"])
    #expect(uncertainty.undetermined.isEmpty && uncertainty.conditionNumber ?? 0 > 1)
    guard case .number(let error)? = uncertainty.standardErrors["b"],
      case .number(let bootstrap)? = uncertainty.bootstrapErrors?["b"]
    else {
      Issue.record("no errors of b")
      return
    }
    #expect(abs(uncertainty.covariance.matrix[4][4] - error * error) <= 1e-12 * error * error)
    #expect(bootstrap > error / 2 && bootstrap < 2 * error)
    let again = try await Self.fit(
      ["--bootstrap", "60", "--neutral", "X", "--threads", "1"], frames: 1_000)
    #expect(again == document)
  }

  @Test("standard errors of forces make a χ² and a noise ceiling")
  func noise() async throws {
    let folder = try WaterDimers.folder(frames: 100)
    let lines = try folder.text(of: "water.extxyz").split(separator: "\n").map { line in
      line.contains("Properties=")
        ? line.replacingOccurrences(of: "forces:R:3", with: "forces:R:3:se:R:3")
        : line.split(separator: " ").count > 1 ? line + " 0.05 0.05 0.05" : String(line)
    }
    try folder.write(lines.joined(separator: "\n") + "\n", to: "noisy.extxyz")
    func document(_ arguments: String...) async throws -> FrontDocument {
      let outcome = try await Executable.run(
        [
          "fit", "noisy.extxyz", "--potential", "X/r", "--cutoff-mode", "shifted-force", "--json",
        ] + arguments, in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try JSONDecoder().decode(FrontDocument.self, from: Data(outcome.output.utf8))
    }
    let plain = try await document()
    let weighted = try await document("--error-key", "se")
    #expect(plain.dataset.noiseCeilingR2 == nil && plain.front.first?.reducedChiSquared == nil)
    // Equal errors weigh nothing apart.
    let (a, b) = (try #require(plain.front.first), try #require(weighted.front.first))
    #expect(abs(a.directRMSE / b.directRMSE - 1) <= 1e-6)
    let expected = a.directRMSE * a.directRMSE / (0.05 * 0.05) * 1_800 / 1_798
    #expect(abs((b.reducedChiSquared ?? 0) / expected - 1) <= 1e-5)
    let rms = weighted.dataset.rmsForce
    #expect(abs((weighted.dataset.noiseCeilingR2 ?? 0) - (1 - 0.0025 / (rms * rms))) <= 1e-9)
  }

  @Test(
    "constraints that cannot be read, or do not fit the data, say what is expected",
    arguments: [
      (["--pin", "U(2.8)=0"], "expected --pin such as \"U.O-O(2.8)=-0.2; F.H-O(1.9)=0\""),
      (["--pin", "U.O-N(2.8)=0"], "expected a pair out of H-H, H-O, O-O in --pin, found O-N"),
      (["--pin", "F.O-O(12)=0"], "expected a distance up to the cutoff of 10.0 Å in --pin"),
      (["--bounds", "b=3"], "expected --bounds such as"),
      (["--bounds", "b=3..2"], "expected a lower bound of b up to its upper one, found 3.0..2.0"),
      (["--bounds", "X.N=0..1"], "with the types H, O, found \"X.N in 0.0..1.0\""),
      (["--bounds", "X.H-O=0..1"], "with the types H, O, found \"X.H-O in 0.0..1.0\""),
      (["--bounds", "b.O=0..1"], "with the types H, O, found \"b.O in 0.0..1.0\""),
      (["--bounds", "mean=0..1"], "found \"mean parameters in 0.0..1.0\""),
      (["--bounds", "b=0.5...5"], "expected --bounds such as"),
      (["--bounds", "b=.."], "expected --bounds such as"),
      (["--bounds", "c=0..1"], "expected constraints on parameters of X/r + Y*exp(-b*r)"),
      (["--neutral", "b"], "expected --neutral to name product parameters (upper-case)"),
      (["--neutral", "X", "--pairs", "all"], "expected known molecules for --neutral X"),
      (["--repulsive-wall", "2"], "expected --repulsive-wall to be a share in (0, 1)"),
      (["--monotonic-tail", "11"], "expected --monotonic-tail between 0 and the cutoff of 10.0 Å"),
      (["--switch-width", "1"], "expected --switch-width with --cutoff-mode switch"),
      (["--energy-weight", "-1"], "expected --energy-weight to be a weight of at least 0"),
      (
        ["--energy-weight", "1", "--cutoff-mode", "none"],
        "expected a cutoff mode in which energies end at the cutoff, found the mode"
      ),
      (["--virial-weight", "1"], "expected one key of the frame's virial or stress"),
      (["--bootstrap", "some"], "expected --bootstrap to be 0 or a number of fits"),
      (["--bootstrap", "1"], "expected --bootstrap to be 0 or a number of fits from 10"),
    ])
  func faults(arguments: [String], expected: String) async throws {
    let folder = try WaterDimers.folder(frames: 20)
    let outcome = try await Executable.run(
      ["fit", "water.extxyz", "--potential", Self.form] + arguments, in: folder)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(expected), "\(outcome.errors)")
  }
}
