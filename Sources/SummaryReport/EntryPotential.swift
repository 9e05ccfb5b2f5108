import AtomicData
import ExpressionTrees
import ForceFitting
import RunStorage

/// A potential of a front in its cutoff treatment, by the tree, one distance at a time.
struct EntryPotential: Sendable {
  let tree: ExpressionTree
  private let theta: [Double]
  private let layout: ParameterLayout
  private let treatment: CutoffTreatment

  /// - Throws: `ExpressionError` or `ParameterMismatch` where the entry is no potential of the types.
  init(_ entry: FrontEntry, typeNames: [String], treatment: CutoffTreatment) throws {
    tree = try ExpressionTree(parsing: entry.expression)
    theta = try tree.theta(of: entry.parameters, typeNames: typeNames)
    layout = tree.layout(typeCount: typeNames.count)
    self.treatment = treatment
  }

  /// U and dU/dr of a pair as a function of the distance.
  func function(of pair: PairType) -> @Sendable (Double) -> PotentialValue {
    let atCutoff = tree.value(at: treatment.cutoff, theta: theta, pair: pair, layout: layout)
    return { distance in
      treatment.value(
        tree.value(at: distance, theta: theta, pair: pair, layout: layout),
        atDistance: distance, cutoffValue: atCutoff)
    }
  }
}

extension FrontDocument {
  /// - Parameter switchWidth: of the mode `switch`, Å.
  func treatment(switchWidth: Double?) -> CutoffTreatment {
    CutoffTreatment(
      mode: CutoffMode(rawValue: cutoffMode) ?? .none, cutoff: cutoff,
      switchWidth: switchWidth ?? CutoffTreatment.defaultSwitchWidth)
  }

  /// Types that the parameters of the front name, where no data say them.
  var typeNamesOfParameters: [String] {
    var names: Set<String> = []
    for entry in front {
      guard let tree = try? ExpressionTree(parsing: entry.expression) else { continue }
      for parameter in tree.parameters where [.product, .mean].contains(parameter.kind) {
        if case .byName(let values)? = entry.parameters[parameter.name] {
          names.formUnion(values.keys)
        }
      }
    }
    return names.sorted()
  }
}
