/// A sum whose rounding error does not grow with the number of terms.
///
/// Neumaier, Z. Angew. Math. Mech. 54, 39 (1974), doi 10.1002/zamm.19740540106: what is lost in
/// each addition is summed apart.
struct CompensatedSum: Sendable {
  private var sum = 0.0
  private var lost = 0.0

  mutating func add(_ term: Double) {
    let next = sum + term
    lost += abs(sum) >= abs(term) ? (sum - next) + term : (term - next) + sum
    sum = next
  }

  var value: Double { sum + lost }
}
