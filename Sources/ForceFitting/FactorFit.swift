import AtomicData
import ExpressionTrees

/// The minimum of a quadratic form whose values are free, one in all or one per pair type, or products
/// X^A·X^B of factors.
///
/// First the values as if all were free; then, for products, the factors nearest to them (the leading
/// eigenvector of the matrix of the values) and Levenberg–Marquardt steps on the form from there.
struct FactorFit {
  /// A coefficient: one free value, one per pair type, or a value per pair type from a factor per type.
  struct Term {
    let kind: ParameterKind
    let firstColumn: Int

    var isProduct: Bool { kind == .product }
  }

  let form: QuadraticForm
  let pairs: [PairType]
  let typeCount: Int
  let terms: [Term]

  private let unknownCount: Int
  private let free: SymmetricSystem
  private let bound: SymmetricSystem
  private let values: AlignedNumbers
  private let image: AlignedNumbers
  private let unknowns: AlignedNumbers
  private let trial: AlignedNumbers
  private let slope: AlignedNumbers
  private let normal: AlignedNumbers
  private let weights: AlignedNumbers
  /// Derivatives of the values by the unknowns, a row for each unknown.
  private let chain: AlignedNumbers
  /// A row of them times the matrix of the form.
  private let row: AlignedNumbers
  private let eigen: SymmetricEigensystem

  /// Relative ridge that keeps terms apart which the data cannot tell apart.
  private static let ridge = 1e-10
  private static let maximumSteps = 12
  private static let relativeTolerance = 1e-4

  init(
    form: QuadraticForm, pairs: [PairType], typeCount: Int, terms: [Term]
  ) {
    self.form = form
    self.pairs = pairs
    self.typeCount = typeCount
    self.terms = terms
    unknownCount = terms.reduce(0) {
      $0 + Parameter(name: "", kind: $1.kind).valueCount(typeCount: typeCount)
    }
    free = SymmetricSystem(count: form.count)
    bound = SymmetricSystem(count: unknownCount)
    values = AlignedNumbers(count: form.count)
    image = AlignedNumbers(count: form.count)
    unknowns = AlignedNumbers(count: unknownCount)
    trial = AlignedNumbers(count: unknownCount)
    slope = AlignedNumbers(count: unknownCount)
    normal = AlignedNumbers(count: unknownCount * unknownCount)
    weights = AlignedNumbers(count: max(form.count, unknownCount))
    row = AlignedNumbers(count: form.count)
    chain = AlignedNumbers(count: form.count * unknownCount)
    eigen = SymmetricEigensystem(count: typeCount)
  }

  /// The unknowns at the minimum, in the order of the terms, and the form's value there.
  func solve(_ random: inout some RandomNumberGenerator) -> (AlignedNumbers, Double)? {
    for k in 0..<form.count {
      weights[][k] = form.matrix[][k * form.count + k] + .leastNormalMagnitude
    }
    guard free.factorize(form.matrix[], damping: Self.ridge, weights: weights[]) else { return nil }
    for k in 0..<form.count { values[][k] = -form.slope[][k] }
    free.solve(values[])
    var next = 0
    for term in terms {
      if term.isProduct {
        setFactors(term, unknowns[] + next, &random)
        next += typeCount
      } else {
        for k in columns(term) {
          unknowns[][next] = values[][k]
          next += 1
        }
      }
    }
    let loss = terms.contains(where: \.isProduct) ? descend() : formValue(unknowns)
    return loss.isFinite ? (unknowns, loss) : nil
  }

  /// The columns of a term's values.
  private func columns(_ term: Term) -> Range<Int> {
    term.firstColumn..<(term.firstColumn + (term.kind.dependsOnPair ? pairs.count : 1))
  }

  private func setFactors(
    _ term: Term, _ factors: UnsafeMutablePointer<Double>,
    _ random: inout some RandomNumberGenerator
  ) {
    var (largest, chosen) = (0.0, 0.0)
    for (k, pair) in pairs.enumerated() {
      let value = values[][term.firstColumn + k]
      largest = max(largest, abs(value))
      // A term with an indicator has values for one bond class of a pair of types, and zeros for the others.
      if pair.bonds > 0, k > 0,
        (pairs[k - 1].first, pairs[k - 1].second) == (pair.first, pair.second),
        abs(value) <= abs(chosen)
      {
        continue
      }
      chosen = value
      eigen.set(value, pair.first, pair.second)
    }
    eigen.solve()
    let leading = eigen.largest
    let eigenvalue = eigen.eigenvalue(leading)
    if eigenvalue > 0 {
      for k in 0..<typeCount {
        factors[k] = eigen.component(k, ofVector: leading) * eigenvalue.squareRoot()
      }
    } else {
      // No positive like pair: small factors of random signs, away from the saddle at zero.
      let size = largest.squareRoot() * 0.3
      for k in 0..<typeCount { factors[k] = Bool.random(using: &random) ? size : -size }
    }
  }

  /// The form at the values that belong to the unknowns; N c + v is left in `image`.
  private func formValue(_ unknowns: AlignedNumbers) -> Double {
    var next = 0
    for term in terms {
      if term.isProduct {
        for (k, pair) in pairs.enumerated() {
          values[][term.firstColumn + k] =
            unknowns[][next + pair.first] * unknowns[][next + pair.second]
        }
        next += typeCount
      } else {
        for k in columns(term) {
          values[][k] = unknowns[][next]
          next += 1
        }
      }
    }
    return form.value(at: values[], image: image[])
  }

  private func descend() -> Double {
    let (q, c) = (unknownCount, form.count)
    var value = formValue(unknowns)
    var damping = 1e-3
    for _ in 0..<Self.maximumSteps {
      setChain()
      for i in 0..<q {
        var sum = 0.0
        for k in 0..<c { sum += chain[][i * c + k] * image[][k] }
        slope[][i] = sum
        // Row i of chain · N, then its products with the rows up to i.
        for k in 0..<c {
          var product = 0.0
          for j in 0..<c { product += chain[][i * c + j] * form.matrix[][j * c + k] }
          row[][k] = product
        }
        for j in 0...i {
          var entry = 0.0
          for k in 0..<c { entry += row[][k] * chain[][j * c + k] }
          normal[][i * q + j] = entry
        }
        weights[][i] = normal[][i * q + i] + 1e-30
      }
      var hasImproved = false
      var gain = 0.0
      for _ in 0..<4 where !hasImproved {
        guard bound.factorize(normal[], damping: damping, weights: weights[]) else {
          damping *= 10
          continue
        }
        for i in 0..<q { trial[][i] = -slope[][i] }
        bound.solve(trial[])
        for i in 0..<q { trial[][i] += unknowns[][i] }
        let next = formValue(trial)
        if next < value {
          gain = value - next
          unknowns[].update(from: trial[], count: q)
          value = next
          damping *= 0.1
          hasImproved = true
        } else {
          damping *= 10
        }
      }
      if !hasImproved || gain <= Self.relativeTolerance * value { break }
    }
    return value
  }

  private func setChain() {
    chain[].update(repeating: 0, count: form.count * unknownCount)
    var next = 0
    for term in terms {
      if term.isProduct {
        for (k, pair) in pairs.enumerated() {
          let column = term.firstColumn + k
          chain[][(next + pair.first) * form.count + column] += unknowns[][next + pair.second]
          chain[][(next + pair.second) * form.count + column] += unknowns[][next + pair.first]
        }
        next += typeCount
      } else {
        for k in columns(term) {
          chain[][next * form.count + k] = 1
          next += 1
        }
      }
    }
  }
}
