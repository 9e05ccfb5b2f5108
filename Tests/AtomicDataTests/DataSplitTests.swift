import AtomicData
import Testing

struct DataSplitTests {
  private static func parts(
    _ text: String, _ options: ReadingOptions
  ) async throws -> [DataPart] {
    try await TestFiles.withFile(text) { path in
      try await Dataset.open([DataSource(path: path)], options: options).allFrames().map(\.part)
    }
  }

  private static let frames = (0..<2000).map { SampleText.frame($0, keys: "group=g\($0 / 20)") }

  @Test(
    "about the asked share of the frames is kept for validation", arguments: [0, 0.1, 0.2, 0.5])
  func share(fraction: Double) async throws {
    let parts = try await Self.parts(
      Self.frames.joined(), ReadingOptions(validationFraction: fraction))
    let share = Double(parts.count { $0 == .validation }) / Double(parts.count)
    // Three standard deviations of a binomial share.
    #expect(abs(share - fraction) <= 3 * (fraction * (1 - fraction) / 2000).squareRoot())
    for fold in 0..<DataPart.foldCount {
      let share = Double(parts.count { $0 == .training(fold: fold) }) / Double(parts.count)
      #expect(abs(share - (1 - fraction) / 5) < 0.03)
    }
  }

  @Test("another split seed divides otherwise, the same seed alike")
  func seeds() async throws {
    let text = Self.frames.prefix(200).joined()
    let first = try await Self.parts(text, ReadingOptions(splitSeed: 0))
    #expect(try await Self.parts(text, ReadingOptions(splitSeed: 0)) == first)
    #expect(try await Self.parts(text, ReadingOptions(splitSeed: 1)) != first)
  }

  @Test("a frame's part does not change when frames are added behind it")
  func stability() async throws {
    let short = try await Self.parts(Self.frames.prefix(100).joined(), ReadingOptions())
    let long = try await Self.parts(Self.frames.prefix(300).joined(), ReadingOptions())
    #expect(Array(long.prefix(100)) == short)
  }

  @Test("frames of a group stay together")
  func groups() async throws {
    let parts = try await Self.parts(
      Self.frames.joined(), ReadingOptions(groupKey: "group"))
    for group in 0..<100 {
      #expect(Set(parts[20 * group..<20 * group + 20]).count == 1)
    }
    #expect(Set(parts).count == DataPart.foldCount + 1)
  }
}
