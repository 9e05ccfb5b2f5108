import ArgumentParser
import Machine
import SymReg

/// The solvent's mean forces on alanine dipeptide: searches that see four blocks of φ, judged on the fifth.
struct SolventCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "solvent",
    abstract: "Searches the solvent forces of alanine dipeptide, five folds for each typing.")

  @OptionGroup var options: StudyOptions
  @Option(help: "Data.") var data = "Datasets/alanine-dipeptide/alanine-mean.extxyz"
  @Option(help: "Part of the names of the typings.") var only = ""

  func run() async throws {
    var results: [SolventTyping.Result] = []
    for typing in SolventTyping.all where only.isEmpty || typing.name.contains(only) {
      var folds: [SolventTyping.Fold] = []
      for fold in 0..<SolventTyping.foldCount {
        folds.append(try await typing.measured(fold: fold, data: data, options))
        let last = SolventTyping.Result(typing: typing, folds: folds)
        try options.write(results + [last])
        StudyOptions.say("\(typing.name), fold \(fold): " + last.summary)
      }
      results.append(SolventTyping.Result(typing: typing, folds: folds))
    }
    print("\(Machine())\nsearches of \(options.seconds) s, \(options.threads) threads\n")
    print(SolventTyping.markdown(results))
  }
}
