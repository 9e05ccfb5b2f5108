import AtomicData

/// An expression as a sum of monomials, the shape in which `CanonicalForm` rewrites.
///
/// A parameter that occurs once is *free*: only its kind and the value it has matter, not its name.
/// Free global parameters take up every constant they meet, free product parameters every other
/// product parameter, free pair parameters all that does not depend on r. Values are carried along, so
/// that the rewritten expression has the same forces.
struct AlgebraicSum: Sendable {
  /// No terms: zero.
  var terms: [Monomial]

  static let zero = AlgebraicSum(terms: [])
  static let one = AlgebraicSum(terms: [Monomial()])
  static func known(_ quantity: KnownQuantity) -> AlgebraicSum {
    AlgebraicSum(Monomial(factors: [.init(atom: .known(quantity), isInverse: false)]))
  }

  init(terms: [Monomial]) { self.terms = terms }
  init(_ term: Monomial) { terms = [term] }

  /// The one term of a sum of one term.
  var single: Monomial? { terms.count == 1 ? terms[0] : nil }
}

/// ± integer · global · product · pair · r^n · r^a · exp(…) · factors.
struct Monomial: Sendable {
  /// Sign and size of a coefficient without parameters; never 0.
  var integer = 1
  /// A free global coefficient; takes up sign and size of `integer`.
  var global: Double?
  /// Factors of a free product parameter.
  var product: [Double]?
  /// Values of a free pair parameter, in the order of the pairs; takes up all of the above.
  var pair: [Double]?
  /// The whole power of r.
  var distancePower = 0
  /// A free exponent of r; takes up `distancePower`.
  var freePower: Double?
  /// Argument of the exponential; one, since exp(u)·exp(v) = exp(u + v).
  var exponent: AlgebraicSum?
  /// What is not one of the above, each to the power +1 or −1.
  var factors: [Factor] = []

  struct Factor: Sendable {
    var atom: Atom
    var isInverse: Bool
  }

  /// What is multiplied as a whole.
  indirect enum Atom: Sendable {
    /// A parameter that occurs several times.
    case shared(Int)
    /// What is known of the pair: no parameter takes it up.
    case known(KnownQuantity)
    /// A sum of two or more terms.
    case sum(AlgebraicSum)
    case power(AlgebraicSum, AlgebraicSum)
    /// Values of a free mean parameter.
    case mean([Double])
    /// sqrt, log, tanh, erf, erfc or gauss of a sum.
    case function(Operator, AlgebraicSum)
  }
}

extension AlgebraicSum {
  /// Whether r occurs.
  var dependsOnDistance: Bool { terms.contains { $0.dependsOnDistance } }

  /// Number of free parameters.
  var freeCount: Int { terms.reduce(0) { $0 + $1.freeCount } }

  /// The value, where nothing but free global parameters and whole numbers occurs.
  var constant: Double? {
    var total = 0.0
    for term in terms {
      guard let value = term.constant else { return nil }
      total += value
    }
    return total
  }

  /// The whole number this is, if it is one.
  var wholeNumber: Int? {
    if terms.isEmpty { return 0 }
    guard let single, single.isWholeNumber else { return nil }
    return single.integer
  }
}

extension Monomial {
  var dependsOnDistance: Bool {
    distancePower != 0 || freePower != nil || exponent?.dependsOnDistance == true
      || factors.contains { $0.atom.dependsOnDistance }
  }

  var freeCount: Int {
    (global == nil ? 0 : 1) + (product == nil ? 0 : 1) + (pair == nil ? 0 : 1)
      + (freePower == nil ? 0 : 1)
      + (exponent?.freeCount ?? 0) + factors.reduce(0) { $0 + $1.atom.freeCount }
  }

  var constant: Double? {
    guard product == nil, pair == nil, !dependsOnDistance else { return nil }
    var value = global ?? Double(integer)
    if let exponent {
      guard let argument = exponent.constant else { return nil }
      value *= numericExp(argument)
    }
    for factor in factors {
      guard let number = factor.atom.constant else { return nil }
      value *= factor.isInverse ? 1 / number : number
    }
    return value
  }

  /// Neither parameter nor r.
  var isWholeNumber: Bool {
    global == nil && product == nil && pair == nil && distancePower == 0 && freePower == nil
      && exponent == nil && factors.isEmpty
  }

  /// The sum this is, if it is nothing but a sum in parentheses, maybe with a sign.
  var asSum: AlgebraicSum? {
    guard global == nil, product == nil, pair == nil, distancePower == 0, freePower == nil,
      exponent == nil, abs(integer) == 1, factors.count == 1, !factors[0].isInverse,
      case .sum(let sum) = factors[0].atom
    else { return nil }
    return integer == 1 ? sum : sum.negated
  }

  /// Without coefficients.
  var withoutCoefficients: Monomial {
    var rest = self
    rest.integer = 1
    rest.global = nil
    rest.product = nil
    rest.pair = nil
    return rest
  }

  /// The sign goes to a free coefficient first.
  var negated: Monomial {
    var result = self
    if let global {
      result.global = -global
    } else if !result.scaleFreely(by: -1), !result.negateOddFunction() {
      result.integer = -integer
    }
    return result
  }
}

extension AlgebraicSum {
  var negated: AlgebraicSum { AlgebraicSum(terms: terms.map(\.negated)) }
}

extension Monomial.Atom {
  var dependsOnDistance: Bool {
    switch self {
    case .shared, .known, .mean: false
    case .sum(let sum), .function(_, let sum): sum.dependsOnDistance
    case .power(let base, let exponent): base.dependsOnDistance || exponent.dependsOnDistance
    }
  }

  var freeCount: Int {
    switch self {
    case .shared, .known: 0
    case .mean: 1
    case .sum(let sum), .function(_, let sum): sum.freeCount
    case .power(let base, let exponent): base.freeCount + exponent.freeCount
    }
  }

  var constant: Double? {
    switch self {
    case .shared, .known, .mean: return nil
    case .sum(let sum): return sum.constant
    case .function(let operation, let sum):
      return sum.constant.map { valueAndSlope(of: operation, at: $0).value }
    case .power(let base, let exponent):
      guard let base = base.constant, let exponent = exponent.constant else { return nil }
      return numericPower(base, exponent)
    }
  }
}
