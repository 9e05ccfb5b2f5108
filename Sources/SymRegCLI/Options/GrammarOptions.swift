import ArgumentParser
import AtomicData
import ExpressionTrees
import Foundation
import PopulationSearch

/// How the expressions of a search are chosen.
struct StrategyOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How expressions are chosen: enumerate (all, smallest first, up to 12 nodes), islands (genetic "
        + "programming), mcts (Monte Carlo tree search), or auto (the small ones all, then islands, "
        + "and the next size between).", valueName: "strategy"))
  var strategy = SearchOptions.Strategy.auto.rawValue

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Expressions to begin with, of the grammar: known potentials or expressions, separated by "
        + "semicolons, such as \"Buckingham; X/r + Y*exp(b*r)\".", valueName: "potential;..."))
  var seedPotentials: String?

  func apply(to options: inout SearchOptions) throws {
    options.strategy = try OptionText("--strategy", strategy)
      .choice(SearchOptions.Strategy.allCases, name: \.rawValue)
    guard let seedPotentials else { return }
    options.seedPotentials = try seedPotentials.split(separator: ";").map {
      let text = $0.trimmingCharacters(in: .whitespaces)
      let tree = try PotentialArgument(parsing: text).tree
      guard let form = CanonicalForm(of: tree, resolvesSigns: true),
        options.grammar.allows(form.tree)
      else {
        throw InputError(
          "expected --seed-potentials of the grammar of the search, found \"\(text)\"",
          remedy: "see --operators, --parameters and --max-complexity")
      }
      return tree
    }
  }
}

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
