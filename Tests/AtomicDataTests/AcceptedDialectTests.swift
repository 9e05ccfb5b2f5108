import AtomicData
import Testing

/// Files that `extxyz` 0.4.6 refuses or misreads and that we read on purpose: each frame is one
/// argon atom at (1, 2, 3) Å with the force (4, 5, 6) eV/Å.
struct AcceptedDialectTests {
  @Test(
    "dialects met in the wild are read",
    arguments: [
      // Blank lines between frames and several at the end.
      ("blank-lines.xyz", 2, []),
      // `i=0,` as in the argon data.
      ("trailing-commas.xyz", 1, ["cutoff", "i", "time"]),
      // A bare key means true.
      ("bare-keys.xyz", 1, ["energy"]),
      // Empty values, commas and brackets in bare values.
      ("loose-values.xyz", 1, ["energy"]),
      ("byte-order-mark.xyz", 1, []),
      // extxyz takes 007 for a text.
      ("leading-zeros.xyz", 1, ["energy"]),
    ])
  func acceptedDialects(file: String, frameCount: Int, numericKeys: [String]) async throws {
    let dataset = try await open(file)
    let frames = try dataset.allFrames()
    #expect(frames.count == frameCount)
    #expect(dataset.numericKeys == numericKeys)
    for frame in frames {
      #expect(frame.positions == [SIMD3(1, 2, 3)])
      #expect(frame.forces == [SIMD3(4, 5, 6)])
      #expect(frame.cell == .isolated)
    }
    #expect(dataset.pairTypes.typeNames == ["Ar"])
  }

  @Test("lattice, pbc and properties may be in lower case and in single quotes")
  func lowerCase() async throws {
    let frames = try await open("case-and-single-quotes.xyz").allFrames()
    let vectors = [SIMD3<Double>(7, 0, 0), SIMD3(0, 8, 0), SIMD3(0, 0, 9)]
    #expect(frames.map(\.cell) == [Cell(vectors: vectors, isPeriodic: [true, true, false])])
    #expect(frames[0].forces == [SIMD3(4, 5, 6)])
  }

  private func open(_ file: String) async throws -> Dataset {
    try await Dataset.open(
      [DataSource(path: TestFiles.corpus.appending(path: "Accepted/" + file).path)],
      options: ReadingOptions(validationFraction: 0))
  }
}
