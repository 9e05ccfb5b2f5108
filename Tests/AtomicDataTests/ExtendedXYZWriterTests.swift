import Foundation
import Testing

@testable import AtomicData

/// What is written is what is read.
@Suite("Writer of extended XYZ")
struct ExtendedXYZWriterTests {
  private static let typeNames = ["Cl", "Na"]

  /// Frames with every digit a number can have; every other one repeats in all directions.
  private static func frames(_ count: Int) -> InMemoryFrames {
    var random = RandomStream(seed: 3, purpose: 0x585945)
    func vector(_ size: Double) -> SIMD3<Double> {
      size * (2 * SIMD3(random.nextUnit(), random.nextUnit(), random.nextUnit()) - 1)
    }
    let frames = (0..<count).map { number -> Frame in
      let atoms = 2 + random.nextInt(below: 5)
      let cell = Cell(
        vectors: [SIMD3(9, 0, 0), SIMD3(0.1, 8, 0), vector(1) + SIMD3(0, 0, 7)],
        isPeriodic: [true, true, true])
      return Frame(
        positions: (0..<atoms).map { _ in vector(5) },
        forces: (0..<atoms).map { _ in vector(pow(10, Double(random.nextInt(below: 24)) - 12)) },
        types: (0..<atoms).map { $0 % 2 }, molecules: Array(0..<atoms),
        cell: number % 2 == 0 ? cell : .isolated, energy: vector(100).x,
        virial: Virial(diagonal: vector(3), offDiagonal: vector(1e-7)))
    }
    return InMemoryFrames(pairTypes: PairTypes(typeNames: typeNames), frames: frames)
  }

  private static func withFolder<Result>(
    _ body: (_ path: (String) -> String) async throws -> Result
  ) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "symreg-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body { folder.appending(path: $0).path() }
  }

  @Test("frames come back to the last bit, on any number of threads", arguments: [1, 3])
  func roundTrip(threads: Int) async throws {
    let source = Self.frames(150)
    try await Self.withFolder { path in
      let writer = ExtendedXYZWriter(typeNames: Self.typeNames, keys: [("origin", "a test")])
      try await writer.write(source, to: path("a.xyz"), threads: threads)
      var options = ReadingOptions(validationFraction: 0)
      (options.readsEnergies, options.readsVirials) = (true, true)
      let dataset = try await Dataset.open([DataSource(path: path("a.xyz"))], options: options)
      let frames = try dataset.allFrames()
      #expect(frames.count == 150)
      for (read, written) in zip(frames, source.frames) {
        #expect(read.positions == written.positions)
        #expect(read.forces == written.forces)
        #expect(read.types == written.types)
        #expect(read.molecules == written.molecules)
        #expect(read.energy == written.energy)
        #expect(read.virial == written.virial)
        #expect(read.cell.isPeriodic == written.cell.isPeriodic)
        if !written.cell.isIsolated { #expect(read.cell.vectors == written.cell.vectors) }
      }
      #expect(dataset.pairSelection == .all)
    }
  }

  @Test(
    "a value comes back whatever stands in it",
    arguments: ["X/r", "X/r^12 - Y/r^6", "a\"b\\c", "", "b=3; X.H=1", "{[", "T"])
  func values(value: String) throws {
    let writer = ExtendedXYZWriter(typeNames: ["A"], keys: [("key", value), ("next", "1")])
    let frame = Frame(positions: [.zero], forces: [.zero], types: [0])
    let line = Array(writer.text(of: frame).split(separator: "\n")[1].utf8)
    try line.withUnsafeBufferPointer { line in
      var comment = CommentLine()
      try comment.read(line)
      let entry = try #require(comment.entry(named: "key", in: line))
      #expect(String(decoding: CommentLine.text(of: entry, in: line), as: UTF8.self) == value)
      #expect(comment.entry(named: "next", in: line) != nil)
    }
  }

  @Test("a file that is there is refused, or written over whole where that is asked for")
  func replacing() async throws {
    try await Self.withFolder { path in
      let writer = ExtendedXYZWriter(typeNames: Self.typeNames)
      try Data("mine".utf8).write(to: URL(filePath: path("a.xyz")))
      let error = try await #require(throws: InputError.self) {
        try await writer.write(Self.frames(2), to: path("a.xyz"))
      }
      #expect(error.message == "expected a new file, found that it exists")
      #expect(try String(contentsOfFile: path("a.xyz"), encoding: .utf8) == "mine")
      try await writer.write(Self.frames(2), to: path("a.xyz"), isReplacing: true)
      #expect(try String(contentsOfFile: path("a.xyz"), encoding: .utf8).contains("Properties="))
      #expect(try FileManager.default.contentsOfDirectory(atPath: path("")) == ["a.xyz"])
    }
  }

  @Test("where the frames fail, what was there stays and nothing is left beside it")
  func failing() async throws {
    struct Failing: FrameSource {
      let pairTypes = PairTypes(typeNames: ExtendedXYZWriterTests.typeNames)
      let pairSelection = PairSelection.all
      final class Reader: FrameBlockReader {
        var count = 0
        func next() -> FrameBlock? {
          count += 1
          return FrameBlock { [count] in
            if count > 20 { throw InputError("expected more frames, found none") }
            return ExtendedXYZWriterTests.frames(2).frames
          }
        }
      }
      func makeBlockReader() -> any FrameBlockReader { Reader() }
    }
    try await Self.withFolder { path in
      try Data("mine".utf8).write(to: URL(filePath: path("a.xyz")))
      await #expect(throws: InputError.self) {
        try await ExtendedXYZWriter(typeNames: Self.typeNames)
          .write(Failing(), to: path("a.xyz"), isReplacing: true, threads: 2)
      }
      #expect(try String(contentsOfFile: path("a.xyz"), encoding: .utf8) == "mine")
      #expect(try FileManager.default.contentsOfDirectory(atPath: path("")) == ["a.xyz"])
    }
  }

  @Test("a place where no file can be made is an error", arguments: ["none/a.xyz", ""])
  func places(name: String) async throws {
    try await Self.withFolder { path in
      let error = try await #require(throws: InputError.self) {
        try await ExtendedXYZWriter(typeNames: Self.typeNames)
          .write(Self.frames(2), to: path(name), isReplacing: true)
      }
      #expect(error.remedy == "choose another with --out")
    }
  }
}
