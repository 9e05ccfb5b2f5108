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

  private let law: PlantedLaw
  private let shape: ExpressionTree?
  private let frames: SyntheticFrames
  private let problem: FitProblem
  private let threads: Int
  private var errors: [ExpressionTree: Double] = [:]

  /// Root mean square error of a family that contains the law, in root mean square forces.
  static let familyTolerance = 1e-6
  /// Of an entry as it stands.
  static let entryTolerance = 1e-4

  init(_ data: PlantedData) async throws {
    law = data.law
    shape = Self.shape(of: data.law.tree, typeCount: data.law.typeNames.count)
    frames = try await data.frames(noise: 0)
    threads = data.threads
    let statistics = try await ForceStatistics(
      compressing: frames, cutoff: PlantedData.cutoff, threads: data.threads)
    problem = FitProblem(
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
    if let known = errors[tree] { return known }
    let problem = problem
    let fit = await Task.detached {
      ParameterFit(problem: problem, options: .thorough, seed: 1).fit(tree, warmStart: theta)
    }.value
    // A family that is far from the law on the grid is so in the direct sum.
    let compressed = (fit.meanSquaredForceError / problem.meanSquaredForce).squareRoot()
    let isFar = !(compressed <= 100 * Self.familyTolerance)
    let error = isFar ? compressed : try await directError(of: tree, theta: fit.theta)
    errors[tree] = error
    return error
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
