import Foundation
import Testing

@Suite("Bad input", .serialized)
struct BadInputTests {
  /// A change to the lines of good data, the arguments after it, and the message.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    var arguments = ["search", "water.extxyz", "--out", "run"]
    var change: @Sendable (inout [String]) -> Void = { _ in }
    let message: String

    var testDescription: String { name }
  }

  static let cases = [
    Case(
      name: "truncated frame", change: { $0.removeLast(4) },
      message: "water.extxyz:73: expected 6 atom lines, found the end of the file after 2; "
        + "the last frame is cut short: complete or remove it"),
    Case(
      name: "wrong column count", change: { $0[4] += " 9" },
      message: "water.extxyz:5: expected 8 columns as Properties says, found 9; "
        + "mend the line, Properties, or the atom count in line 1"),
    Case(
      name: "NaN force", change: { $0[3] = "H 1 2 3 1 nan 0 0" },
      message: "water.extxyz:4: expected a finite number in column forces, found \"nan\"; "
        + "remove the frame"),
    Case(
      name: "zero atoms", change: { $0 = ["0", $0[1]] },
      message: "water.extxyz:1: expected at least one atom, found 0; remove the frame"),
    Case(
      name: "unknown forces key",
      arguments: ["search", "water.extxyz", "--forces-key", "F", "--out", "run"],
      message: "water.extxyz:2: expected a column \"F\" for the forces, found the 3-component "
        + "real columns forces; choose with --forces-key NAME or FILE:forces=NAME"),
    Case(
      name: "two candidate forces keys",
      change: { lines in
        lines = Array(lines.prefix(8))
        lines[1] = lines[1].replacingOccurrences(of: "forces:R:3", with: "forces:R:3:force:R:3")
        for atom in 2..<8 { lines[atom] += " 0 0 0" }
      },
      message: "water.extxyz:2: expected one column of forces, found forces and force; "
        + "choose with --forces-key NAME or FILE:forces=NAME"),
    Case(
      name: "molecules that differ between frames",
      change: { lines in
        var words = lines[11].split(separator: " ")
        words[4] = "2"
        lines[11] = words.joined(separator: " ")
      },
      message: "water.extxyz:9: expected the molecules that water.extxyz:1 has for the same atoms "
        + "(molecules 1 1 1 2 2 2), found molecules 1 2 1 2 2 2; mend the molecule column, or say "
        + "--molecule-size"),
    Case(
      name: "no pair within the cutoff",
      arguments: ["search", "water.extxyz", "--cutoff", "0.5", "--out", "run"],
      change: { $0 = Array($0.prefix(80)) },
      message: "expected pairs within 0.5 Å, found none closer than 1.718 Å; "
        + "raise --cutoff, or check the units of the positions"),
    Case(
      name: "no such file", arguments: ["search", "none.extxyz", "--out", "run"],
      message: "none.extxyz: expected a file, found none; check the path"),
    Case(
      name: "unwritable run folder",
      arguments: ["search", "water.extxyz", "--out", "water.extxyz/run"],
      message: "water.extxyz/run: expected a folder that can be made, found: Not a directory; "
        + "choose another with --out"),
    Case(
      name: "unknown type in a known potential",
      arguments: ["evaluate", "water.extxyz", "--potential", "Lennard-Jones"],
      message: "unknown type H and O: expected a factor of X for each type of the data, found only "
        + "those for Ar; add X.H=…; X.O=… to --parameters, use `symreg fit`, or read the types "
        + "from another column with --types"),
    Case(
      name: "unknown type in given parameters",
      arguments: [
        "evaluate", "water.extxyz", "--potential", "X/r", "--parameters", "X.H=1; X.O=2; X.N=3",
      ],
      message: "unknown type N: expected H or O in --parameters, found X.N"),
    Case(
      name: "known potential without values",
      arguments: ["evaluate", "water.extxyz", "--potential", "Morse"],
      message: "expected values for X, a and b, found none for Morse, which has no published "
        + "values; give --parameters \"X.H=…; X.O=…; a=…; b=…\", or use `symreg fit`"),
    Case(
      name: "one value for a product parameter",
      arguments: ["evaluate", "water.extxyz", "--potential", "X/r", "--parameters", "X=1"],
      message: "expected a factor of X per type, found one value"),
    Case(
      name: "unparsable expression",
      arguments: ["fit", "water.extxyz", "--potential", "X/r + Y*foo(r)"],
      message:
        "expected a function out of exp, inverse, square, sqrt, log, tanh, erf, erfc, gauss, "
        + "found foo (`symreg potentials` lists the names)\n"
        + "  X/r + Y*foo(r)\n          ^"),
    Case(
      name: "no run folder", arguments: ["front", "runs"],
      message: "runs: expected a run folder, found nothing there; "
        + "name a folder that `symreg search` wrote"),
  ]

  @Test("is one line that says how to mend it, and leaves nothing behind", arguments: cases)
  func badInput(_ bad: Case) async throws {
    let folder = try WaterDimers.folder(frames: 10)
    var lines = try WaterDimers.lines(frames: 10)
    bad.change(&lines)
    let data = lines.joined(separator: "\n") + "\n"
    try folder.write(data, to: "water.extxyz")
    let outcome = try await Executable.run(bad.arguments, in: folder)
    #expect(outcome.status == 2)
    #expect(outcome.errors == "error: \(bad.message)\n")
    #expect(outcome.output.isEmpty)
    #expect(try folder.names == ["water.extxyz"])
    #expect(try folder.text(of: "water.extxyz") == data)
  }

  @Test(
    "an option out of range names itself, what it expects and what it found",
    arguments: [
      ("--cutoff", "-1", "a length above 0 Å"),
      ("--cutoff", "nan", "a length above 0 Å"),
      ("--cutoff-mode", "soft", "constraint, shifted-force, switch or none"),
      (
        "--pairs", "bonds:2-1",
        "inter, all or bonds:RANGE such as bonds:3+ or bonds:1-2, with numbers from 1 to 15"
      ),
      ("--molecule-size", "0", "a number of atoms of at least 1"),
      ("--units", "ev", "metal, real, atomic or gromacs"),
      ("--validation", "1", "a share from 0 to below 1"),
      ("--split-seed", "-1", "a whole number from 0 to 2^64 - 1"),
      ("--parameters", "local", "names out of global,product,pair,mean"),
      (
        "--operators", "+,sin",
        "names out of +,-,*,/,^,exp,neg,inverse,square,sqrt,log,tanh,erf,erfc,gauss"
      ),
      ("--max-complexity", "101", "a whole number from 1 to 100"),
      ("--time-limit", "0s", "a time above 0 such as 60s, 10min or 1h"),
      ("--max-evaluations", "0", "a whole number of at least 1"),
      ("--seed", "one", "a whole number from 0 to 2^64 - 1"),
      ("--threads", "0", "a whole number from 1 to 1024"),
    ])
  func badOption(option: String, value: String, expected: String) async throws {
    let folder = try WaterDimers.folder(frames: 1)
    let outcome = try await Executable.run(
      ["search", "water.extxyz", option, value], in: folder)
    #expect(outcome.status == 2)
    #expect(outcome.errors == "error: expected \(option) to be \(expected), found \"\(value)\"\n")
    #expect(try folder.names == ["water.extxyz"])
  }

  @Test(
    "arguments that cannot be parsed end with status 2",
    arguments: [["search"], ["search", "water.extxyz", "--bogus"], ["bogus"]])
  func usage(arguments: [String]) async throws {
    let outcome = try await Executable.run(arguments, in: Folder())
    #expect(outcome.status == 2)
    #expect(outcome.errors.hasPrefix("error: "))
    #expect(outcome.output.isEmpty)
  }

  @Test("an existing run folder is refused and left untouched")
  func existingFolder() async throws {
    let folder = try WaterDimers.folder(frames: 10)
    let run = folder.url.appending(path: "run")
    try FileManager.default.createDirectory(at: run, withIntermediateDirectories: false)
    try folder.write("mine", to: "run/front.json")
    let outcome = try await Executable.run(
      ["search", "water.extxyz", "--out", "run"], in: folder)
    #expect(outcome.status == 2)
    #expect(
      outcome.errors
        == "error: run: expected a new run folder, found that it exists; choose another with --out, "
        + "or go on with it: symreg resume run\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: run.path()) == ["front.json"])
    #expect(try folder.text(of: "run/front.json") == "mine")
  }
}
