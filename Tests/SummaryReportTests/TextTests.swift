import Testing

@testable import SummaryReport

@Suite("Numbers, quotes and colours of a report")
struct TextTests {
  @Test(
    "a value has digits down to the second of its error",
    arguments: [
      (-3.50214, 0.0048, "-3.5021 ± 0.0048"), (0.000123456, 1e-6, "1.235e-04 ± 1.0e-06"),
      (12.34, 4.5, "12.3 ± 4.5"), (1234.6, 450, "1235 ± 450"), (5, 0, "5"), (1.5, .nan, "1.5"),
      (0, 0.1, "0"),
    ])
  func values(value: Double, error: Double, text: String) {
    #expect(ReportNumber.value(value, error: error) == text)
  }

  @Test("numbers of forces and times")
  func numbers() {
    #expect(ReportNumber.force(0.0571, 0.0012, decimals: 2) == "57.10 ± 1.2")
    #expect(ReportNumber.forceDecimals([0.118, 0.056]) == 2)
    #expect(ReportNumber.count(1_234_567) == "1,234,567")
    #expect(ReportNumber.time(7.24) == "7.2 s")
    #expect(ReportNumber.time(59.97) == "1:00 min")
    #expect(ReportNumber.time(7384) == "2:03:04 h")
  }

  @Test(
    "text for gnuplot stays text",
    arguments: [
      ("O'Neill", "'O''Neill'"), ("a\nquit", "'a quit'"), ("`touch x`", "'`touch x`'"),
      ("@x $y \\", "'@x $y \\'"),
    ])
  func gnuplotText(text: String, quoted: String) {
    #expect(Plot.quoted(text) == quoted)
  }

  @Test("text for HTML stays text")
  func htmlText() {
    #expect(
      HTMLText.escaped("<b a=\"1\">&'") == "&lt;b a=&quot;1&quot;&gt;&amp;&#39;")
  }

  @Test("a shell takes each argument as it is")
  func shellText() {
    #expect(
      ShellText.command(["symreg", "fit", "X/r + Y", "it's", "", "--a=b"])
        == "symreg fit 'X/r + Y' 'it'\\''s' '' --a=b")
  }

  @Test("no two colours are alike, and text stands out from the page, light and dark")
  func contrast() {
    func luminance(_ color: String) -> Double {
      let value = Int(color.dropFirst(), radix: 16) ?? 0
      let parts = [value >> 16, value >> 8 & 255, value & 255].map { part -> Double in
        let share = Double(part) / 255
        // WCAG 2.2, relative luminance.
        return share <= 0.04045 ? share / 12.92 : power((share + 0.055) / 1.055)
      }
      return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }
    func contrast(_ a: String, _ b: String) -> Double {
      let values = [luminance(a), luminance(b)].sorted()
      return (values[1] + 0.05) / (values[0] + 0.05)
    }
    #expect(Set(Palette.allCases.map(\.light)).count == Palette.allCases.count)
    for color in [\Palette.light, \Palette.dark] {
      for text in [Palette.ink, .muted] {
        for ground in [Palette.paper, .shade] {
          #expect(contrast(text[keyPath: color], ground[keyPath: color]) >= 4.5)
        }
      }
      // Lines of figures: WCAG 2.2, 1.4.11, asks for 3; the lightest of Okabe and Ito's are told by dashes too.
      for line in [Palette.blue, .vermilion, .green] {
        #expect(contrast(line[keyPath: color], Palette.paper[keyPath: color]) >= 3)
      }
    }
  }

  private func power(_ base: Double) -> Double {
    // base^2.4 = base² · base^(2/5), by Newton's method for the fifth root.
    var root = 1.0
    for _ in 0..<60 {
      root -= (root * root * root * root * root - base) / (5 * root * root * root * root)
    }
    return base * base * root * root
  }
}
