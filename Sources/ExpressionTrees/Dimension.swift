/// A number, or an exponent that parameters stand in: number + Σ factor·parameter.
struct SymbolicExponent: Equatable {
  var number = 0.0
  /// Parameter → factor; none is 0.
  var symbols: [Int: Double] = [:]

  static let tolerance = 1e-9

  var isZero: Bool { abs(number) < Self.tolerance && symbols.isEmpty }

  /// self + scale·other.
  func adding(_ other: Self, times scale: Double = 1) -> Self {
    var sum = self
    sum.number += scale * other.number
    for (symbol, factor) in other.symbols {
      let total = sum.symbols[symbol, default: 0] + scale * factor
      sum.symbols[symbol] = abs(total) < Self.tolerance ? nil : total
    }
    return sum
  }

  /// Nil where two symbols would be multiplied.
  func multiplied(by other: Self) -> Self? {
    if symbols.isEmpty { return Self().adding(other, times: number) }
    if other.symbols.isEmpty { return Self().adding(self, times: other.number) }
    return nil
  }
}

/// eV^energy · Å^length.
struct Dimension: Equatable {
  var energy = SymbolicExponent()
  var length = SymbolicExponent()

  static let none = Dimension()
  static let electronvolt = Dimension(energy: SymbolicExponent(number: 1))
  static let angstrom = Dimension(length: SymbolicExponent(number: 1))

  var isNone: Bool { energy.isZero && length.isZero }

  func adding(_ other: Self, times scale: Double = 1) -> Self {
    Dimension(
      energy: energy.adding(other.energy, times: scale),
      length: length.adding(other.length, times: scale))
  }

  func multiplied(by exponent: SymbolicExponent) -> Self? {
    guard let energy = energy.multiplied(by: exponent), let length = length.multiplied(by: exponent)
    else { return nil }
    return Dimension(energy: energy, length: length)
  }

  // MARK: Text

  /// `1`, `1/Å`, `eV Å^6`, `eV^(1/2) Å^(a/2)`.
  ///
  /// - Parameter names: of the parameters that stand in exponents.
  func text(names: [String]) -> String {
    var (numerator, denominator): ([String], [String]) = ([], [])
    for (unit, exponent) in [("eV", energy), ("Å", length)] where !exponent.isZero {
      let isWhole = exponent.symbols.isEmpty && exponent.number == exponent.number.rounded()
      if isWhole, exponent.number < 0 {
        denominator.append(unit + Self.power(SymbolicExponent(number: -exponent.number), names))
      } else {
        numerator.append(unit + Self.power(exponent, names))
      }
    }
    let above = numerator.isEmpty ? "1" : numerator.joined(separator: " ")
    guard !denominator.isEmpty else { return above }
    let below = denominator.joined(separator: " ")
    return above + "/" + (denominator.count > 1 ? "(\(below))" : below)
  }

  /// `^6`, `^a`, `^(a/2 - 1)`; nothing for 1.
  private static func power(_ exponent: SymbolicExponent, _ names: [String]) -> String {
    var terms = exponent.symbols.sorted { $0.key < $1.key }.map { symbol, factor in
      let (numerator, denominator) = fraction(abs(factor))
      let multiple = numerator == 1 ? names[symbol] : "\(numerator)*\(names[symbol])"
      return (factor < 0, denominator == 1 ? multiple : "\(multiple)/\(denominator)")
    }
    if abs(exponent.number) >= SymbolicExponent.tolerance {
      let (numerator, denominator) = fraction(abs(exponent.number))
      let text = denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)"
      terms.append((exponent.number < 0, text))
    }
    let text = terms.enumerated().map { k, term in
      let sign = term.0 ? (k == 0 ? "-" : " - ") : (k == 0 ? "" : " + ")
      return sign + term.1
    }.joined()
    if text == "1" { return "" }
    let isPlain = terms.count == 1 && !text.contains { "-/*".contains($0) }
    return isPlain ? "^\(text)" : "^(\(text))"
  }

  /// The fraction with the least denominator; roots and whole powers make no others.
  private static func fraction(_ value: Double) -> (numerator: Int, denominator: Int) {
    let denominator = (1...10_000).first { k in
      let multiple = value * Double(k)
      return abs(multiple - multiple.rounded()) < SymbolicExponent.tolerance * Double(k)
    }
    let found = denominator ?? 10_000
    return (Int((value * Double(found)).rounded()), found)
  }
}
