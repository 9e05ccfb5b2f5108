import Foundation
import Testing

/// The pages of docs/reference that say what the program prints.
@Suite("Reference pages")
struct ReferenceTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func page(_ name: String) throws -> Data {
    try Data(contentsOf: root.appending(path: "docs/reference/" + name))
  }

  private static func schema() throws -> JSONSchema {
    JSONSchema(root: try JSONDecoder().decode(JSONValue.self, from: page("front.schema.json")))
  }

  @Test("docs/reference/options.md is the help of every command")
  func options() throws {
    let process = Process()
    process.executableURL = Self.root.appending(path: "scripts/options-reference")
    process.arguments = ["--check", try Executable.url.path()]
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "run scripts/options-reference")
  }

  @Test(
    "what --json prints of a front is as docs/reference/front.schema.json says",
    arguments: [
      ["search", "--cutoff-mode", "shifted-force", "--max-evaluations", "300"],
      ["search", "--max-evaluations", "200", "--folds", "2", "--subtract", "q-SPC/Fw"],
      ["evaluate", "--potential", "q-SPC/Fw"],
      [
        "fit", "--potential", "A[]/r + exp(S~ - b*r)", "--cutoff-mode", "shifted-force",
        "--energy-weight", "1", "--repulsive-wall", "0.7", "--bootstrap", "20",
      ],
    ])
  func front(arguments: [String]) async throws {
    let folder = try WaterDimers.folder()
    let outcome = try await Executable.run(
      [arguments[0], "water.extxyz", "--json"] + arguments.dropFirst(), in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let front = try JSONDecoder().decode(JSONValue.self, from: Data(outcome.output.utf8))
    #expect(front["front"]?.elements.isEmpty == false)
    #expect(try Self.schema().faults(in: front) == [])
  }

  @Test("a schema finds what is missing, unknown, of another type or out of range")
  func planted() throws {
    let schema = try JSONDecoder().decode(
      JSONValue.self,
      from: Data(
        """
        {"type": "object", "required": ["a"],
         "properties": {"a": {"type": ["integer", "null"], "minimum": 1}, "b": {"$ref": "#/$defs/b"}},
         "$defs": {"b": {"type": "array", "items": {"enum": ["x", "y"]}}}}
        """.utf8))
    func faults(_ text: String) throws -> Int {
      JSONSchema(root: schema)
        .faults(in: try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))).count
    }
    #expect(try faults(#"{"a": 1, "b": ["x", "y"]}"#) == 0)
    #expect(try faults(#"{"a": null}"#) == 0)
    #expect(try faults(#"{"b": []}"#) == 1)
    #expect(try faults(#"{"a": 1, "c": 1}"#) == 1)
    #expect(try faults(#"{"a": 1.5}"#) == 1)
    #expect(try faults(#"{"a": 0}"#) == 1)
    #expect(try faults(#"{"a": 1, "b": ["z"]}"#) == 1)
    #expect(try faults("[]") == 1)
  }

  @Test("docs/reference/json.md has every key of the schema")
  func keys() throws {
    let page = String(decoding: try Self.page("json.md"), as: UTF8.self)
    let names = try Self.schema().propertyNames
    #expect(names.count > 60)
    for name in names.sorted() { #expect(page.contains("`\(name)`"), "\(name)") }
  }
}
