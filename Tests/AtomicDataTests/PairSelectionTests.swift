import Testing

@testable import AtomicData

struct PairSelectionTests {
  @Test(
    "ranges of bonds read as they print",
    arguments: [
      ("bonds:3+", BondRange(3, through: nil)), ("bonds:1-2", BondRange(1, through: 2)),
      ("bonds:1", BondRange(1, through: 1)), ("bonds:2-3", BondRange(2, through: 3)),
    ])
  func ranges(text: String, range: BondRange) {
    #expect(PairSelection(rawValue: text) == .bonds(range))
    #expect(PairSelection.bonds(range).rawValue == text)
  }

  @Test(
    "what is no range is none",
    arguments: [
      "bonds:", "bonds:0", "bonds:0+", "bonds:2-1", "bonds:1-", "bonds:-1", "bonds:1-2-3",
      "bonds:1-2+", "bonds:+", "bonds:x", "bonds:1.5", "bonds:16", "bonds: 1", "bonds:3++", "some",
      "bonds", "",
    ])
  func noRanges(text: String) {
    #expect(PairSelection(rawValue: text) == nil)
  }

  @Test("atoms that no bonds connect are in open ranges alone")
  func contents() {
    let (open, closed) = (BondRange(3, through: nil), BondRange(1, through: 2))
    #expect([1, 2, 3, 9, nil].map { open.contains($0) } == [false, false, true, true, true])
    #expect([1, 2, 3, nil].map { closed.contains($0) } == [true, true, false, false])
    #expect(PairSelection.bonds(open).bondReach == 2 && PairSelection.bonds(closed).bondReach == 2)
    #expect(PairSelection.all.bondReach == nil)
  }
}
