import PlantedLaws
import SymReg

/// Says whether a form is the planted law: by its shape, or because its family contains the law.
///
/// What it found once for a form holds for every noise, since it asks the forces without noise.
actor Judge {
  /// How a form was recognised.
  enum Ground: String, Codable, Sendable {
    /// The canonical form of the law, once whole exponents are free parameters.
    case form
    /// Another form, which fitted to the forces without noise reproduces them.
    case family
    /// The entry as it stands reproduces the forces; asked for where there is no noise.
    case error
  }

  let law: PlantedLaw
  private let shape: ExpressionTree?
  private let frames: SyntheticFrames
  /// On the grid of the searches, and on one whose interpolation errors are far below the tolerance.
  private let coarse: FitProblem
  private let fine: FitProblem
  private let threads: Int
  private var errors: [ExpressionTree: Task<Double, any Error>] = [:]
  /// Error that the grid of the searches makes in the law itself, in root mean square forces.
  let gridError: Double

  /// Root mean square error of a family that contains the law, in root mean square forces.
  static let familyTolerance = 1e-6
  /// Of an entry as it stands.
  static let entryTolerance = 1e-4
  private static let finePointCount = 200

  init(_ data: PlantedData) async throws {
    law = data.law
    shape = Self.shape(of: data.law.tree, typeCount: data.law.typeNames.count)
    frames = try await data.frames(noise: 0)
    threads = data.threads
    coarse = try await Self.problem(
      frames, pointCount: nil, threads: data.threads)
    fine = try await Self.problem(frames, pointCount: Self.finePointCount, threads: data.threads)
    let theta = try law.tree.theta(of: law.parameters, typeNames: frames.pairTypes.typeNames)
    let forces = coarse.forces(of: law.tree, theta: theta).values
    gridError =
      (coarse.statistics.meanSquaredForceError(of: forces) / coarse.meanSquaredForce).squareRoot()
  }

  private static func problem(
    _ frames: SyntheticFrames, pointCount: Int?, threads: Int
  ) async throws -> FitProblem {
    let statistics = try await ForceStatistics(
      compressing: frames, cutoff: PlantedData.cutoff, pointCount: pointCount, threads: threads)
    return FitProblem(
      pairTypes: frames.pairTypes, grid: statistics.grid, statistics: statistics.all,
      cutoffMode: PlantedData.cutoffMode)
  }

  /// The ground on which a form is the law; nil where it is another.
  ///
  /// - Parameter theta: where its fit starts first.
  func ground(of tree: ExpressionTree, theta: [Double]) async throws -> Ground? {
    guard tree.nodeCount <= law.complexity else { return nil }
    if hasShape(tree) { return .form }
    return try await familyError(of: tree, theta: theta) <= Self.familyTolerance ? .family : nil
  }

  func hasShape(_ tree: ExpressionTree) -> Bool {
    shape != nil && Self.shape(of: tree, typeCount: law.typeNames.count) == shape
  }

  /// The error of the best of its family by the direct sum, in root mean square forces.
  func familyError(of tree: ExpressionTree, theta: [Double]) async throws -> Double {
    if let known = errors[tree] { return try await known.value }
    let task = Task { try await self.fittedError(of: tree, theta: theta) }
    errors[tree] = task
    return try await task.value
  }

  private func fittedError(of tree: ExpressionTree, theta: [Double]) async throws -> Double {
    // A family that is far from the law on the grid of the searches is so on the fine one.
    let rough = await Self.fitted(tree, to: coarse, from: theta, .thorough)
    guard rough.error <= max(100 * Self.familyTolerance, 10 * gridError) else { return rough.error }
    let sharp = await Self.fitted(tree, to: fine, from: rough.theta, .polishing)
    return try await directError(of: tree, theta: sharp.theta)
  }

  private static func fitted(
    _ tree: ExpressionTree, to problem: FitProblem, from theta: [Double], _ options: FittingOptions
  ) async -> (error: Double, theta: [Double]) {
    // Not on the judge's own thread: several forms are tried at a time.
    await Task.detached {
      let fit = ParameterFit(problem: problem, options: options, seed: 1)
        .fit(tree, warmStart: theta)
      let error = (fit.meanSquaredForceError / problem.meanSquaredForce).squareRoot()
      return (error.isNaN ? .infinity : error, fit.theta)
    }.value
  }

  private func directError(of tree: ExpressionTree, theta: [Double]) async throws -> Double {
    let pairs = frames.pairTypes.pairs
    let layout = tree.layout(typeCount: frames.pairTypes.typeNames.count)
    let treatment = CutoffTreatment(mode: PlantedData.cutoffMode, cutoff: PlantedData.cutoff)
    let value = { @Sendable (pair: Int, distance: Double) in
      tree.value(at: distance, theta: theta, pair: pairs[pair], layout: layout)
    }
    let atCutoff = pairs.indices.map { value($0, PlantedData.cutoff) }
    let errors = try await DirectForceMatching(source: frames, cutoff: PlantedData.cutoff).errors(
      of: [
        { pair, distances, forces in
          for k in distances.indices {
            forces[k] =
              -treatment.value(
                value(pair, distances[k]), atDistance: distances[k], cutoffValue: atCutoff[pair]
              ).derivative
          }
        }
      ], threads: threads)
    return errors[0].all.squareRoot() / frames.rmsForce
  }

  /// The canonical form with a free parameter in place of every whole exponent.
  private static func shape(of tree: ExpressionTree, typeCount: Int) -> ExpressionTree? {
    var nodes = tree.nodes
    var parameters = tree.parameters
    for place in nodes.indices.dropLast() {
      guard case .literal = nodes[place], nodes[place + 1] == .operation(.power) else { continue }
      nodes[place] = .parameter(parameters.count)
      parameters.append(Parameter(name: "n\(parameters.count)", kind: .global))
    }
    let freed = ExpressionTree(nodes: nodes, parameters: parameters)
    return CanonicalForm(of: freed, typeCount: typeCount)?.tree
  }
}
