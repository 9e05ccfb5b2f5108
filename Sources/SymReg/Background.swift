import AtomicData
import ExpressionTrees
import ForceFitting
import RunStorage

/// A potential that is known beforehand: the data are what it leaves, and a search finds what to add
/// to it.
public struct Background: Sendable {
  /// Name of a known potential; nil for an expression.
  public var name: String?
  public var tree: ExpressionTree
  /// Values in eV and Å.
  public var parameters: [String: ParameterValue]
  /// How it ends at the cutoff of the data: pairs beyond exert nothing in any mode.
  public var cutoffMode: CutoffMode

  public init(
    name: String? = nil, tree: ExpressionTree, parameters: [String: ParameterValue],
    cutoffMode: CutoffMode = .none
  ) {
    self.name = name
    self.tree = tree
    self.parameters = parameters
    self.cutoffMode = cutoffMode
  }

  /// As documents hold it.
  ///
  /// - Throws: `ExpressionError` for what is no expression.
  public init(_ summary: BackgroundSummary) throws {
    self.init(
      name: summary.name, tree: try ExpressionTree(parsing: summary.expression),
      parameters: summary.parameters, cutoffMode: CutoffMode(rawValue: summary.cutoffMode) ?? .none)
  }

  /// How people call it.
  public var title: String { name ?? tree.description }

  /// The values in the order of θ for the types of the data.
  ///
  /// - Throws: `InputError` where a type of the data has no value.
  func theta(typeNames: [String]) throws -> [Double] {
    try check(typeNames)
    do {
      return try tree.theta(of: parameters, typeNames: typeNames)
    } catch let error as ParameterMismatch {
      throw InputError(
        "expected values of \(title) for the types of the data: \(error)",
        remedy: "give them with --subtract-parameters, or read the types from another column with "
          + "--types")
    }
  }

  /// A published potential may have values for more types than the data; values for a type that
  /// nobody has are a slip.
  private func check(_ typeNames: [String]) throws {
    guard name == nil else { return }
    for parameter in tree.parameters {
      guard case .byName(let given)? = parameters[parameter.name] else { continue }
      let values = parameter.inOrderOfNames(given, typeNames: typeNames)
      let known = parameter.valueNames(typeNames: typeNames)
      if let stray = values.keys.sorted().first(where: { !known.contains($0) }) {
        throw InputError(
          "unknown \(parameter.kind.scopeWord) \(stray): expected one of \(known.joined(separator: ", ")) in "
            + "--subtract-parameters, found \(parameter.name).\(stray)")
      }
    }
  }
}

extension BackgroundSummary {
  /// With the values as they were given.
  public init(_ background: Background) {
    self.init(
      name: background.name, expression: background.tree.description,
      parameters: background.parameters, cutoffMode: background.cutoffMode.rawValue)
  }
}

extension Discovery {
  /// The background as documents hold it, with values for the types of the data; nil without one.
  ///
  /// - Throws: `InputError` where a type of the data has no value.
  public func backgroundSummary() throws -> BackgroundSummary? {
    let names = dataset.pairTypes.typeNames
    return try settings.background.map { background in
      BackgroundSummary(
        name: background.name, expression: background.tree.description,
        parameters: background.tree.values(
          of: try background.theta(typeNames: names), typeNames: names),
        cutoffMode: background.cutoffMode.rawValue)
    }
  }
}
