import AtomicData
import Foundation
import RunConfiguration
import TestSupport
import Testing

@testable import SymRegCLI

@Suite("Configuration file")
struct ConfigFileTests {
  private static func schema() throws -> ConfigSchema { try ConfigSchema(of: SymRegCommand.self) }

  private static func file(_ text: String, for command: String = "search") throws -> ConfigFile {
    let schema = try schema()
    return try ConfigFile(
      text: text, path: "run.yaml", schema: schema, command: try #require(schema[command: command]))
  }

  private static func arguments(
    _ text: String, then given: [String] = [], for command: String = "search"
  ) async throws -> [String] {
    let folder = try Folder()
    try folder.write(text, to: "run.yaml")
    let path = folder.path("run.yaml")
    return try ConfiguredArguments(
      [command, "--config", path] + given, of: SymRegCommand.self
    ).arguments.map { $0.replacing(folder.path(""), with: "FOLDER/") }
  }

  private static let malformed = Result {
    try MalformedCorpus(
      folder: URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Corpus/Malformed"), fileExtension: "yaml")
  }

  @Test(
    "a malformed file gives the one line that says so", arguments: try malformed.get().cases)
  func faults(example: MalformedCorpus.Case) throws {
    let schema = try Self.schema()
    let error = try #require(throws: InputError.self) {
      try ConfigFile(
        path: example.path, schema: schema, command: try #require(schema[command: "search"]))
    }
    #expect(error.description == example.error)
  }

  @Test("each malformed file has its error, and each error its file")
  func pairs() throws {
    let corpus = try Self.malformed.get()
    #expect(corpus.singles.isEmpty)
    #expect(corpus.cases.count > 50)
  }

  @Test("nesting without end is an error, not a crash", arguments: ["[", "- ", "{a: "])
  func nesting(opening: String) {
    #expect(throws: InputError.self) {
      try Self.file("data: " + String(repeating: opening, count: 100_000))
    }
    #expect(throws: InputError.self) { try Self.file(String(repeating: opening, count: 100_000)) }
  }

  @Test(
    "a value keeps its text",
    arguments: ["8.50", "1e-3", "-X/r", "1_000", "0x10", "none", "yes", "2026-11-21"])
  func texts(text: String) throws {
    let file = try Self.file("potential: \(text) # said", for: "fit")
    #expect(file.entries.map(\.values) == [[text]])
  }

  @Test("an empty file says nothing", arguments: ["", "# nothing\n", "{}", "---\n"])
  func empty(text: String) throws {
    // A document of nothing is a scalar without text.
    if text == "---\n" {
      #expect(throws: InputError.self) { try Self.file(text) }
    } else {
      #expect(try Self.file(text).entries.isEmpty)
    }
  }

  @Test("keys of other commands are checked and not used")
  func otherCommands() throws {
    let text = "time-limit: 60s\ncutoff: 8\noperators: [+, -]"
    #expect(try Self.file(text, for: "fit").entries.map(\.key.name) == ["cutoff"])
    let error = try #require(throws: InputError.self) {
      try Self.file("time-limit: [1, 2]", for: "fit")
    }
    #expect(error.description == "run.yaml:1: expected one value for time-limit, found a list")
  }

  @Test("options come behind the command, lists joined, paths from the folder of the file")
  func merging() async throws {
    let text = """
      data: [a.xyz:forces=b_c, /tmp/b.xyz]
      cutoff: 8.0
      operators: [+, -, "*", /]
      out: runs/one
      statistics-cache: none
      json: true
      """
    #expect(
      try await Self.arguments(text) == [
        "search", "FOLDER/a.xyz:forces=b_c", "/tmp/b.xyz", "--cutoff=8.0", "--operators=+,-,*,/",
        "--out=FOLDER/runs/one", "--statistics-cache=none", "--json", "--config",
        "FOLDER/run.yaml",
      ])
    #expect(
      try await Self.arguments("json: false\nout: /a\nstatistics-cache: cache") == [
        "search", "--out=/a", "--statistics-cache=FOLDER/cache", "--config", "FOLDER/run.yaml",
      ])
  }

  @Test("a path from the working directory stays as it is written, and is never an option")
  func workingDirectory() throws {
    let file = try Self.file("data: [a.xyz, -b.xyz, ../c.xyz]")
    #expect(file.entries.map(\.values) == [["a.xyz", "./-b.xyz", "../c.xyz"]])
  }

  @Test(
    "what the user gives is not taken from the file",
    arguments: [
      (["--cutoff", "9"], ["data", "seed"]), (["--cutoff=9"], ["data", "seed"]),
      (["b.xyz", "--seed", "2"], ["cutoff"]), (["--", "b.xyz"], ["cutoff", "seed"]),
      (["--"], ["data", "cutoff", "seed"]),
      (["--pin", "--cutoff"], ["data", "cutoff", "seed"]),
      (["--json", "b.xyz"], ["cutoff", "seed"]),
      (["--pin", "--cutoff", "--seed=1"], ["data", "cutoff"]),
      (["--", "--cutoff", "9"], ["cutoff", "seed"]),
    ])
  func precedence(given: [String], taken: [String]) async throws {
    let arguments = try await Self.arguments(
      "data: a.xyz\ncutoff: 8\nseed: 5", then: given)
    let expected = ["data": "FOLDER/a.xyz", "cutoff": "--cutoff=8", "seed": "--seed=5"]
    #expect(
      arguments
        == ["search"] + taken.compactMap { expected[$0] } + ["--config", "FOLDER/run.yaml"] + given)
  }

  @Test(
    "arguments without --config pass as they are",
    arguments: [
      [], ["--help"], ["search", "a.xyz"], ["fit", "a.xyz", "--potential", "--config"],
      ["fit", "a.xyz", "--", "--config"], ["front", "--config", "none.yaml"],
      ["search", "--config", "none.yaml", "--help"], ["search", "-h", "--config=none.yaml"],
      ["search", "a.xyz", "--config"],
    ])
  func untouched(arguments: [String]) throws {
    #expect(
      try ConfiguredArguments(arguments, of: SymRegCommand.self).arguments == arguments)
  }

  @Test("a file that is not there, and a second one, are errors")
  func files() throws {
    func message(_ arguments: [String]) throws -> String {
      try #require(throws: InputError.self) {
        try ConfiguredArguments(arguments, of: SymRegCommand.self)
      }.description
    }
    #expect(
      try message(["search", "--config=none.yaml"])
        == "none.yaml: expected a file, found none; check --config")
    #expect(
      try message(["search", "--config", "a", "--config", "b"])
        == "expected one file with --config, found 2")
    let folder = try Folder()
    #expect(
      try message(["search", "--config", folder.path("")]).contains(
        "expected a file, found a directory"))
    #expect(throws: InputError.self) {
      try ConfigFile(
        text: "\u{0}", path: "run.yaml", schema: Self.schema(),
        command: try #require(Self.schema()[command: "fit"]))
    }
  }

  @Test("the schema has every option of the commands with data, and no other command")
  func schemaOfCommands() throws {
    let schema = try Self.schema()
    #expect(
      schema.commands.map(\.name) == [
        "search", "fit", "evaluate", "floor", "learn", "inspect", "generate",
      ])
    let search = try #require(schema[command: "search"])
    #expect(search["data"]?.kind == .repeated)
    #expect(search["cutoff"]?.kind == .single)
    #expect(search["operators"]?.kind == .list)
    #expect(search["json"]?.kind == .flag)
    #expect(search["potential"] == nil)
    #expect(schema.names.contains("potential"))
    #expect(!schema.names.contains("config") && !schema.names.contains("help"))
    let paths = Set(schema.commands.flatMap(\.keys).filter(\.isPath).map(\.name))
    #expect(
      paths == [
        "bonds", "data", "events", "extend", "out", "statistics-cache", "write-forces",
      ])
  }
}
