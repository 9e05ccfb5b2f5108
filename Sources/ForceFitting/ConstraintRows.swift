import AtomicData
import ExpressionTrees

/// The constraints of a problem for one tree: a number c for each condition at a point, c = 0 or
/// c ≥ 0, and its derivatives by θ.
///
/// Conditions on forces are in units of the root mean square reference force, those on energies in
/// that force times 1 Å, those on parameters in units of their bound, 1 at least. F(r_cut) = 0 is not
/// among them: `ForceObjective` has it from the grid.
final class ConstraintRows {
  /// Whether c = 0 is asked for; otherwise c ≥ 0.
  let isEquality: [Bool]
  /// The constraint of the problem that each row belongs to.
  let owners: [Int]
  /// Rows that are linear in θ.
  let linearRows: Range<Int>

  private let tree: ExpressionTree
  private let layout: ParameterLayout
  private let pairTypes: PairTypes
  private let atPoints: [AtPoint]
  private let ofTheta: [OfTheta]
  private let evaluator: ForceEvaluator?
  private let needsEnergies: Bool
  private let forces: AlignedNumbers
  private let energies: AlignedNumbers
  private let forcesByLeaf: AlignedNumbers
  private let energiesByLeaf: AlignedNumbers
  /// Of the rows of points.
  private let signs: AlignedNumbers

  /// A condition on the treated force or energy of a pair type at a point.
  private struct AtPoint {
    let pair: Int
    /// Number of the point; point 0 is the cutoff.
    let point: Int
    let terms: CutoffTreatment.Combination
    let target: Double
    let scale: Double
    /// The rows of its tail: they have the sign that most of it has.
    let tail: Range<Int>?
  }

  /// scale·(Σ factor·θ − target).
  private struct OfTheta {
    let factors: [(index: Int, factor: Double)]
    let target: Double
    let scale: Double
  }

  /// Points at which a condition over a range is asked for.
  static let pointsOfRange = 6

  var count: Int { isEquality.count }

  init(tree: ExpressionTree, problem: FitProblem) {
    self.tree = tree
    layout = tree.layout(typeCount: problem.typeCount)
    pairTypes = problem.pairTypes
    var builder = Builder(tree: tree, layout: layout, problem: problem)
    for (owner, constraint) in problem.constraints.enumerated() { builder.add(constraint, owner) }
    atPoints = builder.atPoints.map(\.row)
    ofTheta = builder.ofTheta.map(\.row)
    isEquality = builder.atPoints.map(\.isEquality) + builder.ofTheta.map(\.isEquality)
    owners = builder.atPoints.map(\.owner) + builder.ofTheta.map(\.owner)
    linearRows = atPoints.count..<(atPoints.count + ofTheta.count)
    evaluator =
      atPoints.isEmpty
      ? nil : problem.evaluator(tree, distances: [problem.grid.cutoff] + builder.distances)
    needsEnergies = atPoints.contains { $0.terms.energy != 0 || $0.terms.cutoffEnergy != 0 }
    let (length, leaves) = (evaluator?.rowLength ?? 0, tree.parameters.count)
    forces = AlignedNumbers(count: length)
    energies = AlignedNumbers(count: needsEnergies ? length : 0)
    forcesByLeaf = AlignedNumbers(count: length * leaves)
    energiesByLeaf = AlignedNumbers(count: needsEnergies ? length * leaves : 0)
    signs = AlignedNumbers(count: atPoints.count)
  }

  /// The values c; the derivatives, where wanted, row by row.
  ///
  /// - Parameters:
  ///   - values: receives `count` numbers.
  ///   - jacobian: receives `count` rows of as many numbers as θ has.
  func evaluate(
    _ theta: UnsafePointer<Double>, values: UnsafeMutablePointer<Double>,
    jacobian: UnsafeMutablePointer<Double>?
  ) {
    jacobian?.update(repeating: 0, count: count * layout.count)
    evaluator?.evaluate(
      theta: theta, forces: forces[], jacobian: jacobian == nil ? nil : forcesByLeaf[],
      energies: needsEnergies ? energies[] : nil,
      energyJacobian: needsEnergies && jacobian != nil ? energiesByLeaf[] : nil)
    for number in atPoints.indices {
      values[number] = combined(atPoints[number], forces[], energies[])
    }
    setSigns(values)
    for number in atPoints.indices {
      let row = atPoints[number]
      let scale = row.scale * signs[][number]
      values[number] = scale * (values[number] - row.target)
      guard let jacobian else { continue }
      for leaf in layout.ranges.indices {
        let start = leaf * forces.count
        let derivative = combined(
          row, forcesByLeaf[] + start, needsEnergies ? energiesByLeaf[] + start : energies[])
        addChain(scale * derivative, leaf, row.pair, theta, to: jacobian + number * layout.count)
      }
    }
    for (number, row) in zip(linearRows, ofTheta) {
      var sum = -row.target
      for (index, factor) in row.factors {
        sum += factor * theta[index]
        jacobian?[number * layout.count + index] += row.scale * factor
      }
      values[number] = row.scale * sum
    }
  }

  private func addChain(
    _ derivative: Double, _ number: Int, _ pair: Int, _ theta: UnsafePointer<Double>,
    to target: UnsafeMutablePointer<Double>
  ) {
    let dependence = layout.dependence(of: number, for: pairTypes.pairs[pair], theta)
    target[dependence.first.number] += derivative * dependence.first.derivative
    if let second = dependence.second { target[second.number] += derivative * second.derivative }
  }

  private func combined(
    _ row: AtPoint, _ forces: UnsafePointer<Double>, _ energies: UnsafePointer<Double>
  ) -> Double {
    guard let evaluator else { return 0 }
    let cutoff = evaluator.offsets[row.pair]
    let place = cutoff + row.point
    var sum = 0.0
    // A term that is not asked for may be no number.
    if row.terms.force != 0 { sum += row.terms.force * forces[place] }
    if row.terms.cutoffForce != 0 { sum += row.terms.cutoffForce * forces[cutoff] }
    if row.terms.energy != 0 { sum += row.terms.energy * energies[place] }
    if row.terms.cutoffEnergy != 0 { sum += row.terms.cutoffEnergy * energies[cutoff] }
    return sum
  }

  /// The sign of the mean force of each row's tail, 1 for rows without one.
  private func setSigns(_ values: UnsafePointer<Double>) {
    for (number, row) in atPoints.enumerated() {
      signs[][number] = 1
      guard let tail = row.tail else { continue }
      if number > tail.lowerBound {
        signs[][number] = signs[][number - 1]
        continue
      }
      var sum = 0.0
      for member in tail { sum += values[member] }
      if sum < 0 { signs[][number] = -1 }
    }
  }

  /// Moves values of θ that are out of their bounds to the bound.
  func clamp(_ theta: inout [Double]) {
    for (number, row) in zip(linearRows, ofTheta) where !isEquality[number] {
      guard row.factors.count == 1, let (index, factor) = row.factors.first else { continue }
      // factor is 1 for a lower bound, −1 for an upper one.
      if factor * theta[index] < row.target { theta[index] = factor * row.target }
    }
  }

  /// The parameters with bounds: a change of gauge would leave them.
  var boundedParameters: Set<Int> {
    var indices: Set<Int> = []
    for (number, row) in zip(linearRows, ofTheta) where !isEquality[number] {
      indices.formUnion(row.factors.map(\.index))
    }
    return Set(layout.ranges.indices.filter { !indices.isDisjoint(with: layout.ranges[$0]) })
  }
}

extension ConstraintRows {
  /// Takes constraints apart into rows.
  private struct Builder {
    let tree: ExpressionTree
    let layout: ParameterLayout
    let problem: FitProblem
    /// Beside the cutoff.
    private(set) var distances: [Double] = []
    private(set) var atPoints: [(row: AtPoint, isEquality: Bool, owner: Int)] = []
    private(set) var ofTheta: [(row: OfTheta, isEquality: Bool, owner: Int)] = []

    init(tree: ExpressionTree, layout: ParameterLayout, problem: FitProblem) {
      self.tree = tree
      self.layout = layout
      self.problem = problem
    }

    private var forceScale: Double { 1 / problem.meanSquaredForce.squareRoot() }

    mutating func add(_ constraint: PotentialConstraint, _ owner: Int) {
      switch constraint {
      case .repulsion(let pair, let from, let to):
        for distance in Self.points(from: from, through: to) { addForce(pair, distance, owner) }
      case .monotonicTail(let pair, let from):
        // At the cutoff itself the force is zero in most modes.
        let distances = Self.points(from: from, through: problem.grid.cutoff).dropLast()
        let rows = atPoints.count..<(atPoints.count + distances.count)
        for distance in distances { addForce(pair, distance, owner, tail: rows) }
      case .force(let pair, let distance, let value):
        addForce(pair, distance, owner, equals: value)
      case .energy(let pair, let distance, let value):
        let row = AtPoint(
          pair: pair, point: point(distance), terms: problem.treatment.energy(at: distance),
          target: value, scale: forceScale, tail: nil)
        atPoints.append((row, true, owner))
      case .bounds(let choice, let lower, let upper):
        for index in choice.indices(
          in: tree, typeNames: problem.pairTypes.typeNames)
        {
          addBound(index, factor: 1, lower, owner)
          addBound(index, factor: -1, -upper, owner)
        }
      case .neutral(let name, let composition):
        guard
          let number = tree.parameters.firstIndex(where: { $0.isNeutralized(as: name) })
        else { return }
        let factors = zip(layout.ranges[number], composition).filter { $0.1 > 0 }
          .map { (index: $0.0, factor: Double($0.1)) }
        ofTheta.append((OfTheta(factors: factors, target: 0, scale: 1), true, owner))
      }
    }

    private static func points(from: Double, through to: Double) -> [Double] {
      let steps = Double(ConstraintRows.pointsOfRange - 1)
      return (0..<ConstraintRows.pointsOfRange).map { from + (to - from) * Double($0) / steps }
    }

    private mutating func point(_ distance: Double) -> Int {
      if let known = distances.firstIndex(of: distance) { return known + 1 }
      distances.append(distance)
      return distances.count
    }

    private mutating func addForce(
      _ pair: Int, _ distance: Double, _ owner: Int, tail: Range<Int>? = nil,
      equals value: Double? = nil
    ) {
      let row = AtPoint(
        pair: pair, point: point(distance), terms: problem.treatment.force(at: distance),
        target: value ?? 0, scale: forceScale, tail: tail)
      atPoints.append((row, value != nil, owner))
    }

    private mutating func addBound(_ index: Int, factor: Double, _ target: Double, _ owner: Int) {
      guard target.isFinite else { return }
      let row = OfTheta(
        factors: [(index, factor)], target: target, scale: 1 / max(1, abs(target)))
      ofTheta.append((row, false, owner))
    }
  }
}
