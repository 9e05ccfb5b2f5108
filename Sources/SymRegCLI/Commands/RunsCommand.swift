import ArgumentParser
import AtomicData
import Foundation
import RunStorage

/// `symreg runs`: what runs a folder holds.
struct RunsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List the runs in a folder.",
    discussion: """
      Shows each run's data, state, forms fitted, entries of its front, lowest error and recommended \
      potential; runs of one data set can be merged by symreg front.

        symreg runs runs
      """)

  @Argument(
    help: ArgumentHelp("Folder whose subfolders are runs.", valueName: "folder"),
    completion: .directory)
  var folder = "runs"

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    let console = output.console
    let runs = try Self.runs(in: folder)
    var table = TextTable(
      ["run", "data", "state", "forms", "front", "meV/Å", "recommended"],
      rightAligned: [false, false, false, true, true, true, false])
    for run in runs {
      table.add([
        run.path, run.data ?? "", run.state, NumberText.count(run.evaluations),
        "\(run.entries)", run.directRMSE.map { NumberText.force($0, decimals: 2) } ?? "",
        run.recommended ?? "",
      ])
    }
    try console.print(
      runs.isEmpty ? ["\(folder) holds no runs."] : table.lines(width: console.width))
    try console.printJSON(RunList(runs: runs))
  }

  private static func runs(in folder: String) throws -> [RunList.Entry] {
    if let run = try? RunFolder(existing: folder) { return [RunList.Entry(run)] }
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    } catch {
      throw InputError(
        file: folder, "expected a folder of runs, found none that can be read",
        remedy: "name the folder that holds them")
    }
    return names.filter { !$0.hasPrefix(".") }.compactMap { name in
      let path = folder + (folder.hasSuffix("/") ? "" : "/") + name
      return (try? RunFolder(existing: path)).map(RunList.Entry.init)
    }
  }
}

/// The runs of a folder.
struct RunList: Encodable {
  struct Entry: Encodable {
    let path: String
    let data: String?
    let state: String
    let evaluations: Int
    let entries: Int
    /// The lowest of the front, eV/Å.
    let directRMSE: Double?
    let recommended: String?
  }

  let runs: [Entry]
}

extension RunList.Entry {
  /// A run that cannot be read is listed as such: one must not hide the others.
  init(_ folder: RunFolder) {
    path = folder.path
    let document = folder.hasFront ? try? folder.front() : nil
    let opened = Result {
      let store = try folder.store(for: .reading)
      return (data: try store.data(), checkpoint: try store.checkpoint())
    }
    let store = try? opened.get()
    data = document?.dataset.name ?? store?.data?.name
    evaluations = store?.checkpoint?.state.counts.evaluations ?? document?.evaluations ?? 0
    entries = document?.front.count ?? 0
    directRMSE = document?.front.map(\.directRMSE).min()
    recommended = document?.front.first(where: \.recommended)?.expression
    state =
      !folder.hasDatabase
      ? "without database"
      : store == nil
        ? "damaged"
        : folder.isAtWork
          ? "running" : store?.checkpoint?.state.end == nil ? "stopped" : "finished"
  }
}
