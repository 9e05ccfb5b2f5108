import AtomicData
import ExpressionTrees
import ForceFitting
import RunStorage

extension ExportedPotential {
  /// How a potential was fitted, beside its expression and parameters.
  public struct Setting: Sendable {
    public var types: PairTypes
    public var selection: PairSelection
    /// Å
    public var cutoff: Double
    public var mode: CutoffMode
    /// Å
    public var switchWidth: Double
    public var background: BackgroundSummary?
    public var propertyName: String?
    public var typesColumn: String?
    /// By `types.sampledPairs`; empty where no data say.
    public var ranges: [ClosedRange<Double>?] = []

    public init(
      types: PairTypes, selection: PairSelection, cutoff: Double, mode: CutoffMode,
      switchWidth: Double = CutoffTreatment.defaultSwitchWidth
    ) {
      self.types = types
      self.selection = selection
      self.cutoff = cutoff
      self.mode = mode
      self.switchWidth = switchWidth
    }
  }

  /// - Throws: `ParameterMismatch` where a parameter has no value for a type, `ExpressionError` for a
  ///   background that is no expression.
  public init(
    _ tree: ExpressionTree, parameters: [String: ParameterValue], setting: Setting,
    provenance: Provenance
  ) throws {
    let names = setting.types.typeNames
    var parts = [
      Part(
        tree: tree, theta: try tree.theta(of: parameters, typeNames: names),
        treatment: CutoffTreatment(
          mode: setting.mode, cutoff: setting.cutoff, switchWidth: setting.switchWidth))
    ]
    if let background = setting.background {
      let tree = try ExpressionTree(parsing: background.expression)
      parts.append(
        Part(
          tree: tree, theta: try tree.theta(of: background.parameters, typeNames: names),
          treatment: CutoffTreatment(
            mode: CutoffMode(rawValue: background.cutoffMode) ?? .none, cutoff: setting.cutoff),
          title: background.title))
    }
    self.init(
      types: setting.types.withClasses(for: parts.map(\.tree)), parts: parts,
      selection: setting.selection, cutoff: setting.cutoff, propertyName: setting.propertyName,
      typesColumn: setting.typesColumn, ranges: setting.ranges, provenance: provenance)
  }
}

extension PairTypes {
  /// With all bond classes where expressions tell them apart and no data say which occur.
  fileprivate func withClasses(for trees: [ExpressionTree]) -> PairTypes {
    guard bondClasses == nil, trees.contains(where: { $0.known.contains(where: \.isIndicator) })
    else { return self }
    return PairTypes(
      self,
      occurring: pairs.flatMap { pair in
        (0...KnownQuantity.mostBonds).map {
          PairType(first: pair.first, second: pair.second, bonds: $0)
        }
      })
  }
}
