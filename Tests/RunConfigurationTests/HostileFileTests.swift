import AtomicData
import Foundation
import Testing

@testable import RunConfiguration

/// Files made to hang, to fill the memory or to reach elsewhere. Each must end with one line.
struct HostileFileTests {
  private static let command = ConfigSchema.Command(
    name: "search",
    keys: [
      .init(name: "data", kind: .repeated, isArgument: true, isPath: true),
      .init(name: "cutoff", kind: .single),
      .init(name: "out", kind: .single, isPath: true, words: ["none"]),
    ])

  private static func file(_ text: String, path: String = "in/run.yaml") throws -> ConfigFile {
    try ConfigFile(
      text: text, path: path, schema: ConfigSchema(commands: [command]), command: command)
  }

  private static func error(_ path: String) throws -> String {
    try #require(throws: InputError.self) {
      try ConfigFile(path: path, schema: ConfigSchema(commands: [command]), command: command)
    }.description
  }

  /// Calls `body` with the path of a new file of these bytes.
  private static func withFile(_ bytes: Data, body: (String) throws -> Void) throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "symreg-\(UUID()).yaml")
    try bytes.write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    try body(url.path)
  }

  @Test(
    "an anchor is refused wherever YAML would find one",
    arguments: [
      "cutoff: &a 8", "&a cutoff: 8", "data: [&a x]", "data: [x,&a y]", "{\"cutoff\":&a 8}",
      "--- &a\ncutoff: 8", "data:\n- &a x", "&a-_9\ncutoff: 8",
      "\u{FEFF}&a cutoff: 8",
    ])
  func anchors(text: String) throws {
    let error = try #require(throws: InputError.self) { try Self.file(text) }
    #expect(error.message.hasPrefix("expected no anchors"))
  }

  @Test(
    "an ampersand in a text is none",
    arguments: [
      ("R&D/a.xyz", "in/R&D/a.xyz"), ("a & b.xyz", "in/a & b.xyz"), ("a &b", "in/a &b"),
      ("'&a'", "in/&a"), ("a # &b", "in/a"),
    ])
  func ampersands(text: String, value: String) throws {
    #expect(try Self.file("out: \(text)").entries.map(\.values) == [[value]])
  }

  @Test("aliases that would expand without end take no time", .timeLimit(.minutes(10)))
  func aliases() {
    for isName in [false, true] {
      var text = "a: &a [x]\n"
      for depth in 0..<60 {
        let list = "[" + Array(repeating: "*a\(depth)", count: 9).joined(separator: ", ") + "]"
        text += isName ? "? &a\(depth + 1) \(list)\n: x\n" : "k\(depth): &a\(depth + 1) \(list)\n"
      }
      #expect(throws: InputError.self) { try Self.file(text) }
    }
  }

  @Test(
    "texts of a megabyte are read or refused in no time", .timeLimit(.minutes(10)),
    arguments: ["1", "1:", "[", "{a: ", "- ", "? ", "!", "%", "'", "a: b\n", "1_", "\u{301}", "# "])
  func longTexts(part: String) {
    let text = String(repeating: part, count: ConfigFile.byteLimit / part.utf8.count)
    for text in [text, "cutoff: " + text, "? " + text, text + ": 1", "\"" + text + "\": 1"] {
      do {
        _ = try Self.file(text)
      } catch let error as InputError {
        #expect(error.description.utf8.count < 1_000)
      } catch {
        Issue.record(error)
      }
    }
  }

  @Test("names that are nested mappings, twice, take no time", .timeLimit(.minutes(10)))
  func nestedNames() {
    let depth = 200
    let name =
      String(repeating: "{? ", count: depth) + "a" + String(repeating: " : b}", count: depth)
    for text in ["{? \(name) : a, ? \(name) : b}", "cutoff: {? \(name) : a, ? \(name) : b}"] {
      #expect(throws: InputError.self) { try Self.file(text) }
    }
  }

  @Test("a file beyond a megabyte is refused, one just below it read")
  func longFiles() throws {
    let line = Data("cutoff: 8 #".utf8)
    try Self.withFile(line + Data(repeating: 35, count: ConfigFile.byteLimit)) { path in
      let error = try Self.error(path)
      #expect(
        error
          == "\(path): expected at most 1048576 bytes, found more; check --config")
    }
    try Self.withFile(line + Data(repeating: 35, count: ConfigFile.byteLimit - line.count)) {
      let file = try ConfigFile(
        path: $0, schema: ConfigSchema(commands: [Self.command]), command: Self.command)
      #expect(file.entries.map(\.values) == [["8"]])
    }
  }

  @Test("devices, pipes and directories are refused, not read", .timeLimit(.minutes(10)))
  func noFiles() throws {
    #expect(try Self.error("/dev/zero").contains("found a pipe or device"))
    let folder = FileManager.default.temporaryDirectory.path
    #expect(try Self.error(folder).contains("found a directory"))
    let pipe = folder + "/symreg-\(UUID()).pipe"
    try #require(mkfifo(pipe, 0o600) == 0)
    defer { unlink(pipe) }
    #expect(try Self.error(pipe).contains("found a pipe or device"))
  }

  @Test(
    "a file that may not be read is told", .enabled(if: geteuid() != 0, "root reads every file"))
  func unreadable() throws {
    try Self.withFile(Data("cutoff: 8".utf8)) { path in
      try #require(chmod(path, 0) == 0)
      #expect(try Self.error(path).contains("found: Permission denied"))
    }
  }

  @Test(
    "a path is the text that is written, from the folder of the file: nothing expands",
    arguments: [
      ("$HOME/a", "in/$HOME/a"), ("~/a", "in/~/a"), ("\"%2e%2e/a\"", "in/%2e%2e/a"),
      ("\"*.xyz\"", "in/*.xyz"), ("\"`ls`\"", "in/`ls`"), ("\"{a,b}\"", "in/{a,b}"),
      ("file:///a", "in/file:///a"), ("../a", "in/../a"), ("/a", "/a"), ("none", "none"),
      ("-a", "in/-a"),
    ])
  func paths(text: String, value: String) throws {
    #expect(try Self.file("out: \(text)").entries.map(\.values) == [[value]])
  }

  @Test("a text that is no path gets no folder, though it looks like one")
  func noPaths() throws {
    #expect(try Self.file("cutoff: a/b").entries.map(\.values) == [["a/b"]])
  }
}
