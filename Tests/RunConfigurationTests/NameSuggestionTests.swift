import Testing

@testable import RunConfiguration

struct NameSuggestionTests {
  @Test(
    "the distance of two words is the least number of edits",
    arguments: [
      ("", "", 0), ("", "abc", 3), ("kitten", "sitting", 3), ("flaw", "lawn", 2),
      ("cutoff", "cutof", 1),
    ])
  func distances(a: String, b: String, expected: Int) {
    #expect(NameSuggestion.distance(Array(a), Array(b)) == expected)
    #expect(NameSuggestion.distance(Array(b), Array(a)) == expected)
  }

  @Test("no name is near a text that is none, however long it is")
  func longText() {
    let text = String(repeating: "cutoff", count: 100_000)
    #expect(NameSuggestion.nearest(to: text, among: ["cutoff"]) == nil)
  }
}
