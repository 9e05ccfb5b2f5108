/// Linear equations between unknown dimensions, solved by elimination.
struct DimensionSystem {
  /// Σ factor·unknown + constant.
  struct Sum {
    var unknowns: [Int: Double] = [:]
    var constant = Dimension.none

    func adding(_ other: Sum, times scale: Double = 1) -> Sum {
      var sum = self
      sum.constant = constant.adding(other.constant, times: scale)
      for (unknown, factor) in other.unknowns {
        let total = sum.unknowns[unknown, default: 0] + scale * factor
        sum.unknowns[unknown] = abs(total) < SymbolicExponent.tolerance ? nil : total
      }
      return sum
    }
  }

  /// Reduced equations `sum = 0`, by the unknown that each of them alone has with the factor 1.
  private var rows: [Int: Sum] = [:]
  /// Whether two equations contradict each other.
  private(set) var isContradictory = false

  /// The sum with what the equations say put in.
  func reduced(_ sum: Sum) -> Sum {
    var result = sum
    for (unknown, factor) in sum.unknowns {
      guard let row = rows[unknown] else { continue }
      result = result.adding(row, times: -factor)
    }
    return result
  }

  /// The dimension, where the equations determine it.
  func value(of sum: Sum) -> Dimension? {
    let reduced = reduced(sum)
    return reduced.unknowns.isEmpty ? reduced.constant : nil
  }

  func value(ofUnknown unknown: Int) -> Dimension? { value(of: Sum(unknowns: [unknown: 1])) }

  /// Adds the equation `sum = 0`.
  mutating func require(_ sum: Sum) {
    let reduced = reduced(sum)
    guard let pivot = reduced.unknowns.keys.min(), let factor = reduced.unknowns[pivot] else {
      if !reduced.constant.isNone { isContradictory = true }
      return
    }
    let row = Sum().adding(reduced, times: 1 / factor)
    for (unknown, other) in rows {
      guard let share = other.unknowns[pivot] else { continue }
      rows[unknown] = other.adding(row, times: -share)
    }
    rows[pivot] = row
  }
}
