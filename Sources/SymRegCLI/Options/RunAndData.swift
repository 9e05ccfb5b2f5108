import ArgumentParser

/// A run, and where its data are now.
struct RunAndData: ParsableArguments {
  @Argument(
    help: ArgumentHelp("Folder that `symreg search` wrote.", valueName: "run"),
    completion: .directory)
  var run: String

  @Argument(
    help: ArgumentHelp(
      "The data of the run, where they are not in their old place any more.", valueName: "data"),
    completion: .file())
  var data: [String] = []
}
