import ArgumentParser
import ForceFitting

/// How parameters are fitted.
struct OptimizerOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Method of the fits: gauss-newton, or nlopt (NLopt's augmented Lagrangian, slower; to "
        + "compare with).",
      valueName: "method"))
  var optimizer = Optimizer.gaussNewton.rawValue

  func method() throws -> Optimizer {
    try OptionText("--optimizer", optimizer).choice(Optimizer.allCases, name: \.rawValue)
  }
}
