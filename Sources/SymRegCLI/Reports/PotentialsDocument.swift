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

    init(_ potential: KnownPotential) {
      name = potential.name
      expression = potential.expression
      complexity = (try? ExpressionTree(parsing: potential.expression))?.complexity
      summary = potential.summary
      source = potential.source
      _parameters = Nullable(wrappedValue: potential.parameters)
    }
  }

  let formatVersion = 1
  let potentials: [Potential]
}
