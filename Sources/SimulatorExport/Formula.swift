/// An expression as text formats take it: numbers, names, and the operations that all engines know.
///
/// The constructors `+`, `-`, `*`, `/`, `power` and `call` drop what adds nothing (0 + x, 1·x), so that
/// derivatives stay readable; nothing else is rearranged, so that an engine rounds as the tree does.
indirect enum Formula: Sendable, Hashable {
  case number(Double)
  case symbol(String)
  case add(Formula, Formula)
  case subtract(Formula, Formula)
  case multiply(Formula, Formula)
  case divide(Formula, Formula)
  case power(Formula, Formula)
  case negate(Formula)
  case call(Function, [Formula])

  /// What is written with parentheses.
  enum Function: String, Sendable, Hashable, CaseIterable {
    case exp, log, sqrt, tanh, erf, erfc
    /// max(x, y), min(x, y).
    case max, min
    /// 1 for x ≥ 0, else 0.
    case step
    /// select(c, x, y): x where c is not 0, else y.
    case select
  }

  static let distance = Formula.symbol("r")

  static func + (a: Formula, b: Formula) -> Formula {
    if a == .number(0) { return b }
    return b == .number(0) ? a : .add(a, b)
  }

  static func - (a: Formula, b: Formula) -> Formula {
    if b == .number(0) { return a }
    return a == .number(0) ? -b : .subtract(a, b)
  }

  static func * (a: Formula, b: Formula) -> Formula {
    if a == .number(0) || b == .number(0) { return .number(0) }
    if a == .number(1) { return b }
    return b == .number(1) ? a : .multiply(a, b)
  }

  static func / (a: Formula, b: Formula) -> Formula {
    if a == .number(0) { return a }
    return b == .number(1) ? a : .divide(a, b)
  }

  static prefix func - (a: Formula) -> Formula {
    switch a {
    case .number(let value): .number(0 - value)
    case .negate(let operand): operand
    default: .negate(a)
    }
  }

  static func raised(_ base: Formula, _ exponent: Formula) -> Formula {
    exponent == .number(1) ? base : .power(base, exponent)
  }

  /// The operands.
  private var operands: [Formula] {
    switch self {
    case .number, .symbol: []
    case .negate(let a): [a]
    case .add(let a, let b), .subtract(let a, let b), .multiply(let a, let b),
      .divide(let a, let b), .power(let a, let b):
      [a, b]
    case .call(_, let operands): operands
    }
  }

  /// The names that occur.
  var symbols: Set<String> {
    if case .symbol(let name) = self { return [name] }
    return operands.reduce(into: []) { $0.formUnion($1.symbols) }
  }

  /// The same with other formulas for names.
  func replacing(_ values: [String: Formula]) -> Formula {
    mapping { formula in
      if case .symbol(let name) = formula { values[name] ?? formula } else { formula }
    }
  }

  /// The formula made anew from its leaves up, each part changed by `change`.
  func mapping(_ change: (Formula) -> Formula) -> Formula {
    let part =
      switch self {
      case .number, .symbol: self
      case .add(let a, let b): a.mapping(change) + b.mapping(change)
      case .subtract(let a, let b): a.mapping(change) - b.mapping(change)
      case .multiply(let a, let b): a.mapping(change) * b.mapping(change)
      case .divide(let a, let b): a.mapping(change) / b.mapping(change)
      case .power(let a, let b): Formula.raised(a.mapping(change), b.mapping(change))
      case .negate(let a): -a.mapping(change)
      case .call(let function, let operands):
        Formula.call(function, operands.map { $0.mapping(change) })
      }
    return change(part)
  }
}
