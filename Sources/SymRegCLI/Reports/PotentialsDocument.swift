import ExpressionTrees
import RunStorage

/// `potentials --json`: the known potentials, parameters in eV and Å.
struct PotentialsDocument: Encodable {
  struct Potential: Encodable {
    let name: String
    let expression: String
    let complexity: Int?
    let summary: String
    let source: String
    @Nullable var parameters: [String: ParameterValue]?
    /// By name; nil where the expression determines none.
    let units: [String: String?]

    init(_ potential: KnownPotential) {
      name = potential.name
      expression = potential.expression
      let tree = try? ExpressionTree(parsing: potential.expression)
      complexity = tree?.complexity
      units = Dictionary(
        uniqueKeysWithValues: tree.map {
          zip($0.parameters.map(\.name), $0.units()).map { ($0, $1) }
        }
          ?? [])
      summary = potential.summary
      source = potential.source
      _parameters = Nullable(wrappedValue: potential.parameters)
    }
  }

  let formatVersion = 1
  let potentials: [Potential]
}
