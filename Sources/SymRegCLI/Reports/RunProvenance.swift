import Foundation
import RunStorage
import SummaryReport

/// What the database of a run says of where its numbers come from.
struct RunProvenance {
  let folder: RunFolder
  let document: FrontDocument
  let stages: [RunStage]
  private let startTimes: [String]
  private let options: [String: Any]

  init(folder: RunFolder, document: FrontDocument, store: RunStore) throws {
    self.folder = folder
    self.document = document
    stages = try store.stages()
    startTimes = try store.startTimes()
    options = Self.options(of: store)
  }

  var provenance: Provenance {
    var result = Self.facts(of: document)
    for (number, stage) in stages.enumerated() {
      let name = stages.count > 1 ? "Search \(number + 1)" : "Search"
      let time = startTimes.indices.contains(number) ? " begun \(startTimes[number])" : ""
      result.facts.append(
        Provenance.Fact(
          name, "symreg \(stage.version), commit \(stage.commit),\(time), seed \(stage.seed)"))
    }
    result.facts += [
      Provenance.Fact("Folder", folder.path),
      Provenance.Fact("Page", "symreg \(SymRegCommand.version), commit \(SourceCommit.text)"),
    ]
    result.options = options.keys.sorted().compactMap { key in
      options[key].map { Provenance.Fact(key, Self.text($0)) }
    }
    result.commands = stages.enumerated().map { number, stage in
      let start =
        number == 0 ? ["symreg", "search"] : ["symreg", "search", "--extend", folder.path]
      return ShellText.command(start + stage.arguments)
    }
    if let stage = stages.last, stages.count == 1, !Self.isLimited(stage) {
      result.remark =
        "A time limit stops where the machine has got to. These forms come again, also on another machine, "
        + "with --max-evaluations \(document.evaluations) and a --time-limit that does not end it first; their "
        + "last fits then have the time they need."
    }
    return result
  }

  private static func isLimited(_ stage: RunStage) -> Bool {
    stage.arguments.contains { $0.hasPrefix("--max-evaluations") }
  }

  /// What the front alone says.
  static func facts(of document: FrontDocument) -> Provenance {
    let dataset = document.dataset
    var facts = [
      Provenance.Fact("Data", "\(dataset.name), \(NumberText.count(dataset.frames, "frame"))"),
      Provenance.Fact("SHA-256 of the data", dataset.sha256),
      Provenance.Fact(
        "Grammar",
        "\(document.grammar.operators.joined(separator: " ")) with "
          + "\(document.grammar.parameters.joined(separator: " and ")) parameters, up to "
          + NumberText.count(document.grammar.maxComplexity, "node")),
      Provenance.Fact("Forms fitted", NumberText.count(document.evaluations)),
      Provenance.Fact("Seed", document.seed.map { "\($0)" } ?? "several"),
    ]
    if let division = document.division {
      let parts = [
        division.trainingUnits.map { "\(NumberText.count($0)) for training" },
        division.validationUnits.map { "\(NumberText.count($0)) for validation" },
      ].compactMap { $0 }
      if !parts.isEmpty {
        facts.append(
          Provenance.Fact(
            division.units == "groups" ? "Groups" : "Frames", parts.joined(separator: ", ")))
      }
    }
    return Provenance(facts: facts)
  }

  // MARK: Options

  private static func options(of store: RunStore) -> [String: Any] {
    guard let text = try? store.options() else { return [:] }
    return (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:]
  }

  static func number(_ name: String, of store: RunStore) -> Double? {
    (options(of: store)[name] as? NSNumber)?.doubleValue
  }

  /// A value of JSON as people read it.
  private static func text(_ value: Any) -> String {
    switch value {
    case let list as [Any]: list.map(text).joined(separator: list.first is String ? ", " : "; ")
    case let object as [String: Any]:
      object.keys.sorted().compactMap { key in object[key].map { "\(key) \(text($0))" } }
        .joined(separator: ", ")
    default: "\(value)"
    }
  }
}
