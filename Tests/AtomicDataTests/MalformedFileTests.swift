import AtomicData
import Foundation
import Testing

/// Every fault of a file is told in one line that says where it is and how to mend it.
struct MalformedFileTests {
  @Test(
    "a malformed file gives the one line that says so", arguments: MalformedFile.all)
  func malformed(_ example: MalformedFile) async throws {
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
