import AtomicData
import CompressedForces
import ExpressionTrees
import ForceFitting
import Foundation
import RunStorage
import SimulatorExport
import SymReg

/// The potentials of a run with all that their forces depend on, and its data where they can still be read.
struct RunPotentials {
  let document: FrontDocument
  let settings: DiscoverySettings
  /// Nil where the data are not there.
  let dataset: Dataset?
  private let ranges: [ClosedRange<Double>?]
  private let selection: PairSelection
  private let run: String

  /// - Parameter data: in place of the run's own; empty: its own.
  /// - Throws: `InputError` where there is no run, or its data are others.
  init(run: String, data: [String], threads: Int) async throws {
    self.run = run
    let folder = try RunFolder(existing: run)
    document = try folder.front()
    guard folder.hasDatabase else {
      throw InputError(
        file: run, "expected a run with its database, found none",
        remedy: "name a folder that `symreg search` wrote")
    }
    let store = try folder.store(for: .reading)
    var arguments = try store.stages().last?.arguments ?? []
    if !data.isEmpty { arguments = RunArguments.moved(arguments, to: data) }
    let search = try SearchCommand.ofRun(folder, arguments)
    settings = try search.settings()
    let sources = try search.data.sources()
    let isThere = sources.allSatisfy { FileManager.default.fileExists(atPath: $0.path) }
    guard isThere || !data.isEmpty else {
      (dataset, ranges) = (nil, [])
      selection = try Self.selection(store)
      return
    }
    let dataset = try await Preparation.openDataset(
      sources, options: settings.reading, threads: threads)
    let sha256 = try DataDigest.sha256(ofFiles: sources.map(\.path))
    guard sha256 == document.dataset.sha256 else {
      throw InputError(
        file: run,
        "expected the data of the run, \(document.dataset.name) with SHA-256 "
          + "\(document.dataset.sha256.prefix(12))…, found \(dataset.name) with \(sha256.prefix(12))…",
        remedy: "name the files that the run was made with")
    }
    let survey = try await DistanceSurvey(
      of: dataset, cutoff: document.cutoff, threads: threads)
    ranges = survey.samples.map { sample in
      guard let smallest = sample.smallest, let largest = sample.largest else { return nil }
      return smallest...largest
    }
    selection = dataset.pairSelection
    self.dataset = dataset
  }

  /// As the run resolved it.
  private static func selection(_ store: RunStore) throws -> PairSelection {
    struct Options: Decodable { let pairs: String }
    let options = try store.options().flatMap {
      try? JSONDecoder().decode(Options.self, from: Data($0.utf8))
    }
    return options.flatMap { PairSelection(rawValue: $0.pairs) } ?? .all
  }

  /// The entry of so many nodes; nil: the recommended one.
  ///
  /// - Throws: `InputError` where there is none, listing those that are.
  func entry(complexity: Int?) throws -> FrontEntry {
    let sizes = document.front.map { String($0.complexity) }
    let found =
      if let complexity {
        document.front.first { $0.complexity == complexity }
      } else { document.front.first(where: \.recommended) }
    guard let found else {
      throw InputError(
        file: run,
        complexity.map { "expected an entry of \($0) nodes, found none" }
          ?? "expected a recommended entry, found none",
        remedy: sizes.isEmpty
          ? "its front is empty" : "choose --complexity out of \(OptionText.listed(sizes))")
    }
    return found
  }

  /// - Throws: `InputError` where the types of atoms cannot be told.
  func potential(_ entry: FrontEntry) throws -> ExportedPotential {
    let tree = try ExpressionTree(parsing: entry.expression)
    let types = try dataset?.pairTypes ?? types(entry)
    var setting = ExportedPotential.Setting(
      types: types, selection: selection, cutoff: document.cutoff,
      mode: CutoffMode(rawValue: document.cutoffMode) ?? .none, switchWidth: settings.switchWidth)
    setting.background = document.background
    setting.propertyName = settings.reading.propertyColumn
    setting.typesColumn = settings.reading.typesColumn
    setting.ranges = ranges
    var provenance = Provenance(program: SymRegCommand.program)
    provenance.dataName = document.dataset.name
    provenance.frameCount = document.dataset.frames
    provenance.sha256 = document.dataset.sha256
    provenance.seed = document.seed
    provenance.complexity = entry.complexity
    provenance.directRMSE = entry.directRMSE
    provenance.flags = entry.flags
    if dataset == nil {
      provenance.warnings.append("The data were not there: where they begin and end is not known.")
    }
    return try ExportedPotential(
      tree, parameters: entry.parameters, setting: setting, provenance: provenance)
  }

  /// The types that the values name.
  private func types(_ entry: FrontEntry) throws -> PairTypes {
    let tree = try ExpressionTree(parsing: entry.expression)
    let names = tree.namesOfTypes(in: entry.parameters)
    guard !names.isEmpty else {
      throw InputError(
        file: run, "expected the data of the run, found none, and its parameters name no types",
        remedy: "if the data have moved, name them behind \(run)")
    }
    return PairTypes(typeNames: names)
  }
}

extension ExpressionTree {
  /// The types that values of product and mean parameters are for, or those of pairs `A-A`.
  func namesOfTypes(in values: [String: ParameterValue]) -> [String] {
    var names: Set<String> = []
    for parameter in parameters {
      guard case .byName(let numbers)? = values[parameter.name] else { continue }
      switch parameter.kind {
      case .product, .mean: names.formUnion(numbers.keys)
      case .pair:
        // Every type has a pair of its own.
        for name in numbers.keys where name.count % 2 == 1 {
          let half = name.prefix(name.count / 2)
          if name == "\(half)-\(half)" { names.insert(String(half)) }
        }
      case .global: break
      }
    }
    return names.sorted()
  }
}
