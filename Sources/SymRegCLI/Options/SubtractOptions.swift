import ArgumentParser
import AtomicData
import ForceFitting
import SymReg

/// What is taken off the reference forces beforehand.
struct SubtractOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Known potential or expression that is subtracted from the data first: all that follows is "
        + "about what it leaves.", valueName: "expr|name"))
  var subtract: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Its values, as \"b=-3.5; X.H=0.2; X.O=-0.4\". (default: the published ones)",
      valueName: "value,..."))
  var subtractParameters: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How it ends at the cutoff: none or shifted-force. (default: none)", valueName: "mode"))
  var subtractMode: String?

  /// Nil where nothing is subtracted.
  ///
  /// - Throws: `InputError` for text that cannot be read and for parameters without values,
  ///   `ExpressionError` for what is no potential.
  func background() throws -> Background? {
    let mode = try subtractMode.map {
      try OptionText("--subtract-mode", $0)
        .choice([CutoffMode.none, .shiftedForce], name: \.rawValue)
    }
    guard let subtract else {
      let stray = subtractParameters != nil ? "--subtract-parameters" : "--subtract-mode"
      guard subtractParameters == nil, mode == nil else {
        throw InputError("expected --subtract beside \(stray), found none")
      }
      return nil
    }
    let potential = try PotentialArgument(parsing: subtract)
    let given = try subtractParameters.map {
      try ParameterAssignments.parse($0, option: "--subtract-parameters")
    }
    let names = Set(potential.tree.parameters.map(\.name))
    if let stray = given?.keys.sorted().first(where: { !names.contains($0) }) {
      throw InputError(
        "expected values of \(OptionText.listed(names.sorted(), "and")) in --subtract-parameters, "
          + "found one of \(stray)")
    }
    let values = potential.merged(given ?? [:])
    if let missing = names.sorted().first(where: { values[$0] == nil }) {
      throw InputError(
        "expected a value of \(missing) for --subtract \(subtract), found none",
        remedy: "give --subtract-parameters")
    }
    return Background(
      // With other values it is no longer what the name says.
      name: given == nil ? potential.known?.name : nil, tree: potential.tree, parameters: values,
      cutoffMode: mode ?? .none)
  }
}
