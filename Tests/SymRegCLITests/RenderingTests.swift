import Testing

@testable import SymRegCLI

@Suite("Text for people")
struct RenderingTests {
  private static let progress = {
    var progress = SearchProgress(
      name: "water-dimer", timeLimit: 60, maxEvaluations: nil, referenceError: 0.118,
      floorError: 0.056)
    progress.elapsed = 15
    progress.evaluations = 4_160
    progress.rows = (1...30).map {
      .init(
        complexity: $0, forceError: 0.118 - 0.002 * Double($0),
        expression: "X/r + Y*exp(-b*r) - Z*exp(-c*r)")
    }
    return progress
  }()

  @Test(
    "the picture of a search fits its terminal",
    arguments: [(80, 24), (50, 30), (20, 10), (200, 60), (5, 3)])
  func pictureFits(columns: Int, rows: Int) {
    let terminal = Terminal(columns: columns, rows: rows, hasColor: true)
    let lines = SearchView(progress: Self.progress).lines(on: terminal)
    #expect(lines.count < rows)
    #expect(lines.allSatisfy { $0.width < max(columns, 21) })
    if columns >= 50 {
      // The most accurate entries stay where there is no room for all.
      #expect(lines.contains { $0.plainText.hasPrefix("  30") })
      #expect(lines.contains { $0.plainText.hasSuffix("U = 0") })
    }
  }

  @Test("the head tells rate and time left")
  func head() {
    let lines = SearchView(progress: Self.progress)
      .lines(on: Terminal(columns: 80, rows: 24, hasColor: false))
    #expect(
      lines[0].text(hasColor: false) == "searching water-dimer · 4,160 fits · 277/s · 45 s left")
    #expect(lines[1].plainText.hasSuffix("25 %"))
  }

  @Test("without colours there is no escape sequence")
  func noColor() {
    let lines = SearchView(progress: Self.progress)
      .lines(on: Terminal(columns: 80, rows: 24, hasColor: true))
    #expect(lines.contains { $0.text(hasColor: true).contains("\u{1B}") })
    #expect(!lines.contains { $0.text(hasColor: false).contains("\u{1B}") })
  }

  @Test("a plain line holds the best entry")
  func plainLine() {
    #expect(
      SearchView(progress: Self.progress).plainLine
        == "15 s: 4,160 fits (277/s), 30 in the front, best on the training frames 58.00 meV/Å (30 nodes): "
        + "X/r + Y*exp(-b*r) - Z*exp(-c*r)")
  }

  @Test("a table sets its last column below where there is no room beside")
  func table() {
    var table = TextTable(["size", "RMSE", "U(r)"], rightAligned: [true, true, false])
    table.add(["3", "87.93", "X/r + Y*exp(-b*r) - Z*exp(-c*r)"])
    #expect(
      table.lines(width: nil) == [
        "size   RMSE  U(r)", "   3  87.93  X/r + Y*exp(-b*r) - Z*exp(-c*r)",
      ])
    #expect(
      table.lines(width: 42)[1...] == [
        "   3  87.93  X/r + Y*exp(-b*r) -", "             Z*exp(-c*r)",
      ])
    #expect(
      table.lines(width: 30) == [
        "size   RMSE", "      U(r)", "   3  87.93", "      X/r + Y*exp(-b*r) -",
        "      Z*exp(-c*r)",
      ])
  }

  @Test("bars fill their width in eighths")
  func bars() {
    #expect(Bar.text(share: 1, width: 4) == "████")
    #expect(Bar.text(share: 2, width: 4) == "████")
    #expect(Bar.text(share: 0.5, width: 3) == "█▌")
    #expect(Bar.text(share: 1e-9, width: 3) == "▏")
    #expect(Bar.text(share: -1, width: 3).isEmpty)
    #expect(Bar.text(share: .nan, width: 3).isEmpty)
  }

  @Test("numbers read well")
  func numbers() {
    #expect(NumberText.count(1_234_567) == "1,234,567")
    #expect(NumberText.count(1, "frame") == "1 frame")
    #expect(NumberText.time(59.4) == "59 s")
    #expect(NumberText.time(65) == "1:05 min")
    #expect(NumberText.time(7384) == "2:03:04 h")
    #expect(NumberText.forceDecimals([0.118, 0.056]) == 2)
    #expect(NumberText.forceDecimals([0.0016]) == 3)
  }

  @Test(
    "times have units",
    arguments: [("90", 90.0), ("60s", 60), ("10min", 600), ("1.5h", 5400), ("2 min", 120)])
  func durations(text: String, seconds: Double) throws {
    #expect(try OptionText("--time-limit", text).duration() == seconds)
  }

  @Test("parameters are read as front.csv writes them")
  func parameters() throws {
    let values = try ParameterAssignments.parse(
      "b=-3.5; X.H=0.2; X.O=-4e-1;Y.C.3=1; Z.a=b=2; A.H-O=-2")
    #expect(
      values == [
        "b": .number(-3.5), "X": .byName(["H": 0.2, "O": -0.4]), "Y": .byName(["C.3": 1]),
        "Z": .byName(["a=b": 2]), "A": .byName(["H-O": -2]),
      ])
  }
}
