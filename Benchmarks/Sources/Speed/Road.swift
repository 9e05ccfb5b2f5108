import SymReg

/// A way to fit θ. All use of the fit's settings is in this file.
enum Road: String, CaseIterable, Codable, Sendable {
  /// As the search fits.
  case standard
  /// NLopt's augmented Lagrangian alone: the reference.
  case nlopt

  /// One local optimization from one cold start, to convergence.
  func localSolve(_ problem: FitProblem, seed: UInt64) -> ParameterFit {
    fit(
      problem, seed: seed,
      FittingOptions(
        starts: 1, sufficientAgreements: 1, evaluationsPerStart: 1_000, relativeTolerance: 1e-8))
  }

  /// A candidate as the search fits it, from cold starts.
  func candidate(_ problem: FitProblem, seed: UInt64) -> ParameterFit {
    fit(problem, seed: seed, .quick)
  }

  /// The best of `starts` careful local optimizations.
  func reference(_ problem: FitProblem, starts: Int) -> ParameterFit {
    fit(
      problem, seed: 1,
      FittingOptions(
        starts: starts, sufficientAgreements: starts, evaluationsPerStart: 4_000,
        relativeTolerance: 1e-12))
  }

  /// One expression, as `symreg fit` fits it.
  func thorough(_ problem: FitProblem) -> ParameterFit { fit(problem, seed: 1, .thorough) }

  private func fit(
    _ problem: FitProblem, seed: UInt64, _ options: FittingOptions
  ) -> ParameterFit {
    ParameterFit(problem: problem, options: options, seed: seed)
  }
}
