import AtomicData
import CVectorKernels
import CompressedForces
import ExpressionTrees
import TestSupport
import Testing

@testable import ForceFitting

/// The fast road against NLopt's augmented Lagrangian and against closed forms.
struct OptimizerTests {
  static func tolerant(_ optimizer: Optimizer) -> FittingOptions {
    var options = FittingOptions(
      starts: 20, sufficientAgreements: 20, evaluationsPerStart: 3_000, relativeTolerance: 1e-12)
    options.optimizer = optimizer
    options.startSearch = .plain
    return options
  }

  @Test(
    "Gauss–Newton from searched starts ends no higher than NLopt from plain ones",
    arguments: CutoffMode.allCases,
    ["X/r + Y*r + Z*exp(b*r)", "X/r^a + Y", "X*r^a*exp(b*r^2)", "X/(r + a)"])
  func againstNLopt(mode: CutoffMode, expression: String) async throws {
    let problem = try await SyntheticData.problem(
      "X/r + Y*exp(b*r)", theta: [0.8, -1.7, 9, 14, -2.6], mode: mode)
    let tree = try ExpressionTree(parsing: expression)
    var searched = Self.tolerant(.gaussNewton)
    searched.startSearch = StartSearchOptions()
    let fits = [searched, Self.tolerant(.nlopt)].map {
      ParameterFit(problem: problem, options: $0, seed: 4).fit(tree)
    }
    #expect(fits[0].status == fits[1].status)
    guard fits[0].isCandidate || fits[1].isCandidate else { return }
    // A perfect fit leaves rounding alone.
    let slack = 1e-6 * fits[1].meanSquaredForceError + 1e-10 * problem.meanSquaredForce
    #expect(
      fits[0].meanSquaredForceError <= fits[1].meanSquaredForceError + slack,
      "\(expression), \(mode)")
  }

  @Test(
    "a form linear in θ is fitted to the solution of its normal equations",
    arguments: Optimizer.allCases
  )
  func closedForm(optimizer: Optimizer) async throws {
    let problem = try await SyntheticData.problem("X/r", theta: [0.8, -1.7], mode: .none)
    // U = a/r + b r⁻³ + c r
    let tree = try ExpressionTree(parsing: "a/r + b/r^3 + c*r")
    let columns = (0..<3).map { number in
      problem.forces(of: tree, theta: (0..<3).map { $0 == number ? 1 : 0 }).values
    }
    let statistics = problem.statistics
    func product(_ a: [Double], _ b: [Double]) -> Double {
      let n = statistics.dimension
      var sum = 0.0
      for i in 0..<n {
        for j in 0..<n { sum += a[i] * statistics.gram[i * n + j] * b[j] }
      }
      return sum
    }
    let matrix = columns.map { row in columns.map { product(row, $0) } }
    let right = columns.map { zip($0, statistics.projection).reduce(0) { $0 + $1.0 * $1.1 } }
    let exact = Self.solved(matrix, right)
    let fit = ParameterFit(problem: problem, options: Self.tolerant(optimizer), seed: 1).fit(tree)
    let tolerance = optimizer == .gaussNewton ? 1e-8 : 1e-4
    for (found, expected) in zip(fit.theta, exact) {
      #expect(abs(found - expected) <= tolerance * (1 + abs(expected)), "\(fit.theta), \(exact)")
    }
  }

  /// Cramer's rule for three equations.
  private static func solved(_ m: [[Double]], _ right: [Double]) -> [Double] {
    func determinant(_ a: [[Double]]) -> Double {
      a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1])
        - a[0][1] * (a[1][0] * a[2][2] - a[1][2] * a[2][0])
        + a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0])
    }
    return (0..<3).map { column in
      var replaced = m
      for row in 0..<3 { replaced[row][column] = right[row] }
      return determinant(replaced) / determinant(m)
    }
  }

  @Test("a constrained form linear in θ is fitted to the solution under the constraint")
  func constrainedClosedForm() async throws {
    let problem = try await SyntheticData.problem(
      "X/r", theta: [0.8, -1.7], typeNames: ["A"], mode: .constraint)
    // F = a/r² − b: with F(6 Å) = 0, b = a/36, the force a (1/r² − 1/36).
    let tree = try ExpressionTree(parsing: "a/r + b*r")
    let shape = problem.forces(of: tree, theta: [1, 1.0 / 36]).values
    let statistics = problem.statistics
    let n = statistics.dimension
    var (square, projection) = (0.0, 0.0)
    for i in 0..<n {
      projection += shape[i] * statistics.projection[i]
      for j in 0..<n { square += shape[i] * statistics.gram[i * n + j] * shape[j] }
    }
    let exact = projection / square
    for optimizer in Optimizer.allCases {
      let fit = ParameterFit(problem: problem, options: Self.tolerant(optimizer), seed: 1).fit(tree)
      #expect(fit.status == .fitted)
      #expect(abs(fit.theta[0] - exact) <= 1e-5 * abs(exact), "\(optimizer): \(fit.theta)")
      #expect(abs(fit.theta[1] - exact / 36) <= 1e-5 * abs(exact), "\(optimizer): \(fit.theta)")
    }
  }

  @Test(
    "no local minimization exceeds its evaluations by more than the last step",
    arguments: Optimizer.allCases)
  func budget(optimizer: Optimizer) async throws {
    let problem = try await SyntheticData.problem(
      "X/r + Y*exp(b*r)", theta: [0.8, -1.7, 9, 14, -2.6], mode: .constraint)
    for (limit, expression) in [
      (20, "X/r^a + Y*exp(b*r)"), (50, "X*exp(Y*exp(a*r))"), (7, "X*exp(a*r^2)"),
    ] {
      let tree = try ExpressionTree(parsing: expression)
      let objective = ForceObjective(tree: tree, problem: problem, resolution: problem.fine)
      var random = RandomStream(seed: 3)
      var theta =
        StartSearch(tree: tree, problem: problem, options: .plain).next(&random)
        ?? Array(repeating: 0.5, count: objective.parameterCount)
      let minimizer: any LocalMinimizer =
        switch optimizer {
        case .gaussNewton:
          GaussNewtonMinimizer(
            objective: objective, evaluationLimit: limit, relativeTolerance: 1e-14,
            constraintTolerance: 1e-8)
        case .nlopt:
          NLoptMinimizer(
            objective: objective, evaluationLimit: limit, relativeTolerance: 1e-14,
            constraintTolerance: 1e-8)
        }
      _ = minimizer.minimize(&theta, seed: 1)
      #expect(objective.evaluations <= limit, "\(expression), \(optimizer)")
    }
  }

  @Test(
    "two parameters that enter as a product alone come back finite, and say so",
    arguments: Optimizer.allCases)
  func degenerate(optimizer: Optimizer) async throws {
    let problem = try await SyntheticData.problem("X/r", theta: [0.8, -1.7])
    var options = FittingOptions.quick.with(optimizer)
    options.finishesFit = true
    let plain = ParameterFit(problem: problem, options: options, seed: 1)
      .fit(try ExpressionTree(parsing: "X/r"))
    let doubled = ParameterFit(problem: problem, options: options, seed: 1)
      .fit(try ExpressionTree(parsing: "a*b*X/r"))
    #expect(plain.undeterminedDirections == 0)
    #expect(doubled.undeterminedDirections == 2)
    let isFinite = doubled.theta.allSatisfy { $0.isFinite }
    #expect(isFinite)
    #expect(doubled.meanSquaredForceError <= 1e-9 * problem.meanSquaredForce)
  }

  @Test("the fit does not depend on the units of the data")
  func units() async throws {
    let small = try await SyntheticData.problem("X/r", theta: [0.8, -1.7])
    let unit = 1_024.0
    let large = try await SyntheticData.problem(
      "X/r", theta: [0.8 * unit.squareRoot(), -1.7 * unit.squareRoot()])
    let tree = try ExpressionTree(parsing: "X/r^a")
    let fits = [small, large].map {
      ParameterFit(problem: $0, options: .thorough, seed: 2).fit(tree)
    }
    #expect(abs(fits[0].r2 - fits[1].r2) <= 1e-9)
    for k in 0..<2 {
      #expect(abs(fits[1].theta[k] / unit.squareRoot() - fits[0].theta[k]) <= 1e-4)
    }
  }

  @Test("every level of the kernels fits the same bits")
  func levels() async throws {
    let problem = try await SyntheticData.problem(
      "X/r + Y*exp(b*r)", theta: [0.8, -1.7, 9, 14, -2.6], mode: .constraint)
    let fits = try [VectorLevelBaseline, VectorLevelAVX2, VectorLevelAVX512]
      .compactMap { vectorKernels($0)?.pointee }
      .map { kernels in
        let same = FitProblem(
          pairTypes: problem.pairTypes, grid: problem.grid, statistics: problem.statistics,
          cutoffMode: .constraint, kernels: kernels)
        return try ["X*Y^r + Z/r^a", "X/exp(r^a) - exp(Y/r)"].map {
          ParameterFit(problem: same, options: .quick, seed: 1).fit(try ExpressionTree(parsing: $0))
        }
      }
    for fit in fits.dropFirst() { #expect(fit == fits[0]) }
  }
}
