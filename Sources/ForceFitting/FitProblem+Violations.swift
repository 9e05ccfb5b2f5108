import AtomicData
import ExpressionTrees

extension FitProblem {
  /// Points at which a condition over a range is judged.
  private static let judgedPoints = 64

  /// By how much θ misses each constraint of the problem, F(r_cut) = 0 aside.
  ///
  /// By the tree itself, one distance at a time, and for a range at many more points than the fit has:
  /// a hole between these shows here. Units as in `ConstraintRows`: the root mean square reference
  /// force, that times 1 Å for energies, the bound (1 at least) for parameters. Infinite where a
  /// force is no number.
  public func violations(of tree: ExpressionTree, theta: [Double]) -> [Double] {
    let judge = Judge(problem: self, tree: tree, theta: theta)
    return constraints.map { constraint in
      let violation = judge.violation(of: constraint)
      return violation.isNaN ? .infinity : violation
    }
  }

  private struct Judge {
    let problem: FitProblem
    let tree: ExpressionTree
    let theta: [Double]
    let layout: ParameterLayout
    let unit: Double

    init(problem: FitProblem, tree: ExpressionTree, theta: [Double]) {
      self.problem = problem
      self.tree = tree
      self.theta = theta
      layout = tree.layout(typeCount: problem.typeCount)
      unit = problem.meanSquaredForce.squareRoot()
    }

    func violation(of constraint: PotentialConstraint) -> Double {
      switch constraint {
      case .repulsion(let pair, let from, let to):
        return max(0, -(forces(pair, from, to).min() ?? 0)) / unit
      case .monotonicTail(let pair, let from):
        let forces = forces(pair, from, problem.grid.cutoff)
        let sign = forces.reduce(0, +) < 0 ? -1.0 : 1
        return max(0, -(forces.map { sign * $0 }.min() ?? 0)) / unit
      case .force(let pair, let distance, let value):
        return abs(-self.value(pair, distance).derivative - value) / unit
      case .energy(let pair, let distance, let value):
        return abs(self.value(pair, distance).energy - value) / unit
      case .bounds(let choice, let lower, let upper):
        return values(choice).map {
          max(
            0, (lower - $0) / (lower.isFinite ? max(1, abs(lower)) : 1),
            ($0 - upper) / (upper.isFinite ? max(1, abs(upper)) : 1))
        }.max() ?? 0
      case .neutral(let name, let composition):
        guard let number = tree.parameters.firstIndex(where: { $0.isNeutralized(as: name) }) else {
          return 0
        }
        return abs(
          zip(theta[layout.ranges[number]], composition).reduce(0) { $0 + $1.0 * Double($1.1) })
      }
    }

    private func value(_ pair: Int, _ distance: Double) -> PotentialValue {
      let types = problem.channels[pair]
      return problem.treatment.value(
        tree.value(at: distance, theta: theta, pair: types, layout: layout), atDistance: distance,
        cutoffValue: tree.value(
          at: problem.grid.cutoff, theta: theta, pair: types, layout: layout))
    }

    private func forces(_ pair: Int, _ from: Double, _ to: Double) -> [Double] {
      (0..<FitProblem.judgedPoints).map {
        let share = Double($0) / Double(FitProblem.judgedPoints - 1)
        return -value(pair, from + (to - from) * share).derivative
      }
    }

    private func values(_ choice: PotentialConstraint.ParameterChoice) -> [Double] {
      choice.indices(in: tree, typeNames: problem.pairTypes.typeNames).map { theta[$0] }
    }
  }
}

extension Parameter {
  /// Whether `neutral(parameter:)` of this name means it.
  func isNeutralized(as name: String) -> Bool { self.name == name && kind == .product }
}

extension PotentialConstraint.ParameterChoice {
  /// The places of θ that are meant.
  public func indices(in tree: ExpressionTree, typeNames: [String]) -> [Int] {
    let layout = tree.layout(typeCount: typeNames.count)
    return tree.parameters.indices.flatMap { number -> [Int] in
      let (parameter, range) = (tree.parameters[number], layout.ranges[number])
      switch self {
      case .name(let name): return parameter.name == name ? Array(range) : []
      case .value(let name, let scope):
        guard parameter.name == name else { return [] }
        let known = parameter.inOrderOfNames([scope: 0], typeNames: typeNames)
        let place = parameter.valueNames(typeNames: typeNames).firstIndex { known[$0] != nil }
        return place.map { [range.lowerBound + $0] } ?? []
      case .kind(let kind): return parameter.kind == kind ? Array(range) : []
      }
    }
  }
}
