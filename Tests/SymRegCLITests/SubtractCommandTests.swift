import Foundation
import RunStorage
import Testing

@Suite("symreg --subtract", .serialized)
struct SubtractCommandTests {
  /// The first forces of the water dimers less those of q-SPC/Fw have the error of q-SPC/Fw as rms.
  @Test("what is left of the forces is the error of what is subtracted")
  func remainder() async throws {
    let folder = try WaterDimers.folder()
    func document(_ arguments: String...) async throws -> FrontDocument {
      let outcome = try await Executable.run(arguments + ["--json"], in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try JSONDecoder().decode(FrontDocument.self, from: Data(outcome.output.utf8))
    }
    let alone = try await document("evaluate", "water.extxyz", "--potential", "q-SPC/Fw")
    let error = try #require(alone.front.first?.directRMSE)
    #expect(alone.background == nil)
    let rest = try await document(
      "fit", "water.extxyz", "--potential", "X/r", "--cutoff-mode", "none", "--subtract",
      "q-spc/fw")
    #expect(abs(rest.dataset.rmsForce - error) <= 1e-12)
    #expect(rest.background?.name == "q-SPC/Fw")
    // The same by its expression and parameters.
    let parameters = rest.background.map { background in
      background.parameters.sorted { $0.key < $1.key }.compactMap { name, value -> String? in
        guard case .byName(let factors) = value else { return nil }
        return factors.sorted { $0.key < $1.key }
          .map { "\(name).\($0.key)=\($0.value)" }.joined(separator: ";")
      }.joined(separator: ";")
    }
    let spelled = try await document(
      "fit", "water.extxyz", "--potential", "X/r", "--cutoff-mode", "none", "--subtract",
      "X/r + Y/r^12 - Z/r^6", "--subtract-parameters", try #require(parameters))
    #expect(spelled.background?.name == nil)
    #expect(spelled.front == rest.front)
    let shifted = try await document(
      "fit", "water.extxyz", "--potential", "X/r", "--cutoff-mode", "none", "--subtract",
      "q-spc/fw", "--subtract-mode", "shifted-force")
    #expect(shifted.dataset.rmsForce != rest.dataset.rmsForce)
  }

  @Test("the report says what the forces are, and what U = 0 stands for")
  func report() async throws {
    let folder = try WaterDimers.folder()
    let outcome = try await Executable.run(
      [
        "search", "water.extxyz", "--subtract", "q-SPC/Fw", "--max-evaluations", "40",
        "--time-limit", "1h", "--max-complexity", "5", "--cutoff-mode", "shifted-force", "--out",
        "run",
      ], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("q-SPC/Fw is subtracted and leaves an rms force of "))
    #expect(outcome.output.contains("U = 0 (q-SPC/Fw alone)"))
    #expect(outcome.output.contains("The forces are what q-SPC/Fw leaves (its cutoff mode none)"))
    #expect(try folder.text(of: "run/options.json").contains("\"background\""))
    let floor = try await Executable.run(
      ["floor", "water.extxyz", "--subtract", "q-SPC/Fw", "--json"], in: folder)
    #expect(try Keys.ofObject(floor.output).contains("background"))
  }

  @Test("where the background explains all, a search and a fit end well and say so")
  func nothingLeft() async throws {
    let folder = try WaterDimers.folder(frames: 10)
    // No forces at all, and a background that has none either: nothing is left, not even rounding.
    let lines = try WaterDimers.lines(frames: 10).map { line -> String in
      let words = line.split(separator: " ").map(String.init)
      guard words.count == 8, !line.contains("=") else { return line }
      return (words.prefix(words.count - 3) + ["0", "0", "0"]).joined(separator: " ")
    }
    try folder.write(lines.joined(separator: "\n") + "\n", to: "water.extxyz")
    for arguments in [
      ["search", "--out", "run"], ["fit", "--potential", "X/r"], ["floor"],
      ["evaluate", "--potential", "q-SPC/Fw"],
    ] {
      let outcome = try await Executable.run(
        [arguments[0], "water.extxyz"] + arguments.dropFirst()
          + ["--subtract", "X/r", "--subtract-parameters", "X.H=0;X.O=0", "--json"], in: folder)
      #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains("No force above rounding is left"))
      #expect(!outcome.errors.contains("nan"), "\(outcome.errors)")
    }
  }

  @Test(
    "options that do not fit each other are told",
    arguments: [
      (
        ["--subtract-parameters", "X.O=1"],
        "expected --subtract beside --subtract-parameters, found none"
      ),
      (
        ["--subtract", "X/r"],
        "expected a value of X for --subtract X/r, found none; give --subtract-parameters"
      ),
      (
        ["--subtract", "X/r", "--subtract-parameters", "X=a"],
        "expected --subtract-parameters to be finite numbers for all of X=a, found \"a\""
      ),
      (
        ["--subtract", "X/r", "--subtract-parameters", "X.H=1; b=2"],
        "expected values of X in --subtract-parameters, found one of b"
      ),
      (
        ["--subtract", "q-SPC/Fw", "--subtract-mode", "constraint"],
        "expected --subtract-mode to be none or shifted-force, found \"constraint\""
      ),
      (
        ["--subtract", "X/r", "--subtract-parameters", "X.H=1"],
        "expected values of X/r for the types of the data: expected a factor of X for type O, found "
          + "factors for H; give them with --subtract-parameters, or read the types from another "
          + "column with --types"
      ),
    ])
  func faults(arguments: [String], message: String) async throws {
    let folder = try WaterDimers.folder(frames: 2)
    let outcome = try await Executable.run(["floor", "water.extxyz"] + arguments, in: folder)
    #expect(outcome.status == 2)
    #expect(outcome.errors == "error: \(message)\n")
  }
}
