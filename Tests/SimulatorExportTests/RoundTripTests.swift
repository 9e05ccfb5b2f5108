import AtomicData
import ExpressionTrees
import ForceFitting
import Foundation
import Testing

@testable import SimulatorExport

@Suite("Export and import")
struct RoundTripTests {
  private static func written(
    _ potential: ExportedPotential, _ format: ExportFormat, _ name: String,
    options: ExportOptions = ExportOptions()
  ) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "export-\(UUID().uuidString)")
    try ExportFolder.write(
      [("", try Exporter(potential, options: options).files(format))], to: folder.path())
    return folder.appending(path: name).path()
  }

  private static func remove(_ path: String) {
    try? FileManager.default.removeItem(
      at: URL(fileURLWithPath: path).deletingLastPathComponent())
  }

  @Test("JSON gives back expression, values, cutoff, treatment, background and ranges")
  func json() throws {
    let potential = try SamplePotentials.make(
      "X/r + A[]*exp(-b*r)",
      [
        "X": .byName(["H": 0.5, "O": -1]), "b": .number(3.1),
        "A": .byName(["H-H": 1, "H-O": 2, "O-O": 3]),
      ], mode: .switched, background: ("X/r^6", ["X": .byName(["H": 0, "O": 2])]))
    let path = try Self.written(potential, .json, "potential.json")
    defer { Self.remove(path) }
    let file = try PotentialFile(reading: path)
    #expect(file.tree == potential.parts[0].tree)
    #expect(
      try file.tree.theta(of: file.parameters, typeNames: ["H", "O"]) == potential.parts[0].theta)
    #expect(file.cutoff == 9 && file.mode == .switched && file.switchWidth == 1)
    #expect(file.pairs == .inter && file.typeNames == ["H", "O"])
    #expect(file.background?.expression == "X/r^6" && file.background?.cutoffMode == "none")
    #expect(file.sampledRanges["H-O"] == 1.5...9)
  }

  @Test("a table read back gives the forces to 1e-8 of the largest, in both units")
  func table() throws {
    for units in [Units.metal, .real] {
      var options = ExportOptions()
      options.units = units
      let potential = try SamplePotentials.water()
      let path = try Self.written(potential, .lammpsTable, "potential.table", options: options)
      defer { Self.remove(path) }
      let table = try PotentialTable(reading: path)
      #expect(table.cutoff == 9)
      let potentials = try table.potentials(of: potential.types)
      for (sample, value) in zip(potential.samples, potentials) {
        for r in stride(from: 1.503, to: 9, by: 0.0937) {
          let (found, truth) = (value(r), potential.value(of: sample.pair, at: r))
          #expect(abs(found.energy - truth.energy) < 1e-8)
          #expect(abs(found.derivative - truth.derivative) < 1e-8)
        }
        #expect(value(0.05).energy.isNaN)
        #expect(value(9.1).derivative == 0)
      }
      #expect(throws: InputError.self) { try table.potentials(of: PairTypes(typeNames: ["Ar"])) }
    }
  }

  @Test("the ends of a table have the slopes of its force")
  func slopes() throws {
    let potential = try SamplePotentials.argon()
    let path = try Self.written(potential, .lammpsTable, "potential.table")
    defer { Self.remove(path) }
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("N ") })
    let words = line.split(separator: " ")
    #expect(words[0...2] == ["N", "20000", "RSQ"] && words[5] == "FPRIME")
    for (place, slope) in [(words[3], words[6]), (words[4], words[7])] {
      let r = try #require(Double(place))
      let truth = -potential.curvature(of: potential.samples[0].pair, at: r)
      #expect(abs(try #require(Double(slope)) - truth) < 1e-3 * abs(truth) + 1e-9)
    }
  }

  @Test(
    "what is no potential is said where it stands",
    arguments: [
      ("x.json", "{}", "found no \"expression\" with \"parameters\""),
      ("x.json", "[1", "expected a potential as JSON"),
      (
        "x.json:4", "{\"front\": [{\"complexity\": 3, \"expression\": \"r\", \"parameters\": {}}]}",
        "N out of 3"
      ),
      ("x.table", "# UNITS: metal\nO-O\nN 4 RSQ 1 2\n\n1 1 1 1\n2 1.5 x 1\n", "x.table:6:"),
      ("x.table", "# nothing\n", "found no section"),
      ("x.table", "O-O\nR 1 2\n", "x.table:2: expected N"),
    ])
  func malformed(name: String, text: String, message: String) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "bad-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = String(name.prefix { $0 != ":" })
    try Data(text.utf8).write(to: folder.appending(path: file))
    let error = #expect(throws: InputError.self) {
      let path = folder.appending(path: file).path() + name.dropFirst(file.count)
      if PotentialTable.isName(path) {
        _ = try PotentialTable(reading: path)
      } else {
        _ = try PotentialFile(reading: path)
      }
    }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test("CSV and xvg hold U and F in their units")
  func tables() throws {
    let potential = try SamplePotentials.water()
    let exporter = Exporter(potential)
    let csv = try #require(try exporter.files(.table).first).text
    let row = try #require(csv.split(separator: "\n").first { $0.hasPrefix("3.2,") })
    let numbers = row.split(separator: ",").compactMap { Double($0) }
    let truth = potential.value(of: potential.samples[1].pair, at: 3.2)
    #expect(abs(numbers[3] - truth.energy) < 1e-12 && abs(numbers[4] + truth.derivative) < 1e-12)
    let xvg = try #require(
      try exporter.files(.gromacs).first { $0.name == "table_H_O.xvg" }
    ).text
    let line = try #require(xvg.split(separator: "\n").first { $0.hasPrefix("0.32 ") })
    let values = line.split(separator: " ").compactMap { Double($0) }
    #expect(values.count == 7 && values[1...4].allSatisfy { $0 == 0 })
    #expect(abs(values[5] * Units.gromacs.energy - truth.energy) < 1e-12)
    #expect(abs(values[6] * Units.gromacs.force + truth.derivative) < 1e-12)
  }

  @Test("LaTeX writes fractions, raised exponents and a row for each value")
  func latex() throws {
    let text = LaTeXText.text(try ExpressionTree(parsing: "X/r^Y - A[]*exp(-S~*r)*(r + b)^12"))
    #expect(
      text
        == "\\frac{X_{AB}}{r^{Y_{AB}}} - A_{AB} \\, \\exp\\left(-\\bar{S}_{AB} \\, r\\right) \\, "
        + "\\left(r + b\\right)^{12}")
    let document = try #require(try Exporter(SamplePotentials.water()).files(.latex).first).text
    #expect(document.contains("\\begin{equation}") && document.contains("& O & $-3.17448$ &"))
  }
}
