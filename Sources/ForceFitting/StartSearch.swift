import AtomicData
import ExpressionTrees

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Starting points of local minimizations: the best of many cheap descents on the coarse grid.
///
/// Parameters are drawn at random, those that are coefficients of terms replaced by their best for the
/// shapes drawn. The best of the draws descend a little way, the best of these a longer one.
final class StartSearch {
  private let objective: ForceObjective
  private let options: StartSearchOptions
  private let projection: CoefficientProjection
  private let restoration: FeasibilityRestoration
  /// Of the cutoff forces alone.
  private let shapeRestoration: FeasibilityRestoration
  private let descents: [(count: Int, minimizer: GaussNewtonMinimizer)]
  /// 0 for coefficients, 1 for the parameters of the shapes.
  private let shapeScale: [Double]
  private let drawCount: Int
  /// Whether the last start was searched for.
  private var isSearched = false
  private let hasProductShapes: Bool
  /// Drawn positive.
  private let bases: Set<Int>

  /// Weight of the squared cutoff forces beside the loss where coefficients are projected out.
  private static let constraintWeight = 10.0
  /// Loss that a violation of 1 stands for in the comparison of points.
  private static let violationWeight = 10.0
  /// Violation from which on the coefficients and the descents can do the rest.
  private static let roughTolerance = 1e-3
  private static let restorationSteps = 5
  private static let relativeTolerance = 1e-4

  init(tree: ExpressionTree, problem: FitProblem, options: StartSearchOptions) {
    let objective = ForceObjective(tree: tree, problem: problem, resolution: problem.coarse)
    self.objective = objective
    self.options = options
    projection = CoefficientProjection(objective: objective)
    restoration = FeasibilityRestoration(objective: objective)
    shapeRestoration = FeasibilityRestoration(
      objective: objective, rows: 0..<objective.cutoffConstraintCount)
    descents = options.stages.map { stage in
      let minimizer = GaussNewtonMinimizer(
        objective: objective, evaluationLimit: stage.evaluations,
        relativeTolerance: Self.relativeTolerance, constraintTolerance: Self.roughTolerance)
      return (stage.count, minimizer)
    }
    var scale = Array(repeating: 1.0, count: objective.parameterCount)
    for number in projection.coefficients {
      for k in objective.layout.ranges[number] { scale[k] = 0 }
    }
    shapeScale = scale
    let shapeCount = tree.parameters.count - projection.coefficients.count
    drawCount = min(max(1, shapeCount * options.drawsPerShape), options.maximumDraws)
    bases = tree.baseParameters
    let coefficients = projection.coefficients
    hasProductShapes =
      problem.typeCount > 1
      && tree.parameters.indices.contains {
        tree.parameters[$0].kind == .product && !coefficients.contains($0)
      }
  }

  /// Evaluations on the coarse grid so far.
  var evaluations: Int { objective.evaluations }

  struct Point {
    var theta: [Double]
    /// Loss and violation.
    var merit: Double
  }

  /// The next starting point.
  ///
  /// Every other one is the best of a few draws: what is best on the way need not lead to the lowest
  /// minimum, and a search that always picks the best would come back to the same place.
  /// - Returns: nil where no point drawn has a finite loss.
  func next(_ random: inout RandomStream) -> [Double]? { nextPoint(&random)?.theta }

  /// The better of the next start and of where one leads that is given.
  ///
  /// Values given that are no numbers are searched for as well, the others being kept for the draws: a
  /// term that joins others finds its place beside them.
  /// - Returns: a point whose merit is infinite where none has a finite loss.
  func rough(from given: [Double]?, _ random: inout RandomStream) -> Point {
    let none = Point(
      theta: Array(repeating: .nan, count: objective.parameterCount), merit: .infinity)
    isSearched = false
    let drawn = nextPoint(&random) ?? none
    guard let given, given.count == objective.parameterCount, let (_, minimizer) = descents.last
    else { return drawn }
    guard given.allSatisfy(\.isFinite) else {
      guard given.contains(where: \.isFinite) else { return drawn }
      let beside = descended(draws(drawCount, &random, keeping: given))
      return beside.map { $0.merit < drawn.merit ? $0 : drawn } ?? drawn
    }
    var point = Point(theta: given, merit: .infinity)
    _ = minimizer.minimize(&point.theta, seed: 0)
    restore(&point.theta)
    point.merit = merit(point.theta)
    return point.merit <= drawn.merit ? point : drawn
  }

  private func draws(
    _ count: Int, _ random: inout RandomStream, keeping given: [Double]? = nil
  ) -> [Point] {
    let alikeCount = hasProductShapes ? Int(options.alikeShare * Double(count)) : 0
    return (0..<(count + alikeCount)).compactMap { number in
      draw(&random, keeping: given, areAlike: number >= count)
    }
  }

  private func nextPoint(_ random: inout RandomStream) -> Point? {
    isSearched.toggle()
    let drawCount = isSearched ? drawCount : min(drawCount, StartSearchOptions.plain.maximumDraws)
    let pool = draws(drawCount, &random)
    return isSearched ? descended(pool) : pool.min { $0.merit < $1.merit }
  }

  /// The best of where the best of some points lead.
  private func descended(_ points: [Point]) -> Point? {
    var pool = points.sorted { $0.merit < $1.merit }
    for (count, minimizer) in descents {
      pool.removeLast(max(0, pool.count - count))
      for k in pool.indices {
        _ = minimizer.minimize(&pool[k].theta, seed: 0)
        restore(&pool[k].theta)
        pool[k].merit = merit(pool[k].theta)
      }
      pool.sort { $0.merit < $1.merit }
    }
    return pool.first
  }

  /// A loss counts at a feasible point: what a little violation gains is lost on the way there.
  private func restore(_ theta: inout [Double]) {
    guard objective.constraintCount > 0 else { return }
    let scale = theta.map { max(abs($0), ParameterFit.smallestScale) }
    restoration.apply(
      &theta, scale: scale, target: Self.roughTolerance, maximumSteps: Self.restorationSteps)
  }

  private func merit(_ theta: [Double]) -> Double {
    let violation = Self.violationWeight * objective.maxViolation(theta)
    let merit = objective.loss(theta, gradient: nil) + violation
    return merit.isFinite && theta.allSatisfy(\.isFinite) ? merit : .infinity
  }

  private func draw(
    _ random: inout RandomStream, keeping given: [Double]? = nil, areAlike: Bool = false
  ) -> Point? {
    var theta = Array(repeating: 0.0, count: objective.parameterCount)
    for (number, range) in objective.layout.ranges.enumerated() {
      let kind = objective.tree.parameters[number].kind
      let isAlike = areAlike && kind == .product && shapeScale[range.lowerBound] == 1
      for k in range {
        theta[k] =
          isAlike && k > range.lowerBound
          ? theta[range.lowerBound] : Self.drawn(kind, &random)
        if bases.contains(number) { theta[k] = abs(theta[k]) }
        if let value = given?[k], value.isFinite { theta[k] = value }
      }
    }
    objective.rows.clamp(&theta)
    if objective.cutoffConstraintCount > 0 { approachFeasibility(&theta) }
    let weight = objective.cutoffConstraintCount > 0 ? Self.constraintWeight : 0
    let projected = projection.apply(&theta, constraintWeight: weight, random: &random)
    objective.rows.clamp(&theta)
    let isFree = objective.rows.count == 0
    let merit = isFree ? projected ?? merit(theta) : merit(theta)
    return merit.isFinite ? Point(theta: theta, merit: merit) : nil
  }

  /// Shapes that vanish at the cutoff first, coefficients second: with the coefficients free the
  /// nearest way to fulfil the constraints is U = 0, from where no local optimizer returns.
  private func approachFeasibility(_ theta: inout [Double]) {
    let scale = zip(shapeScale, theta).map { $0 * max(abs($1), ParameterFit.smallestScale) }
    shapeRestoration.apply(
      &theta, scale: scale, target: Self.roughTolerance, maximumSteps: Self.restorationSteps)
  }

  /// Rates in 1/Å and exponents are of order one and mostly negative, lengths squared may reach the
  /// square of the cutoff. The same holds for pair parameters; mean parameters are mostly lengths of
  /// a few Å.
  private static func drawn(_ kind: ParameterKind, _ random: inout RandomStream) -> Double {
    let isWide = random.nextUnit() < 0.25
    let exponent = isWide ? 4 * random.nextUnit() - 2 : 1.4 * random.nextUnit() - 0.5
    let draw = random.nextUnit()
    switch kind {
    case .global, .pair: return (draw < 0.65 ? -1 : 1) * pow(10, exponent)
    case .product: return (draw < 0.5 ? -1 : 1) * pow(10, exponent / 2)
    // 0.8 to 4 Å, wide 0.3 to 8 Å.
    case .mean: return (draw < 0.25 ? -1 : 1) * pow(10, exponent / (isWide ? 2.7 : 2) + 0.15)
    }
  }
}
