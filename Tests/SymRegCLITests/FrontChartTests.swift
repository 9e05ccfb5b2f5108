import ExpressionTrees
import RunStorage
import Testing

@testable import SymRegCLI

@Suite("Chart of a front on a terminal")
struct FrontChartTests {
  private static let document: FrontDocument = {
    let entries = [3, 5, 8, 13, 19].map { size in
      FrontEntry(
        complexity: size, expression: "X/r", parameters: [:], trainRMSE: 0.1,
        validationRMSE: nil, validationR2: nil, compressedRMSE: 0.1,
        directRMSE: 0.06 + 0.1 / Double(size), r2: 0.5, maxConstraintViolation: 0,
        recommended: size == 8, flags: [])
    }
    return FrontDocument(
      dataset: DatasetSummary(name: "water", sha256: "", frames: 10, rmsForce: 0.12), cutoff: 10,
      cutoffMode: "none", seed: 1,
      grammar: GrammarSummary(operators: [], parameters: [], maxComplexity: 20),
      certifiedComplexity: 6, evaluations: 10,
      floor: FloorSummary(rmse: 0.058, crossValidatedRMSE: 0.06, validationRMSE: nil),
      baselines: [], front: entries)
  }()

  private static func lines(columns: Int, rows: Int = 24) -> [StyledLine] {
    FrontChart(document: document).lines(
      on: Terminal(columns: columns, rows: rows, hasColor: false))
  }

  @Test("it fits the terminal, and has a mark for each entry", arguments: [40, 80, 200])
  func fits(columns: Int) {
    let lines = Self.lines(columns: columns)
    #expect(lines.allSatisfy { $0.width < columns })
    // The legend has a star of its own.
    let chart = lines.dropLast().map(\.plainText).joined()
    #expect(chart.count(where: { $0 == "●" }) == 4)
    #expect(chart.count(where: { $0 == "★" }) == 1)
  }

  @Test("where there is no room there is no chart", arguments: [(10, 24), (80, 5)])
  func tiny(columns: Int, rows: Int) {
    #expect(Self.lines(columns: columns, rows: rows).isEmpty)
  }

  @Test("errors fall to the right, and the last is next to the floor")
  func shape() {
    let lines = Self.lines(columns: 80).map(\.plainText)
    #expect(lines[2].contains("●") && lines[2].hasPrefix("93.33 ┤"))
    #expect(lines[10].hasPrefix("58.00 ┤") && lines[10].contains("┄"))
  }

  @Test("a terminal without Unicode gets ASCII")
  func ascii() {
    var terminal = Terminal(columns: 60, rows: 24, hasColor: false)
    terminal.isUnicode = false
    let text = FrontChart(document: Self.document).lines(on: terminal)
      .map { terminal.shown($0.text(hasColor: false)) }.joined()
    #expect(text.unicodeScalars.allSatisfy { $0.isASCII })
  }

  @Test(
    "the locale and the kind of terminal say what it can show",
    arguments: [
      ("xterm", ["LANG": "en_US.UTF-8"], true), ("xterm", ["LANG": "C.utf8"], true),
      ("xterm", ["LANG": "en_US.UTF-8", "LC_ALL": "C"], false), ("xterm", [:], false),
      ("linux", ["LANG": "en_US.UTF-8"], false), ("vt100", ["LC_CTYPE": "UTF-8"], false),
    ])
  func locale(kind: String, environment: [String: String], isUnicode: Bool) {
    #expect(Terminal.isUnicode(kind: kind, environment: environment) == isUnicode)
  }
}
