import ArgumentParser
import SymReg

/// A fixed amount of work, whose instructions Benchmarks/check-instructions counts.
///
/// On frames made from a seed, so that nothing is read; on one thread, with the kernels forced, so
/// that the count is the same everywhere.
struct WorkCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "work", abstract: "Does a fixed amount of work, for counting instructions.")

  enum Kind: String, CaseIterable, ExpressibleByArgument {
    /// What all others do before they begin.
    case preparation
    case evaluation
    case solves
    case candidates
    case compression
  }

  @Argument(help: "What to do.") var kind: Kind

  /// Valgrind knows no AVX-512.
  private static let instructions = VectorInstructions.avx2

  func run() async throws {
    let frames = PlantedDimers.frames(count: 100)
    let problem = try await problem(frames)
    switch kind {
    case .preparation: break
    case .evaluation: try evaluate(problem.grid)
    case .solves: try fit(problem) { Road.standard.localSolve($0, seed: 1) }
    case .candidates: try fit(problem) { Road.standard.candidate($0, seed: 1) }
    case .compression:
      _ = try await statistics(PlantedDimers.frames(count: 500))
    }
  }

  private func statistics(_ frames: InMemoryFrames) async throws -> ForceStatistics {
    try await ForceStatistics(compressing: frames, cutoff: WaterDimers.cutoff, threads: 1)
  }

  private func problem(_ frames: InMemoryFrames) async throws -> FitProblem {
    guard let kernels = Self.instructions.kernels else {
      throw ValidationError("expected a machine with \(Self.instructions.rawValue)")
    }
    let statistics = try await statistics(frames)
    return FitProblem(
      pairTypes: frames.pairTypes, grid: statistics.grid, statistics: statistics.training,
      cutoffMode: .constraint, kernels: kernels)
  }

  private func evaluate(_ grid: RadialGrid) throws {
    for expression in ["X/r", "X/r + Y*exp(-b*r)", "A*exp(-b*r) - C/r^6 + q/r"] {
      guard
        var evaluation = GridEvaluation(
          try ExpressionTree(parsing: expression), distances: grid.distances,
          pairCounts: grid.pointCounts, instructions: Self.instructions)
      else { continue }
      for _ in 0..<2_000 { evaluation.evaluateWithDerivatives() }
    }
  }

  /// Every tenth form of the mix.
  private func fit(_ problem: FitProblem, _ fit: (FitProblem) -> ParameterFit) throws {
    let trees = try ReferenceMix.load().trees
    let parameterFit = fit(problem)
    for k in stride(from: 0, to: trees.count, by: 10) { _ = parameterFit.fit(trees[k]) }
  }
}
