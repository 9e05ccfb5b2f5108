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
    let texts = seedPotentials.split(separator: ";").map {
      $0.trimmingCharacters(in: .whitespaces)
    }.filter { !$0.isEmpty }
    guard !texts.isEmpty else {
      throw InputError("expected expressions in --seed-potentials, found none")
    }
    let notation = CanonicalForm.Notation(operators: options.grammar.operators)
    options.seedPotentials = try texts.map { text in
      let tree = try PotentialArgument(parsing: text).tree
      let form = CanonicalForm(of: tree, resolvesSigns: true, notation: notation)
      guard let form, options.grammar.allows(form.tree) else {
        throw InputError(
          "expected --seed-potentials of the grammar of the search, found \"\(text)\"",
          remedy: form.map { Self.remedy($0.tree, options.grammar) }
            ?? "it has no canonical form that depends on r")
      }
      return tree
    }
  }

  /// What an expression needs beside a grammar.
  private static func remedy(_ tree: ExpressionTree, _ grammar: SearchOptions.Grammar) -> String {
    let kinds = ParameterKind.allCases.filter { kind in
      !grammar.parameterKinds.contains(kind) && tree.parameters.contains { $0.kind == kind }
    }
    let operators = Operator.allCases.filter { operation in
      operation != .negate && !grammar.operators.contains(operation)
        && tree.nodes.contains(.operation(operation))
    }
    var needs: [String] = []
    if !kinds.isEmpty {
      let all = (grammar.parameterKinds + kinds).map(\.rawValue).joined(separator: ",")
      needs.append("--parameters \(all)")
    }
    if !operators.isEmpty {
      let all = (grammar.operators + operators).map(\.name).joined(separator: ",")
      needs.append("--operators \"\(all)\"")
    }
    if tree.nodeCount > grammar.maxComplexity { needs.append("--max-complexity \(tree.nodeCount)") }
    return "it needs " + needs.joined(separator: " and ")
  }
}
