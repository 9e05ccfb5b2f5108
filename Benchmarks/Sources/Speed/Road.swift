import SymReg

/// A way to fit θ. All use of the fit's settings is in this file.
enum Road: String, CaseIterable, Codable, Sendable {
  /// As the search fits.
  case standard
  /// NLopt's augmented Lagrangian alone, from plain starts: the reference.
  case nlopt

  /// One local minimization to convergence, from one cold start.
  ///
  /// - Parameters:
  ///   - tolerance: relative change of the loss at which it stops; that of a search unless told
  ///     otherwise.
  ///   - searchesStart: whether the start is looked for as the search does it; else it is a plain
  ///     one, the same for all roads.
  func localSolve(
    _ problem: FitProblem, seed: UInt64, tolerance: Double = 1e-6, searchesStart: Bool = false
  ) -> ParameterFit {
    var options = FittingOptions(
      starts: 1, sufficientAgreements: 1, evaluationsPerStart: 1_000,
      relativeTolerance: tolerance)
    options.finishesFit = false
    options.optimizer = optimizer
    options.startSearch = searchesStart ? FittingOptions.quick.startSearch : .plain
    return ParameterFit(problem: problem, options: options, seed: seed)
  }

  /// A candidate as the search fits it, from cold starts.
  func candidate(_ problem: FitProblem, seed: UInt64) -> ParameterFit {
    ParameterFit(problem: problem, options: changed(.quick), seed: seed)
  }

  /// The best of `starts` careful local minimizations.
  func reference(_ problem: FitProblem, starts: Int) -> ParameterFit {
    var options = FittingOptions.reference
    options.starts = starts
    return ParameterFit(problem: problem, options: changed(options), seed: 1)
  }

  /// One expression, as `symreg fit` fits it.
  func thorough(_ problem: FitProblem) -> ParameterFit {
    ParameterFit(problem: problem, options: changed(.thorough), seed: 1)
  }

  private var optimizer: Optimizer { self == .nlopt ? .nlopt : .gaussNewton }

  /// The options with the optimizer and the search of starts of this road.
  private func changed(_ options: FittingOptions) -> FittingOptions {
    var options = options
    options.optimizer = optimizer
    options.startSearch = self == .nlopt ? .plain : FittingOptions.quick.startSearch
    return options
  }
}
