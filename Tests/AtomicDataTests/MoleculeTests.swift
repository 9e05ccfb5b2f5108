import AtomicData
import Testing

struct MoleculeTests {
  /// Frames of four hydrogen atoms with these molecule labels.
  private static func text(
    _ labels: [String], kind: String = "I", name: String = "mol_id"
  ) -> String {
    labels.map { labels in
      let words = labels.split(separator: " ")
      return "\(words.count)\nProperties=species:S:1:pos:R:3:forces:R:3:\(name):\(kind):1\n"
        + words.enumerated().map { "H \($0.offset) 0 0 1 0 0 \($0.element)\n" }.joined()
    }.joined()
  }

  private static func open(
    _ text: String, _ options: ReadingOptions
  ) async throws -> (Dataset, [Frame]) {
    try await TestFiles.withFile(text) { path in
      let dataset = try await Dataset.open([DataSource(path: path)], options: options)
      return (dataset, try dataset.allFrames())
    }
  }

  @Test(
    "molecules are numbered from 0 in order of appearance",
    arguments: [
      ("I", "mol_id", "7 7 -3 7"), ("S", "molid", "W1 W1 a W1"), ("I", "molid", "1 01 2 1"),
    ])
  func numbering(kind: String, name: String, labels: String) async throws {
    let (dataset, frames) = try await Self.open(
      Self.text([labels], kind: kind, name: name), ReadingOptions(validationFraction: 0))
    #expect(frames[0].molecules == [0, 0, 1, 0])
    #expect(dataset.knowsMolecules)
    #expect(dataset.pairSelection == .inter)
  }

  @Test("one molecule in every frame means all pairs")
  func oneMolecule() async throws {
    let (dataset, _) = try await Self.open(
      Self.text(["1 1 1 1", "2 2 2 2"]), ReadingOptions(validationFraction: 0))
    #expect(dataset.pairSelection == .all)
  }

  @Test("the molecule size wins over a column, and the selection asked for over both")
  func choices() async throws {
    let (dataset, frames) = try await Self.open(
      Self.text(["1 2 1 2"]), ReadingOptions(moleculeSize: 2, validationFraction: 0))
    #expect(frames[0].molecules == [0, 0, 1, 1])
    #expect(dataset.pairSelection == .inter)
    let (all, _) = try await Self.open(
      Self.text(["1 1 2 2"]), ReadingOptions(pairs: .all, validationFraction: 0))
    #expect(all.pairSelection == .all)
  }

  @Test("equal partitions under other labels, and other atoms, are no contradiction")
  func consistent() async throws {
    let (dataset, _) = try await Self.open(
      Self.text(["1 1 2 2", "5 5 0 0", "1 2 3"]), ReadingOptions(validationFraction: 0))
    #expect(dataset.pairSelection == .inter)
  }

  @Test("frames may differ in their molecules where all pairs count")
  func allPairs() async throws {
    let (_, frames) = try await Self.open(
      Self.text(["1 1 2 2", "1 2 1 2"]), ReadingOptions(pairs: .all, validationFraction: 0))
    #expect(frames.count == 2)
  }
}
