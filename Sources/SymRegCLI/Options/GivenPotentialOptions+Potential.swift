import AtomicData
import ExpressionTrees
import ForceFitting
import RunStorage
import SimulatorExport
import SymReg

extension GivenPotentialOptions {
  /// - Throws: `InputError` where one of them is given that a run has answered.
  func checkBesideRun() throws {
    guard ofRuns.isEmpty else {
      throw InputError(
        "expected a run or \(ofRuns[0]), found both",
        remedy: "a run says that itself: leave out one of them")
    }
  }

  /// The potential of `--potential`.
  ///
  /// - Parameters:
  ///   - reading: how structures are read.
  ///   - structure: whose atoms it acts on, where there is one.
  /// - Throws: `InputError` where there is none, or something of it is missing.
  func exportedPotential(
    reading: ReadingOptions, structure: ExportStructure?, masses: AtomicMasses
  ) throws -> ExportedPotential {
    guard let text = self.potential else {
      throw InputError(
        "expected a run or --potential, found neither",
        remedy: "name a folder that `symreg search` wrote, or give an expression")
    }
    let potential = try PotentialArgument(parsing: text)
    let values = try parameters.map { try ParameterAssignments.parse($0) }
    let names = try typeNames(potential, values, structure, masses)
    var model = DiscoverySettings()
    let file = potential.file
    model.cutoff = try cutoff.length(ofFile: file?.cutoff)
    try cutoffMode.apply(
      to: &model, standard: file?.mode ?? (potential.known == nil ? model.cutoffMode : .none),
      standardWidth: file?.switchWidth)
    let types = PairTypes(typeNames: names)
    var setting = ExportedPotential.Setting(
      types: types,
      selection: reading.pairs == nil ? file?.pairs ?? selection(structure) : selection(structure),
      cutoff: model.cutoff, mode: model.cutoffMode, switchWidth: model.switchWidth)
    setting.propertyName = reading.propertyColumn ?? file?.property
    setting.typesColumn = reading.typesColumn
    setting.background =
      try background.background().map(BackgroundSummary.init) ?? file?.background
    setting.ranges = types.sampledPairs.indices.map {
      file?.sampledRanges[types.name(ofSampled: $0)]
    }
    var provenance = Provenance(program: SymRegCommand.program)
    provenance.complexity = potential.tree.complexity
    return try ExportedPotential(
      potential.tree,
      parameters: try potential.values(given: values, typeNames: names, isOfData: false),
      setting: setting, provenance: provenance)
  }

  private func selection(_ structure: ExportStructure?) -> PairSelection {
    if let pairs = pairs.flatMap(PairSelection.init) { return pairs }
    let molecules = structure?.molecules
    let isSeveral = molecules.map { ($0.max() ?? 0) > 0 && $0.count > ($0.max() ?? 0) + 1 }
    return isSeveral == true ? .inter : .all
  }

  /// The types that have values, else those of the structure or of `--masses`.
  private func typeNames(
    _ potential: PotentialArgument, _ values: [String: ParameterValue]?,
    _ structure: ExportStructure?, _ masses: AtomicMasses
  ) throws -> [String] {
    let named = potential.tree.namesOfTypes(in: potential.merged(values ?? [:]))
    if !named.isEmpty { return named }
    if let names = potential.file?.typeNames { return names }
    let others = structure.map { Set($0.typeNames).sorted() } ?? masses.typeNames
    guard !others.isEmpty else {
      throw InputError(
        "expected types of atoms, found none: the parameters name none",
        remedy: "give a --structure, or --masses \"Ar=39.95\"")
    }
    return others
  }
}
