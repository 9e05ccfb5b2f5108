import Foundation
import RunConfiguration
import Testing

@testable import SymRegCLI

@Suite("symreg --config", .serialized)
struct ConfigCommandTests {
  @Test("a file gives the front.json of the same flags, from any folder")
  func sameFront() async throws {
    let folder = try WaterDimers.folder()
    try folder.write(
      """
      data: water.extxyz
      cutoff: 8
      cutoff-mode: shifted-force
      operators: [+, -, "*", /]
      max-complexity: 7
      max-evaluations: 60
      time-limit: 1h
      out: file
      potential: X/r  # of fit
      """, to: "run.yaml")
    let flags = try await Executable.run(
      [
        "search", "water.extxyz", "--cutoff", "8", "--cutoff-mode", "shifted-force", "--operators",
        "+,-,*,/", "--max-complexity", "7", "--max-evaluations", "60", "--time-limit", "1h",
        "--out",
        "flags",
      ], in: folder)
    #expect(flags.status == 0, "\(flags.errors)")
    let elsewhere = try Folder()
    let file = try await Executable.run(
      ["search", "--config", folder.path("run.yaml")], in: elsewhere)
    #expect(file.status == 0, "\(file.errors)")
    #expect(try folder.text(of: "file/front.json") == folder.text(of: "flags/front.json"))
    #expect(try elsewhere.names.isEmpty)

    // The same file serves another command; what stands on the command line wins.
    let fit = try await Executable.run(
      ["fit", "--config=run.yaml", "--cutoff-mode=none", "--json"], in: folder)
    let same = try await Executable.run(
      [
        "fit", "water.extxyz", "--cutoff", "8", "--cutoff-mode", "none", "--potential", "X/r",
        "--json",
      ], in: folder)
    #expect(fit.status == 0, "\(fit.errors)")
    #expect(fit.output == same.output)
  }

  @Test("a value out of range is told with its line, one of the command line without")
  func values() async throws {
    let folder = try WaterDimers.folder(frames: 1)
    func errors(_ text: String, _ arguments: String...) async throws -> String {
      try folder.write(text, to: "run.yaml")
      let outcome = try await Executable.run(
        arguments + ["--config", "run.yaml"], in: folder)
      #expect(outcome.status == 2)
      #expect(outcome.output.isEmpty)
      return outcome.errors
    }
    let faulty = "data: water.extxyz\nseed: 1\ncutoff: -3\npotential: X/r + foo(r)\n"
    #expect(
      try await errors(faulty, "search")
        == "error: run.yaml:3: expected --cutoff to be a length above 0 Å, found \"-3\"\n")
    #expect(
      try await errors(faulty, "search", "--cutoff=-4")
        == "error: expected --cutoff to be a length above 0 Å, found \"-4\"\n")
    #expect(
      try await errors(faulty, "search", "--cutoff=8", "--seed", "one")
        == "error: expected --seed to be a whole number from 0 to 2^64 - 1, found \"one\"\n")
    #expect(
      try await errors(faulty, "fit", "--cutoff=8")
        .hasPrefix("error: run.yaml:4: expected a function out of exp"))
    #expect(
      try await errors("parameters: [X]", "evaluate", "water.extxyz", "--potential", "X/r")
        .hasPrefix("error: run.yaml:1: expected --parameters such as "))
    #expect(
      try await errors("parameters: X=1", "evaluate", "water.extxyz", "--potential", "X/r")
        == "error: run.yaml:1: expected a factor of X per type, found one value\n")
    #expect(
      try await errors("cutof: 8", "inspect")
        == "error: run.yaml:1: expected the name of an option, found \"cutof\"; did you mean "
        + "cutoff?\n")
  }

  /// A value that would be taken for an option if it stood alone; a flag is true.
  private static func text(of key: ConfigSchema.Key) -> String {
    key.kind == .flag ? "\(key.name): true" : "\(key.name): \"--help\""
  }

  @Test(
    "every option of every command with data can stand in the file",
    arguments: try ConfigSchema(of: SymRegCommand.self).commands.map(\.name))
  func everyOption(name: String) async throws {
    let schema = try ConfigSchema(of: SymRegCommand.self)
    let command = try #require(schema[command: name])
    #expect(command.keys.count > 5)
    let folder = try Folder()
    try folder.write(command.keys.map(Self.text).joined(separator: "\n"), to: "run.yaml")
    let arguments = try ConfiguredArguments(
      [name, "--config", folder.path("run.yaml")], of: SymRegCommand.self
    ).arguments
    // ArgumentParser takes them all.
    let parsed = try SymRegCommand.parseAsRoot(arguments)
    #expect(type(of: parsed).configuration.commandName == name)
    for key in command.keys {
      #expect(
        key.isArgument
          || arguments.contains {
            $0 == key.title || $0.hasPrefix(key.title + "=") && $0.hasSuffix("--help")
          },
        "\(key.name)")
    }
  }

  @Test("help shows --config, also beside a file that is none", arguments: ["search", "floor"])
  func help(command: String) async throws {
    let outcome = try await Executable.run(
      [command, "--config", "none.yaml", "--help"], in: Folder())
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("--config <file>"))
  }

  @Test("the schema for editors names every option with its kind and help")
  func jsonSchema() async throws {
    let outcome = try await Executable.run(["config-schema"], in: Folder())
    #expect(outcome.status == 0)
    let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    let schema = try #require(object as? [String: Any])
    #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    #expect(schema["additionalProperties"] as? Bool == false)
    let properties = try #require(schema["properties"] as? [String: [String: Any]])
    #expect(try properties.keys.sorted() == ConfigSchema(of: SymRegCommand.self).names)
    #expect(properties["json"]?["type"] as? String == "boolean")
    #expect((properties["data"]?["type"] as? [String])?.contains("array") == true)
    #expect(properties["types"]?["default"] as? String == "species")
    for (name, property) in properties {
      #expect((property["description"] as? String)?.isEmpty == false, "\(name)")
    }
  }

  @Test("the example of the documentation runs as it says")
  func documentation() async throws {
    let root = WaterDimers.url.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(
      contentsOf: root.appending(path: "docs/reference/configuration.md"), encoding: .utf8)
    let example = try #require(page.firstMatch(of: /```yaml\n((?s).*?)```/)).output.1
    let folder = try WaterDimers.folder()
    // The page's file lies beside the data; a test has no minute to search.
    try folder.write(
      String(example).replacing("water-dimer.extxyz", with: "water.extxyz"), to: "run.yaml")
    let commands = page.matches(of: /(?m)^    symreg (.*--config.*)$/).map { $0.output.1 }
    #expect(commands.count >= 4)
    for command in commands {
      let words = command.split(separator: " #")[0].split(separator: " ").map(String.init)
      let outcome = try await Executable.run(
        words + (words[0] == "search" ? ["--max-evaluations", "40"] : []), in: folder)
      #expect(outcome.status == 0, "\(command): \(outcome.errors)")
    }
    #expect(try folder.names == ["runs", "run.yaml", "water.extxyz"].sorted())
  }
}
