import Testing

@Suite("Help and version", .serialized)
struct HelpTests {
  @Test(
    "each command explains itself",
    arguments: [
      "search", "fit", "evaluate", "floor", "learn", "inspect", "front", "report", "compare",
      "export",
      "scan", "potentials", "generate",
    ])
  func help(command: String) async throws {
    let folder = try Folder()
    let outcome = try await Executable.run([command, "--help"], in: folder)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("USAGE: symreg \(command)"))
    // An example, and every option with its explanation.
    #expect(outcome.output.contains("  symreg \(command)") || command == "evaluate")
    #expect(outcome.errors.isEmpty)
  }

  @Test("without a command the help of all is shown")
  func overview() async throws {
    let outcome = try await Executable.run([], in: Folder())
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("SUBCOMMANDS:"))
  }

  @Test("the version is one number")
  func version() async throws {
    let outcome = try await Executable.run(["--version"], in: Folder())
    #expect(outcome.status == 0)
    #expect(outcome.output == "0.1.0\n")
  }

  @Test("each known potential can be shown", arguments: ["q-SPC/Fw", "spc/fw", "Morse"])
  func potentials(name: String) async throws {
    let outcome = try await Executable.run(["potentials", name], in: Folder())
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("source: "))
  }
}
