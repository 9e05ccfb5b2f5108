import AtomicData
import Foundation
import TestSupport
import Testing

/// Every fault of a file is told in one line that says where it is and how to mend it.
struct MalformedFileTests {
  private static let corpus = Result {
    try MalformedCorpus(
      folder: TestFiles.corpus.appending(path: "Malformed"), fileExtension: "xyz")
  }

  @Test(
    "a malformed file gives the one line that says so",
    arguments: try corpus.get().cases)
  func malformed(_ example: MalformedCorpus.Case) async throws {
    for threads in [1, 3] {
      let error = await #expect(throws: InputError.self) {
        try await Dataset.open([DataSource(path: example.path)], threads: threads)
      }
      #expect(error?.description == example.error)
    }
  }

  @Test("each malformed file has its error, and each error its file")
  func pairs() throws {
    let corpus = try Self.corpus.get()
    #expect(corpus.singles.isEmpty)
    #expect(corpus.cases.count > 100)
  }

  @Test(
    "a file that does not suit the options gives the one line that says so",
    arguments: MalformedFile.all)
  func unsuitable(_ example: MalformedFile) async throws {
    try await TestFiles.withFile(example.text) { path in
      for threads in [1, 3] {
        let error = await #expect(throws: InputError.self) {
          try await Dataset.open(
            [DataSource(path: path)], options: example.options, threads: threads)
        }
        // The remedy's FILE is literal.
        let expected = example.error.replacingOccurrences(of: "FILE", with: path)
          .replacingOccurrences(of: "or \(path):", with: "or FILE:")
        #expect(error?.description == expected)
      }
    }
  }

  @Test("of many faults the first in the file is told, whatever the threads", arguments: [1, 2, 5])
  func firstFault(threads: Int) async throws {
    let good = String(repeating: MalformedFile.frame, count: 200)
    let bad = MalformedFile.oneAtom(MalformedFile.properties, "H 0 0 0 1 2 x")
    try await TestFiles.withFile(good + bad + good + bad + bad + "x") { path in
      let error = await #expect(throws: InputError.self) {
        try await Dataset.open([DataSource(path: path)], threads: threads)
      }
      #expect(error?.line == 603)
    }
  }

  @Test("a missing file, a directory and a device are told apart")
  func noFile() async throws {
    let expected = [
      "/no/such/file.xyz": "/no/such/file.xyz: expected a file, found none; check the path",
      "/tmp": "/tmp: expected a file, found a directory; name the files in it",
      "/dev/null": "/dev/null: expected a file, found a pipe or device"
        + "; save the data to a file, it is read more than once",
    ]
    for (path, message) in expected {
      let error = await #expect(throws: InputError.self) {
        try await Dataset.open([DataSource(path: path)])
      }
      #expect(error?.description == message)
    }
  }

  @Test("a pipe is refused, not waited for", .timeLimit(.minutes(10)))
  func pipe() async throws {
    let path = NSTemporaryDirectory() + "symreg-\(UUID()).pipe"
    try #require(mkfifo(path, 0o600) == 0)
    defer { unlink(path) }
    let error = await #expect(throws: InputError.self) {
      try await Dataset.open([DataSource(path: path)])
    }
    #expect(error?.message == "expected a file, found a pipe or device")
  }

  @Test(
    "a file that may not be read is told", .enabled(if: geteuid() != 0, "root reads every file"))
  func unreadable() async throws {
    try await TestFiles.withFile(MalformedFile.frame) { path in
      try #require(chmod(path, 0) == 0)
      let error = await #expect(throws: InputError.self) {
        try await Dataset.open([DataSource(path: path)])
      }
      #expect(
        error?.message == "expected a file that can be read, found: Permission denied")
    }
  }

  @Test(
    "a line without end is refused before it fills the memory", .timeLimit(.minutes(10)),
    arguments: [(2, "1\n"), (3, "1\n\(MalformedFile.properties)\n")])
  func endlessLine(line: Int, start: String) async throws {
    let text = start + String(repeating: "x", count: 17 << 20)
    try await TestFiles.withFile(text) { path in
      let error = await #expect(throws: InputError.self) {
        try await Dataset.open([DataSource(path: path)])
      }
      #expect(
        error?.description
          == "\(path):\(line): expected a line of at most 16777216 bytes, found a longer one"
          + "; check how the file was written")
    }
  }

  @Test(
    "bonds in a cell as thin as is read take no time, whatever the atoms",
    .timeLimit(.minutes(10)), arguments: ["H", "Ar", "U"])
  func thinCell(element: String) async throws {
    let count = 1_000
    let comment = MalformedFile.properties + " Lattice=\"0.5 0 0 0 0.5 0 0 0 0.5\""
    let atoms = (0..<count).map { "\($0 == 0 ? "U" : element) 0 0 0.\($0) 1 2 3\n" }.joined()
    try await TestFiles.withFile("\(count)\n\(comment)\n\(atoms)") { path in
      let dataset = try await Dataset.open(
        [DataSource(path: path)], options: ReadingOptions(validationFraction: 0))
      let molecules = try #require(try dataset.allFrames()[0].molecules)
      #expect(Set(molecules).count == (element == "Ar" ? count : 1))
    }
  }

  @Test(
    "Properties of as many columns as can be take no time", .timeLimit(.minutes(10)))
  func manyColumns() async throws {
    let columns = (0..<90_000).map { ":c\($0):I:1" }.joined()
    let text = MalformedFile.oneAtom(MalformedFile.properties + columns)
    try await TestFiles.withFile(text) { path in
      let error = await #expect(throws: InputError.self) {
        try await Dataset.open([DataSource(path: path)])
      }
      #expect(error?.message == "expected 90007 columns as Properties says, found 7")
    }
  }

  @Test("no data file and a weight that is none are told")
  func badSources() async throws {
    let none = await #expect(throws: InputError.self) { try await Dataset.open([]) }
    #expect(none?.description == "expected a data file, found none")
    let weight = await #expect(throws: InputError.self) {
      try await Dataset.open([DataSource(path: "a.xyz", weight: .nan)])
    }
    #expect(weight?.file == "a.xyz")
  }

  @Test("files cut anywhere, or with any byte changed, give frames or an error", arguments: [1, 2])
  func mutilated(seed: UInt64) async throws {
    let source = try String(
      contentsOf: TestFiles.corpus.appending(path: "Specification/molecules-tabs-order.xyz"),
      encoding: .utf8)
    let marks = Array(" \t\n\r\"'{}[]=,:0123456789-+.eTF\u{7f}".utf8)
    var random = RandomStream(seed: seed, purpose: 3)
    for _ in 0..<300 {
      var bytes = Array((source + source).utf8)
      if random.nextInt(below: 3) == 0 { bytes.removeLast(random.nextInt(below: bytes.count)) }
      for _ in 0..<random.nextInt(below: 4) where !bytes.isEmpty {
        bytes[random.nextInt(below: bytes.count)] = marks[random.nextInt(below: marks.count)]
      }
      try await TestFiles.withFile(String(decoding: bytes, as: UTF8.self)) { path in
        do {
          let dataset = try await Dataset.open([DataSource(path: path)])
          #expect(try dataset.allFrames().count == dataset.frameCount)
        } catch let error as InputError {
          #expect(!error.description.contains("\n"))
        }
      }
    }
  }
}
