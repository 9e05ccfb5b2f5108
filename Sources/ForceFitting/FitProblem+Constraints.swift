extension FitProblem {
  /// The same data under more conditions.
  public func adding(_ more: [PotentialConstraint]) -> FitProblem {
    FitProblem(self, constraints: constraints + more)
  }

  /// The same without bounds of parameters.
  public var withoutBounds: FitProblem {
    FitProblem(
      self,
      constraints: constraints.filter {
        if case .bounds = $0 { return false }
        return true
      })
  }
}
