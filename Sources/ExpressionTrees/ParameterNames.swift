/// Names for the parameters of a canonical form, in order: a, b, c, …; X, Y, Z, …; A[], B[], C[], …;
/// L~, M~, N~, ….
struct ParameterNames {
  private var used: [ParameterKind: Int] = [:]

  private static let globals = ["a", "b", "c", "d", "g", "h", "k", "m", "n", "p", "s", "t"]
  private static let products = ["X", "Y", "Z", "W", "V", "T", "S", "P"]

  private static let pairs = ["A", "B", "C", "D", "E", "F", "G", "H"]
  private static let means = ["L", "M", "N", "K", "Q", "J"]

  mutating func next(_ kind: ParameterKind) -> String {
    let number = used[kind, default: 0]
    used[kind] = number + 1
    let letters =
      switch kind {
      case .global: Self.globals
      case .product: Self.products
      case .pair: Self.pairs
      case .mean: Self.means
      }
    let round = number / letters.count
    return letters[number % letters.count] + (round == 0 ? "" : String(round))
  }
}
