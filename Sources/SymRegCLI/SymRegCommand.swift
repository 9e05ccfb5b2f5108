import ArgumentParser

/// The `symreg` executable.
struct SymRegCommand: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "symreg",
    abstract: "Discovers force fields: pair potentials U(r) from reference forces.",
    discussion: """
      Reads labelled frames (extended XYZ), and finds the expressions that give the forces best at \
      every size. A first try:

        symreg inspect Datasets/water-dimer/water-dimer.extxyz
        symreg search Datasets/water-dimer/water-dimer.extxyz --time-limit 60s

      A data argument is FILE or, where files differ, FILE:forces=EXPR:energy=EXPR:weight=W; EXPR is a column \
      or a sum of columns such as force-mono1_force-mono2_force.

      Lengths are in Å. Tables show force errors in meV/Å, JSON is in eV/Å.
      Exit status: 0 done, 1 failed, 2 bad input or usage, 3 stopped by a signal, a full disk or the \
      memory limit, with a usable result.
      """,
    version: version,
    subcommands: [
      SearchCommand.self, ResumeCommand.self, FitCommand.self, EvaluateCommand.self,
      FloorCommand.self, LearnCommand.self,
      InspectCommand.self, FrontCommand.self, ReportCommand.self, CompareCommand.self,
      RunsCommand.self, VerifyCommand.self, ExportCommand.self, ScanCommand.self,
      PotentialsCommand.self, GenerateCommand.self, ConfigSchemaCommand.self,
    ])
}
