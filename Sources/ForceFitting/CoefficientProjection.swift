import AtomicData
import CompressedForces
import ExpressionTrees

/// The coefficients of the terms of U at their best for the other parameters as they are.
///
/// Variable projection (Golub, Pereyra, SIAM J. Numer. Anal. 10, 413 (1973), doi 10.1137/0710036) with
/// products: the loss is a quadratic form of one value per pair type and coefficient, whose matrix is
/// made once for the shapes of the terms; the factors X^A of values X^A·X^B are then found on that small
/// form alone, without another evaluation of the tree.
struct CoefficientProjection {
  let objective: ForceObjective
  /// The parameters that are coefficients, by number.
  let coefficients: [Int]

  private let terms: [Term]
  /// R times the force of each value 1, column by column.
  private let columns: AlignedNumbers
  private let residual: AlignedNumbers
  /// Per column the cutoff forces of the pair types, and those of what is not in the columns.
  private let cutoffColumns: AlignedNumbers
  private let cutoffRest: AlignedNumbers
  private let bare: AlignedNumbers
  private let form: QuadraticForm
  private let factors: FactorFit

  /// A coefficient and the columns of its values.
  private struct Term {
    let number: Int
    let kind: ParameterKind
    let firstColumn: Int
    let theta: Range<Int>
  }

  init(objective: ForceObjective) {
    self.objective = objective
    coefficients = objective.tree.termCoefficients
    let pairCount = objective.problem.channels.count
    var (terms, columnCount) = ([Term](), 0)
    for number in coefficients {
      let kind = objective.tree.parameters[number].kind
      terms.append(
        Term(
          number: number, kind: kind, firstColumn: columnCount,
          theta: objective.layout.ranges[number]))
      columnCount += kind.dependsOnPair ? pairCount : 1
    }
    self.terms = terms
    columns = AlignedNumbers(count: columnCount * objective.rowCount)
    residual = AlignedNumbers(count: objective.rowCount)
    cutoffColumns = AlignedNumbers(count: columnCount * pairCount)
    cutoffRest = AlignedNumbers(count: pairCount)
    bare = AlignedNumbers(count: objective.parameterCount)
    form = QuadraticForm(count: columnCount)
    factors = FactorFit(
      form: form, pairs: objective.problem.channels,
      typeCount: objective.problem.typeCount,
      terms: terms.map { FactorFit.Term(kind: $0.kind, firstColumn: $0.firstColumn) })
  }

  /// Replaces the coefficients in `theta`; leaves it as it is where a force is no number.
  ///
  /// - Parameter constraintWeight: weight of the squared cutoff forces beside the loss.
  /// - Returns: the loss and the weighted squares there, nil where there is none.
  @discardableResult
  func apply(
    _ theta: inout [Double], constraintWeight: Double, random: inout some RandomNumberGenerator
  ) -> Double? {
    guard !coefficients.isEmpty else { return nil }
    for k in theta.indices { bare[][k] = theta[k] }
    for term in terms { for k in term.theta { bare[][k] = 0 } }
    objective.linearizeCoefficients(
      bare[], terms.map { ($0.number, $0.kind, $0.firstColumn) }, columns: columns[],
      residual: residual[], cutoffColumns: cutoffColumns[], cutoffRest: cutoffRest[])
    guard
      form.set(
        columns: columns[], residual: residual[], rowCount: objective.rowCount,
        penalized: cutoffColumns[], penalizedRest: cutoffRest[],
        penalizedCount: objective.cutoffConstraintCount, weight: constraintWeight,
        kernels: objective.problem.kernels)
    else { return nil }
    guard let (values, loss) = factors.solve(&random) else { return nil }
    var next = 0
    for term in terms {
      for k in term.theta {
        theta[k] = values[][next]
        next += 1
      }
    }
    return loss + objective.reduced.remainder
  }
}
