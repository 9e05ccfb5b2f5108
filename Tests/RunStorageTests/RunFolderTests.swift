import AtomicData
import ExpressionTrees
import Foundation
import Testing

@testable import RunStorage

struct RunFolderTests {
  static let document = FrontDocument(
    dataset: DatasetSummary(name: "d", sha256: "00", frames: 2, rmsForce: 0.1), cutoff: 10,
    cutoffMode: "constraint", seed: 1,
    grammar: GrammarSummary(operators: ["+"], parameters: ["global"], maxComplexity: 9),
    certifiedComplexity: 0, evaluations: 3, floor: nil,
    baselines: [BaselineSummary(name: "U = 0", directRMSE: 0.1, validationRMSE: nil, r2: 0)],
    front: [
      FrontEntry(
        complexity: 6, expression: "X*exp(b*r)",
        parameters: [
          "b": .number(-1.5), "X": .byName(["O": 2, "H": 1]), "A": .byName(["H-O": 3]),
        ], trainRMSE: 0.05,
        validationRMSE: nil, validationR2: nil, compressedRMSE: 0.05, directRMSE: 0.05, r2: 0.75,
        maxConstraintViolation: 0, recommended: true, flags: [])
    ])

  static let stage = RunStage(
    number: 0, version: "1", commit: "abc", arguments: ["--seed=1", "/data.xyz"], seed: 1)

  /// Calls `body` with a folder that is removed afterwards.
  static func withFolder(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("symreg-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  @Test("what is written reads back, and missing numbers are null")
  func roundTrip() throws {
    try Self.withFolder { folder in
      let run = try RunFolder(creating: folder + "/a/run", stage: Self.stage)
      try run.write(Self.document)
      #expect(try RunFolder(existing: folder + "/a/run").front() == Self.document)
      let json = try String(contentsOfFile: folder + "/a/run/front.json", encoding: .utf8)
      #expect(json.contains(#""validationRMSE" : null"#))
      #expect(json.contains(#""floor" : null"#))
      let csv = try String(contentsOfFile: folder + "/a/run/front.csv", encoding: .utf8)
      #expect(
        csv.split(separator: "\n")[1]
          == #"6,"X*exp(b*r)","A.H-O=3.0; X.H=1.0; X.O=2.0; b=-1.5",0.05,,0.05,0.05,0.75,0.0,true"#)
    }
  }

  @Test("a folder that exists is refused and left alone")
  func existing() throws {
    try Self.withFolder { folder in
      #expect(throws: InputError.self) { try RunFolder(creating: folder, stage: Self.stage) }
      let content = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(content.isEmpty)
      #expect(throws: InputError.self) { try RunFolder(existing: folder) }
    }
  }

  @Test("a front that is no front is named with what is missing")
  func damaged() throws {
    try Self.withFolder { folder in
      for text in ["", "{", "{}", "[]", #"{"formatVersion":1}"#] {
        try text.write(toFile: folder + "/front.json", atomically: true, encoding: .utf8)
        #expect(throws: InputError.self, "\(text)") { try RunFolder(existing: folder).front() }
      }
    }
  }

  @Test("a run belongs to one process at a time, and to the next one after it")
  func locking() throws {
    try Self.withFolder { folder in
      let path = folder + "/run"
      do {
        let run = try RunFolder(creating: path, stage: Self.stage)
        #expect(throws: InputError.self) { try RunFolder(continuing: path) }
        #expect(try RunFolder(existing: path).isAtWork)
        withExtendedLifetime(run) {}
      }
      #expect(try !RunFolder(existing: path).isAtWork)
      _ = try RunFolder(continuing: path)
    }
  }

  @Test("many processes that begin at once get a folder each, with their own stage in it")
  func parallel() async throws {
    let place = try RunStoreTests.Place()
    let numbers = await withThrowingTaskGroup(of: UInt64.self) { group in
      for seed in 1...8 as ClosedRange<UInt64> {
        group.addTask {
          var stage = Self.stage
          stage.seed = seed
          let run = try RunFolder(creating: "\(place.path)/a/\(seed % 4)", stage: stage)
          #expect(try run.store(for: .reading).stages().map(\.seed) == [seed])
          return seed
        }
      }
      var numbers: [UInt64] = []
      while let result = await group.nextResult() {
        switch result {
        case .success(let seed): numbers.append(seed % 4)
        case .failure(let error): #expect(error is InputError, "\(error)")
        }
      }
      return numbers
    }
    #expect(numbers.sorted() == [0, 1, 2, 3])
    let names = try FileManager.default.contentsOfDirectory(atPath: place.path + "/a")
    #expect(names.sorted() == ["0", "1", "2", "3"])
  }

  @Test("a run discarded leaves nothing, and nothing of others is touched")
  func discarding() throws {
    try Self.withFolder { folder in
      let other = try RunFolder(creating: folder + "/a/run.part", stage: Self.stage)
      let run = try RunFolder(creating: folder + "/a/run/", stage: Self.stage)
      #expect(run.path == folder + "/a/run")
      run.discard()
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/a") == ["run.part"])
      #expect(try other.store(for: .reading).stages() == [Self.stage])
    }
  }

  @Test("a file that cannot be written whole leaves the old one")
  func fullDisk() throws {
    try Self.withFolder { folder in
      let run = try RunFolder(creating: folder + "/run", stage: Self.stage)
      try run.write(Self.document)
      // Every write to this device says that there is no room.
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/run/front.json.part", withDestinationPath: "/dev/full")
      let error = #expect(throws: RunStorageError.self) { try run.write(Self.document) }
      #expect(error?.isFull == true)
      #expect(try run.front() == Self.document)
    }
  }
}
