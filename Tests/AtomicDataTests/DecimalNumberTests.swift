import Foundation
import Testing

@testable import AtomicData

struct DecimalNumberTests {
  @Test(
    "numbers are rounded as strtod rounds them",
    arguments: [
      "0", "-0", "1", "+1", ".5", "5.", "007", "1e5", "1E-5", "1.25e+02", "9007199254740993",
      "9007199254740992.5", "0.30000000000000004", "18446744073709551615", "1e22", "1e23", "1e-22",
      "123456789012345678", "4503599627370497.5", "4503599627370496.5", "9999999999999999999",
      "0.1234567890123456789012345678901234567890", "2.2250738585072011e-308", "5e-324", "2e-324",
      "1.7976931348623157e308", "1e400", "1e-400", "1e99999999999999999999",
    ])
  func knownNumbers(_ text: String) throws {
    #expect(DecimalNumber.whole(text)?.bitPattern == strtod(text, nil).bitPattern)
  }

  @Test("random numbers are rounded as strtod rounds them", arguments: [1, 2, 3])
  func randomNumbers(seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: 1)
    var wrong: [String] = []
    for _ in 0..<20_000 {
      let digitCount = 1 + random.nextInt(below: 22)
      var digits = (0..<digitCount).map { _ in Character("\(random.nextInt(below: 10))") }
      digits.insert(".", at: random.nextInt(below: digitCount + 1))
      let exponent = random.nextInt(below: 3) == 0 ? "e\(random.nextInt(below: 60) - 30)" : ""
      let text = (random.nextInt(below: 2) == 0 ? "-" : "") + String(digits) + exponent
      if DecimalNumber.whole(text)?.bitPattern != strtod(text, nil).bitPattern {
        wrong.append(text)
      }
    }
    #expect(wrong == [], "seed \(seed)")
  }

  @Test("ties and their neighbours are rounded to even", arguments: [1, 2, 3])
  func ties(seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: 2)
    var wrong: [String] = []
    for _ in 0..<20_000 {
      // 54 significant bits with the last one set, over a power of two: halfway between Doubles.
      let odd = (random.next() >> 10) | (1 << 53) | 1
      let neighbour = odd &+ UInt64(random.nextInt(below: 3)) &- 1
      let half = "\(neighbour / 2).\(neighbour % 2 == 0 ? "0" : "5")"
      for text in ["\(neighbour)", half] {
        if DecimalNumber.whole(text)?.bitPattern != strtod(text, nil).bitPattern {
          wrong.append(text)
        }
      }
    }
    #expect(wrong == [], "seed \(seed)")
  }

  @Test("a Fortran exponent is an exponent")
  func fortranExponent() {
    #expect(DecimalNumber.whole("1.5d2") == 150)
    #expect(DecimalNumber.whole("0.1234567890123456789012D-2") == 0.1234567890123456789012e-2)
  }

  @Test(
    "what is no decimal number is refused",
    arguments: ["", " ", ".", "-", "+-1", "1e", "1e+", "e5", "nan", "inf", "0x10", "1.2.3", "1-2"])
  func malformed(_ text: String) {
    #expect(DecimalNumber.whole(text) == nil)
  }
}
