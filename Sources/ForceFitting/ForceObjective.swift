import AtomicData
import CVectorKernels
import CompressedForces
import ExpressionTrees

/// Loss, constraints and their derivatives for one tree; the working memory of one fit.
///
/// The loss is in units of the mean squared reference force, so that 1 is the loss of U = 0, and the
/// constraints in units of the root mean square reference force.
final class ForceObjective {
  let tree: ExpressionTree
  let problem: FitProblem
  let reduced: ReducedStatistics
  let layout: ParameterLayout
  /// Length of θ.
  let parameterCount: Int
  /// Constraints F(r_cut) = 0, which come first: one per pair type in mode `constraint`, else none.
  let cutoffConstraintCount: Int
  /// The other constraints.
  let rows: ConstraintRows
  /// All constraints.
  let constraintCount: Int
  private(set) var evaluations = 0

  private let onGrid: ForceEvaluator
  private let atCutoff: ForceEvaluator
  private let constraintUnit: Double
  /// Forces on the grid, and their derivatives by the value of every parameter.
  private let forces: AlignedNumbers
  private let byLeaf: AlignedNumbers
  private let slopes: AlignedNumbers
  private let residual: AlignedNumbers
  /// R times the rows of `byLeaf`, for one pair type.
  private let products: AlignedNumbers
  private let cutoffForces: AlignedNumbers
  private let cutoffByLeaf: AlignedNumbers
  /// Values of constraints, where only their derivatives are wanted.
  private let rowValues: AlignedNumbers

  /// - Parameter resolution: the problem's fine or coarse one.
  init(tree: ExpressionTree, problem: FitProblem, resolution: FitProblem.Resolution) {
    self.tree = tree
    self.problem = problem
    reduced = resolution.reduced
    layout = tree.layout(typeCount: problem.typeCount)
    onGrid = problem.gridEvaluator(tree, resolution.grid)
    atCutoff = problem.evaluator(tree, distances: [problem.grid.cutoff])
    parameterCount = layout.count
    cutoffConstraintCount = problem.cutoffMode == .constraint ? problem.channels.count : 0
    rows = ConstraintRows(tree: tree, problem: problem)
    constraintCount = cutoffConstraintCount + rows.count
    constraintUnit = 1 / problem.meanSquaredForce.squareRoot()
    let leafCount = tree.parameters.count
    forces = AlignedNumbers(count: onGrid.rowLength)
    byLeaf = AlignedNumbers(count: onGrid.rowLength * leafCount)
    slopes = AlignedNumbers(count: onGrid.rowLength)
    residual = AlignedNumbers(count: reduced.rowCount)
    products = AlignedNumbers(count: reduced.rowCount * leafCount)
    cutoffForces = AlignedNumbers(count: atCutoff.rowLength)
    cutoffByLeaf = AlignedNumbers(count: atCutoff.rowLength * leafCount)
    rowValues = AlignedNumbers(count: constraintCount)
  }

  // MARK: Loss

  /// The loss, and its gradient where wanted. Not a number where a force is.
  func loss(
    _ theta: UnsafePointer<Double>, gradient: UnsafeMutablePointer<Double>?
  ) -> Double {
    evaluations += 1
    evaluateGrid(theta, withJacobian: gradient != nil)
    reduced.residual(of: forces[], into: residual[])
    let loss = reduced.remainder + sumOfSquares(residual)
    guard let gradient else { return loss }
    reduced.transposedProduct(with: residual[], into: slopes[])
    gradient.update(repeating: 0, count: parameterCount)
    for number in layout.ranges.indices {
      let row = byLeaf[] + number * onGrid.rowLength
      for pair in problem.channels.indices {
        let start = onGrid.offsets[pair]
        var sum = 0.0
        for k in start..<(start + onGrid.pointCounts[pair]) { sum += slopes[][k] * row[k] }
        addChain(2 * sum, number, pair, theta, to: gradient)
      }
    }
    return loss
  }

  private func sumOfSquares(_ values: AlignedNumbers) -> Double {
    var sum = 0.0
    problem.kernels.dotProducts(values[], values.count, 1, values[], values.count, &sum)
    return sum
  }

  /// Adds a derivative by the value of a parameter for a pair type to those by θ.
  @inline(__always)
  private func addChain(
    _ derivative: Double, _ number: Int, _ pair: Int, _ theta: UnsafePointer<Double>,
    to target: UnsafeMutablePointer<Double>
  ) {
    let dependence = layout.dependence(of: number, for: problem.channels[pair], theta)
    target[dependence.first.number] += derivative * dependence.first.derivative
    guard let second = dependence.second else { return }
    target[second.number] += derivative * second.derivative
  }

  // MARK: Residuals

  /// Length of a residual, whole vectors of eight.
  var rowCount: Int { reduced.rowCount }

  /// The residual, whose sum of squares and `reduced.remainder` make the loss, and the
  /// constraints, at one θ.
  ///
  /// - Parameters:
  ///   - residual: receives `rowCount` numbers.
  ///   - constraints: receives `constraintCount` numbers.
  func evaluate(
    _ theta: UnsafePointer<Double>, residual: UnsafeMutablePointer<Double>,
    constraints: UnsafeMutablePointer<Double>
  ) {
    evaluations += 1
    evaluateGrid(theta, withJacobian: false)
    reduced.residual(of: forces[], into: residual)
    for pair in 0..<cutoffConstraintCount {
      // Node 0 of every pair type is the cutoff.
      constraints[pair] = forces[][onGrid.offsets[pair]] * constraintUnit
    }
    rows.evaluate(theta, values: constraints + cutoffConstraintCount, jacobian: nil)
  }

  /// The derivatives by θ of what `evaluate` gives.
  ///
  /// - Parameters:
  ///   - jacobian: receives for each value of θ a column of `rowCount` numbers.
  ///   - constraintJacobian: receives for each constraint a row of `parameterCount` numbers.
  func linearize(
    _ theta: UnsafePointer<Double>, jacobian: UnsafeMutablePointer<Double>,
    constraintJacobian: UnsafeMutablePointer<Double>
  ) {
    evaluateGrid(theta, withJacobian: true)
    jacobian.update(repeating: 0, count: parameterCount * rowCount)
    constraintJacobian.update(repeating: 0, count: constraintCount * parameterCount)
    let leafCount = tree.parameters.count
    for pair in problem.channels.indices {
      let start = onGrid.offsets[pair]
      products[].update(repeating: 0, count: products.count)
      reduced.addProducts(
        ofPairType: pair, byLeaf[] + start, stride: onGrid.rowLength, count: leafCount,
        to: products[])
      for number in layout.ranges.indices {
        addColumns(products[] + number * rowCount, number, pair, theta, to: jacobian)
        guard cutoffConstraintCount > 0 else { continue }
        addChain(
          byLeaf[][number * onGrid.rowLength + start] * constraintUnit, number, pair, theta,
          to: constraintJacobian + pair * parameterCount)
      }
    }
    rows.evaluate(
      theta, values: rowValues[],
      jacobian: constraintJacobian + cutoffConstraintCount * parameterCount)
  }

  /// What a value 1 of each coefficient adds to the residual, and the residual without them.
  ///
  /// - Parameters:
  ///   - theta: with the coefficients at zero.
  ///   - coefficients: their parameters and where their columns start: one for each pair type unless
  ///     the parameter is global.
  ///   - columns: receives `rowCount` numbers for each column.
  ///   - cutoffColumns: receives for each column the cutoff forces of all pair types, where they are
  ///     constrained; `cutoffRest` those of the residual.
  func linearizeCoefficients(
    _ theta: UnsafePointer<Double>,
    _ coefficients: [(number: Int, kind: ParameterKind, firstColumn: Int)],
    columns: UnsafeMutablePointer<Double>, residual: UnsafeMutablePointer<Double>,
    cutoffColumns: UnsafeMutablePointer<Double>, cutoffRest: UnsafeMutablePointer<Double>
  ) {
    evaluations += 1
    evaluateGrid(theta, withJacobian: true)
    reduced.residual(of: forces[], into: residual)
    let pairCount = problem.channels.count
    for (number, kind, firstColumn) in coefficients {
      let columnCount = kind.dependsOnPair ? pairCount : 1
      let target = columns + firstColumn * rowCount
      target.update(repeating: 0, count: columnCount * rowCount)
      let atCutoff = cutoffColumns + firstColumn * cutoffConstraintCount
      atCutoff.update(repeating: 0, count: columnCount * cutoffConstraintCount)
      for pair in 0..<pairCount {
        let forces = byLeaf[] + number * onGrid.rowLength + onGrid.offsets[pair]
        let column = kind.dependsOnPair ? pair : 0
        reduced.addProducts(
          ofPairType: pair, forces, stride: 0, count: 1, to: target + column * rowCount)
        if cutoffConstraintCount > 0 {
          atCutoff[column * cutoffConstraintCount + pair] = forces[0] * constraintUnit
        }
      }
    }
    for pair in 0..<cutoffConstraintCount {
      cutoffRest[pair] = forces[][onGrid.offsets[pair]] * constraintUnit
    }
  }

  private func addColumns(
    _ column: UnsafePointer<Double>, _ number: Int, _ pair: Int, _ theta: UnsafePointer<Double>,
    to jacobian: UnsafeMutablePointer<Double>
  ) {
    let rows = reduced.rowCount(ofPairType: pair)
    func add(_ part: (number: Int, derivative: Double)) {
      var factor = part.derivative
      problem.kernels.multiplyAdd(
        column, rows, rows, 1, &factor, 1, 1, jacobian + part.number * rowCount, rowCount)
    }
    let dependence = layout.dependence(of: number, for: problem.channels[pair], theta)
    add(dependence.first)
    if let second = dependence.second { add(second) }
  }

  // MARK: Constraints

  /// The constraints, F_AB(r_cut) first; the Jacobian, where wanted, row by row.
  func constraints(
    _ theta: UnsafePointer<Double>, values: UnsafeMutablePointer<Double>,
    jacobian: UnsafeMutablePointer<Double>?
  ) {
    rows.evaluate(
      theta, values: values + cutoffConstraintCount,
      jacobian: jacobian.map { $0 + cutoffConstraintCount * parameterCount })
    guard cutoffConstraintCount > 0 else { return }
    atCutoff.evaluate(
      theta: theta, forces: cutoffForces[], jacobian: jacobian == nil ? nil : cutoffByLeaf[])
    for pair in 0..<cutoffConstraintCount {
      values[pair] = cutoffForces[][atCutoff.offsets[pair]] * constraintUnit
    }
    guard let jacobian else { return }
    jacobian.update(repeating: 0, count: cutoffConstraintCount * parameterCount)
    for number in layout.ranges.indices {
      for pair in 0..<cutoffConstraintCount {
        let derivative = cutoffByLeaf[][number * atCutoff.rowLength + atCutoff.offsets[pair]]
        addChain(
          derivative * constraintUnit, number, pair, theta,
          to: jacobian + pair * parameterCount)
      }
    }
  }

  /// Whether a constraint c is to be zero; otherwise c ≥ 0.
  @inline(__always)
  func isEquality(_ constraint: Int) -> Bool {
    constraint < cutoffConstraintCount || rows.isEquality[constraint - cutoffConstraintCount]
  }

  /// The constraints that are linear in θ.
  var linearConstraints: Range<Int> {
    let rows = rows.linearRows
    return (cutoffConstraintCount + rows.lowerBound)..<(cutoffConstraintCount + rows.upperBound)
  }

  /// By how much a constraint is missed.
  @inline(__always)
  func violation(_ constraint: Int, _ value: Double) -> Double {
    if value.isNaN { return .infinity }
    return isEquality(constraint) ? abs(value) : max(0, -value)
  }

  /// Largest violation of some constraints, of all unless told otherwise.
  func maxViolation(_ theta: UnsafePointer<Double>, of rows: Range<Int>? = nil) -> Double {
    guard constraintCount > 0 else { return 0 }
    constraints(theta, values: rowValues[], jacobian: nil)
    var largest = 0.0
    for k in rows ?? 0..<constraintCount { largest = max(largest, violation(k, rowValues[][k])) }
    return largest
  }

  // MARK: Forces

  /// Forces on the grid in the cutoff treatment of the problem, eV/Å, in the order of the grid.
  func gridForces(_ theta: [Double]) -> [Double] {
    evaluateGrid(theta, withJacobian: false)
    return zip(onGrid.offsets, onGrid.pointCounts).flatMap { start, count in
      UnsafeBufferPointer(start: forces[] + start, count: count)
    }
  }

  /// For each value of θ the derivatives of what `gridForces` gives.
  func gridDerivatives(_ theta: [Double]) -> [[Double]] {
    evaluateGrid(theta, withJacobian: true)
    var rows = theta.map { _ in [Double]() }
    for k in rows.indices { rows[k].reserveCapacity(problem.grid.totalCount) }
    for pair in problem.channels.indices {
      let start = onGrid.offsets[pair]
      for node in start..<(start + onGrid.pointCounts[pair]) {
        var column = Array(repeating: 0.0, count: parameterCount)
        for number in layout.ranges.indices {
          let row = byLeaf[] + number * onGrid.rowLength
          addChain(row[node], number, pair, theta, to: &column)
        }
        for k in rows.indices { rows[k].append(column[k]) }
      }
    }
    return rows
  }

  /// Forces on the grid in the cutoff treatment of the problem, and their derivatives by leaf.
  private func evaluateGrid(_ theta: UnsafePointer<Double>, withJacobian: Bool) {
    onGrid.evaluate(theta: theta, forces: forces[], jacobian: withJacobian ? byLeaf[] : nil)
    guard problem.cutoffMode == .shiftedForce else { return }
    shift(forces[])
    guard withJacobian else { return }
    for leaf in tree.parameters.indices { shift(byLeaf[] + leaf * onGrid.rowLength) }
  }

  /// Subtracts the value at the cutoff, node 0 of every pair type.
  ///
  /// Here and not in the factor of the statistics: a constant force leaves exactly zero, where products
  /// with that factor would leave its rounding, for huge parameters to make use of.
  private func shift(_ row: UnsafeMutablePointer<Double>) {
    for (start, count) in zip(onGrid.offsets, onGrid.pointCounts) {
      let atCutoff = row[start]
      for node in start..<(start + count) { row[node] -= atCutoff }
    }
  }
}
