import ArgumentParser
import ExpressionTrees
import PopulationSearch

/// What expressions a search may form.
struct GrammarOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Kinds of parameters: global (one value, lower-case name), product (a factor per type, "
        + "upper-case name), pair (a value per pair of types, A[]), mean (the mean of a value per "
        + "type, S~).", valueName: "kind,..."))
  var parameters = "global,product"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Operators out of +,-,*,/,^,exp,neg,inverse,square,sqrt,log,tanh,erf,erfc,gauss.",
      valueName: "name,..."))
  var operators = "+,-,*,/,^,exp"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Nodes of an expression, at most, 1 to 100.", valueName: "nodes"))
  var maxComplexity = "20"

  func grammar() throws -> SearchOptions.Grammar {
    var grammar = SearchOptions.Grammar()
    grammar.parameterKinds = try OptionText("--parameters", parameters)
      .choices(ParameterKind.allCases, name: \.rawValue)
    grammar.operators = try OptionText("--operators", operators)
      .choices(Operator.allCases, name: \.name)
    grammar.maxComplexity = try OptionText("--max-complexity", maxComplexity)
      .integer("a whole number from 1 to 100", in: 1...100)
    return grammar
  }
}
