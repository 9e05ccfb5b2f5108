/// Decimal numbers in text, rounded to the nearest Double.
///
/// `[+-] digits [. digits] [eEdD [+-] digits]`, with at least one digit before the exponent. Neither
/// `nan`, `inf` nor hexadecimal numbers.
enum DecimalNumber {
  /// Reads a number at `cursor` and moves `cursor` behind it.
  ///
  /// The caller decides what may follow. Nil, with `cursor` as it was, where no number begins.
  /// Numbers too large for a Double give infinity.
  @inline(__always)
  static func scan(_ cursor: inout UnsafePointer<UInt8>, end: UnsafePointer<UInt8>) -> Double? {
    var place = cursor
    var isNegative = false
    if place < end, place.pointee == .of("-") || place.pointee == .of("+") {
      isNegative = place.pointee == .of("-")
      place += 1
    }
    var mantissa: UInt64 = 0
    var digitCount = digits(&place, end, into: &mantissa)
    var exponent = 0
    if place < end, place.pointee == .of(".") {
      place += 1
      let fractionCount = digits(&place, end, into: &mantissa)
      exponent = -fractionCount
      digitCount += fractionCount
    }
    guard digitCount > 0 else { return nil }
    if place < end, place.pointee | 32 == .of("e") || place.pointee | 32 == .of("d") {
      guard let given = scanExponent(&place, end) else { return nil }
      exponent += given
    }
    let start = cursor
    cursor = place
    // 19 digits always fit into 64 bits.
    if digitCount <= 19, let value = rounded(mantissa, exponent) {
      return isNegative ? -value : value
    }
    return slow(UnsafeBufferPointer(start: start, count: place - start))
  }

  /// The number that the whole text is, white space at its ends aside.
  static func whole(_ text: Bytes) -> Double? {
    let text = text.trimmed()
    guard var cursor = text.baseAddress else { return nil }
    let end = cursor + text.count
    guard let value = scan(&cursor, end: end), cursor == end else { return nil }
    return value
  }

  /// The number that the whole text is.
  static func whole(_ text: some StringProtocol) -> Double? {
    Array(text.utf8).withUnsafeBufferPointer { whole($0) }
  }

  @inline(__always)
  private static func digits(
    _ place: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, into mantissa: inout UInt64
  ) -> Int {
    let first = place
    while place < end, place.pointee.isDigit {
      mantissa = mantissa &* 10 &+ UInt64(place.pointee &- 48)
      place += 1
    }
    return place - first
  }

  private static func scanExponent(
    _ place: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Int? {
    place += 1
    var isNegative = false
    if place < end, place.pointee == .of("-") || place.pointee == .of("+") {
      isNegative = place.pointee == .of("-")
      place += 1
    }
    let first = place
    var exponent = 0
    while place < end, place.pointee.isDigit {
      // Far beyond what a Double holds; the slow path reads the text itself.
      if exponent < 100_000 { exponent = exponent * 10 + Int(place.pointee &- 48) }
      place += 1
    }
    guard place > first else { return nil }
    return isNegative ? -exponent : exponent
  }

  /// mantissa·10^exponent rounded to nearest, ties to even; nil where neither exact way applies.
  @inline(__always)
  static func rounded(_ mantissa: UInt64, _ exponent: Int) -> Double? {
    if mantissa <= 1 << 53, exponent >= -22, exponent <= 22 {
      // Both operands are exact, so IEEE 754 rounds once (Clinger, PLDI 1990,
      // doi 10.1145/93542.93557).
      let value = Double(mantissa)
      return exponent < 0 ? value / powers[-exponent] : value * powers[exponent]
    }
    guard exponent <= 0, exponent >= -19, mantissa != 0 else { return nil }
    return divided(mantissa, by: integerPowers[-exponent], -exponent)
  }

  /// mantissa/divisor by a 64-bit quotient with its remainder as sticky bit, rounded once.
  private static func divided(_ mantissa: UInt64, by divisor: UInt64, _ power: Int) -> Double {
    let mantissaShift = mantissa.leadingZeroBitCount
    let divisorShift = divisor.leadingZeroBitCount
    let numerator = mantissa << UInt64(mantissaShift)
    let denominator = divisor << UInt64(divisorShift)
    // Half the numerator is smaller than the denominator: the quotient has 63 or 64 bits.
    let (quotient, remainder) = denominator.dividingFullWidth((numerator >> 1, numerator << 63))
    let isShort = quotient.leadingZeroBitCount == 1
    let dropped = isShort ? 10 : 11
    var kept = quotient >> UInt64(dropped)
    let rest = quotient & (1 << UInt64(dropped) - 1)
    let half: UInt64 = 1 << UInt64(dropped - 1)
    if rest > half || (rest == half && (remainder != 0 || kept & 1 == 1)) { kept += 1 }
    // mantissa/divisor = quotient·2^(divisorShift − mantissaShift − 63), far from the subnormals.
    let exponent = dropped + divisorShift - mantissaShift - 63
    return Double(sign: .plus, exponent: exponent, significand: Double(kept))
  }

  /// Swift's own conversion: correctly rounded, whatever the locale, but through a String.
  private static func slow(_ text: Bytes) -> Double? {
    Double(String(decoding: text.map { $0 | 32 == .of("d") ? .of("e") : $0 }, as: UTF8.self))
  }

  private static let powers: [Double] = (0...22).map { power in
    (0..<power).reduce(1.0) { value, _ in value * 10 }
  }
  private static let integerPowers: [UInt64] = (0...19).map { power in
    (0..<power).reduce(1) { value, _ in value * 10 }
  }
}
