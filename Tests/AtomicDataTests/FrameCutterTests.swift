import Foundation
import Testing

@testable import AtomicData

struct FrameCutterTests {
  /// Frames of random size, with blank lines, both line ends, and perhaps no final line feed.
  private static func randomText(_ random: inout RandomStream) -> String {
    var text = ""
    for index in 0..<random.nextInt(below: 200) {
      text += SampleText.frame(index, atomCount: 1 + random.nextInt(below: 5))
      if random.nextInt(below: 10) == 0 { text += " \n" }
    }
    if random.nextInt(below: 2) == 0 { text = text.replacingOccurrences(of: "\n", with: "\r\n") }
    if random.nextInt(below: 2) == 0, text.hasSuffix("\n") { text.removeLast() }
    return text
  }

  private static func blocks(_ path: String, chunkSize: Int) throws -> [TextBlock] {
    let cutter = FrameCutter(file: try InputFile(path: path), chunkSize: chunkSize)
    var blocks: [TextBlock] = []
    while let block = try cutter.next() { blocks.append(block) }
    return blocks
  }

  @Test(
    "the blocks do not depend on the size of the chunks read",
    arguments: 1...8 as ClosedRange<UInt64>)
  func chunkSizes(seed: UInt64) async throws {
    var random = RandomStream(seed: seed, purpose: 1)
    let text = Self.randomText(&random)
    let sizes = [1, 2, 7, 1 + random.nextInt(below: 500), 1 + random.nextInt(below: 100_000)]
    try await TestFiles.withFile(text) { path in
      let expected = try Self.blocks(path, chunkSize: 1 << 20)
      #expect(expected.map(\.frames.count).dropLast().allSatisfy { $0 == 64 })
      for size in sizes {
        let found = try Self.blocks(path, chunkSize: size)
        #expect(found.map(\.bytes) == expected.map(\.bytes), "chunk \(size), seed \(seed)")
        #expect(found.map(\.frames) == expected.map(\.frames), "chunk \(size), seed \(seed)")
      }
    }
  }

  @Test("a block of large frames ends behind the frame that fills 1 MiB")
  func largeFrames() async throws {
    let frame = SampleText.frame(1, atomCount: 10_000)
    let perBlock = (FrameCutter.bytesPerBlock + frame.utf8.count - 1) / frame.utf8.count
    try await TestFiles.withFile(String(repeating: frame, count: 2 * perBlock + 1)) { path in
      let blocks = try Self.blocks(path, chunkSize: 1 << 20)
      #expect(blocks.map(\.frames.count) == [perBlock, perBlock, 1])
    }
  }

  @Test("frames know the line of their count")
  func lines() async throws {
    let text = "\n" + SampleText.frame(0) + "\n\n" + SampleText.frame(1, atomCount: 1)
    try await TestFiles.withFile(text) { path in
      let frames = try Self.blocks(path, chunkSize: 3).flatMap(\.frames)
      #expect(frames.map(\.line) == [2, 8])
      #expect(frames.map(\.atomCount) == [2, 1])
    }
  }

  @Test("a fault in a later frame leaves the frames before it")
  func faultBehindFrames() async throws {
    try await TestFiles.withFile(SampleText.frame(0) + "x\n") { path in
      let cutter = FrameCutter(file: try InputFile(path: path))
      #expect(try cutter.next()?.frames.count == 1)
      #expect(throws: InputError.self) { try cutter.next() }
    }
  }
}
