import AtomicData
import Testing

/// Folds that were asked for, and groups held out.
struct FoldDivisionTests {
  private static func parts(
    _ frames: [String], _ configure: (inout ReadingOptions) -> Void
  ) async throws -> [DataPart] {
    var options = ReadingOptions(validationFraction: 0)
    configure(&options)
    return try await TestFiles.withFile(frames.joined()) { path in
      try await Dataset.open([DataSource(path: path)], options: options, threads: 2).allFrames()
        .map(\.part)
    }
  }

  private static func frames(_ count: Int, group: (Int) -> Int) -> [String] {
    (0..<count).map { SampleText.frame($0, keys: "group=\(group($0))") }
  }

  private static func counts(_ parts: [DataPart], folds: Int) -> [Int] {
    (0..<folds).map { fold in parts.count { $0 == .training(fold: fold) } }
  }

  @Test("folds of frames have equal numbers of them", arguments: [2, 3, 7, 100])
  func balancedFrames(folds: Int) async throws {
    let parts = try await Self.parts(Self.frames(700, group: { $0 })) { $0.foldCount = folds }
    let counts = Self.counts(parts, folds: folds)
    #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
    // Not one after the other: neighbours in a trajectory would always be in the same folds.
    #expect(Set((0..<6).map { parts[$0 * folds] }).count > 1)
  }

  @Test("with as many groups as folds each group is a fold")
  func groupsAreFolds() async throws {
    let parts = try await Self.parts(Self.frames(300, group: { $0 % 5 })) {
      $0.foldCount = 5
      $0.groupKey = "group"
    }
    let folds = (0..<5).map { group in
      Set(stride(from: group, to: 300, by: 5).map { parts[$0] })
    }
    #expect(folds.allSatisfy { $0.count == 1 })
    #expect(Set(folds.joined()).count == 5)
  }

  @Test("folds of groups are whole and nearly balanced")
  func balancedGroups() async throws {
    // Groups of 1, 2, …, 20 frames.
    let groups = (1...20).flatMap { Array(repeating: $0, count: $0) }
    let parts = try await Self.parts(Self.frames(groups.count, group: { groups[$0] })) {
      $0.foldCount = 4
      $0.groupKey = "group"
    }
    for group in 1...20 {
      #expect(Set(zip(groups, parts).filter { $0.0 == group }.map(\.1)).count == 1)
    }
    let counts = Self.counts(parts, folds: 4)
    #expect(counts.reduce(0, +) == 210)
    #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 3)
  }

  @Test("groups held out are the validation part, and no other frame is")
  func heldOut() async throws {
    let options: (inout ReadingOptions) -> Void = {
      $0.groupKey = "group"
      $0.heldOutGroups = ["3", "1"]
      // Does not count beside named groups.
      $0.validationFraction = 0.5
    }
    let parts = try await Self.parts(Self.frames(200, group: { $0 % 5 }), options)
    for (number, part) in parts.enumerated() {
      #expect((part == .validation) == [1, 3].contains(number % 5))
    }
    let folded = try await Self.parts(Self.frames(200, group: { $0 % 5 })) {
      options(&$0)
      $0.foldCount = 3
    }
    #expect(Self.counts(folded, folds: 3) == [40, 40, 40])
  }

  @Test(
    "what cannot be divided is told",
    arguments: [
      (
        6, ["0"], 2,
        "expected at least 6 values of \"group\" in the training frames for --folds 6, found 4"
      ),
      (
        2, ["7"], 2,
        "expected values of \"group\" in --hold-out, found \"7\", which no frame has; choose out of 0, 1, 2, 3, 4"
      ),
      (2, ["0", "1", "2", "3", "4"], 2, "expected at least 2 values"),
    ])
  func faults(folds: Int, heldOut: [String], count: Int, message: String) async throws {
    let error = await #expect(throws: InputError.self) {
      _ = try await Self.parts(Self.frames(50, group: { $0 % 5 })) {
        $0.groupKey = "group"
        $0.foldCount = folds
        $0.heldOutGroups = heldOut
      }
    }
    #expect(error.map { "\($0)".contains(message) } ?? false, "\(String(describing: error))")
  }

  @Test("fewer frames than folds, and groups without a key, are told")
  func options() async throws {
    await #expect(throws: InputError.self) {
      _ = try await Self.parts(Self.frames(3, group: { $0 })) { $0.foldCount = 5 }
    }
    await #expect(throws: InputError.self) {
      _ = try await Self.parts(Self.frames(30, group: { $0 })) { $0.heldOutGroups = ["1"] }
    }
    await #expect(throws: InputError.self) {
      _ = try await Self.parts(Self.frames(30, group: { $0 })) { $0.foldCount = 1 }
    }
  }
}
