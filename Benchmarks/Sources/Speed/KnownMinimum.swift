import SymReg

/// A minimum that independent programs found, and what the fit finds from its default starts.
struct KnownMinimum: Codable, Sendable {
  let expression: String
  /// RMSE in eV/Å, all frames, force shifted at 10 Å.
  let expected: Double
  let found: Double
  let starts: Int
  let isReached: Bool

  /// Of Datasets/water-dimer/README.md; of the last the best of a few starts is known alone.
  private static let known = [
    ("X/r", 0.0879315, false),
    ("X/r + Y*exp(-b*r)", 0.0625786, false),
    ("X/r - Z*exp(-c*r) + Y*exp(-b*r)", 0.0579203, true),
  ]
  private static let tolerance = 1e-5

  static func all(_ problem: FitProblem) throws -> [KnownMinimum] {
    try known.map { expression, expected, isBound in
      let fit = Road.standard.thorough(problem).fit(try ExpressionTree(parsing: expression))
      let found = fit.meanSquaredForceError.squareRoot()
      let difference = (found - expected) / expected
      return KnownMinimum(
        expression: expression, expected: expected, found: found, starts: fit.starts,
        isReached: (isBound ? difference : abs(difference)) <= tolerance)
    }
  }
}
