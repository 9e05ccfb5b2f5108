import Foundation
import Testing

@testable import AtomicData

/// The reader against the PyPI package `extxyz`, on Corpus/Specification. `make_corpus_golden.py`
/// writes what that package reads to Corpus/golden.json.
struct ExtendedXYZGoldenTests {
  struct Golden: Decodable {
    let files: [String: [Frame]]

    struct Frame: Decodable {
      let cell: [[Double]]
      let pbc: [Bool]
      let reals: [String: [[Double]]]
      let integers: [String: [Int]]
      let texts: [String: [String]]
      let numericKeys: [String: Double]
      let textKeys: [String: String]
    }
  }

  /// A file, and the columns that hold its forces with their factors.
  struct Case: CustomTestStringConvertible {
    let file: String
    var forces: [(column: String, factor: Double)] = [("forces", 1)]
    var forcesKey: String?
    var testDescription: String { file }
  }

  static let cases = [
    Case(file: "standard.xyz"),
    Case(file: "triclinic-without-pbc.xyz", forces: [("force", 1)]),
    Case(file: "molecules-tabs-order.xyz", forces: [("REF_forces", 1)]),
    Case(file: "quoting.xyz"),
    Case(file: "numbers.xyz"),
    Case(file: "line-ends.xyz", forces: [("dft_forces", 1)]),
    Case(
      file: "expression-no-final-newline.xyz",
      forces: [("force", 1), ("mono1_force", -1), ("mono2_force", -1)],
      forcesKey: "force-mono1_force-mono2_force"),
    Case(
      file: "expression-no-final-newline.xyz", forces: [("mono1_force", 2), ("force", 0.5)],
      forcesKey: "2*mono1_force + force*0.5"),
  ]

  private static func golden() throws -> Golden {
    let data = try Data(contentsOf: TestFiles.corpus.appending(path: "golden.json"))
    return try JSONDecoder().decode(Golden.self, from: data)
  }

  private static func path(_ file: String) -> String {
    TestFiles.corpus.appending(path: "Specification/" + file).path
  }

  @Test("every file of the corpus is compared")
  func corpusIsComplete() throws {
    #expect(Set(try Self.golden().files.keys) == Set(Self.cases.map(\.file)))
  }

  @Test(
    "positions, forces, species, molecules and cell are those that extxyz reads", arguments: cases)
  func framesEqualGolden(_ example: Case) async throws {
    let golden = try #require(try Self.golden().files[example.file])
    let dataset = try await Dataset.open(
      [DataSource(path: Self.path(example.file))],
      options: ReadingOptions(
        forcesKey: example.forcesKey, pairs: .all, validationFraction: 0))
    let frames = try dataset.allFrames()
    #expect(frames.count == golden.count)
    for (frame, expected) in zip(frames, golden) {
      #expect(frame.positions == Self.vectors(expected.reals["pos"]))
      var forces = [SIMD3<Double>](repeating: SIMD3(), count: frame.forces.count)
      for term in example.forces {
        let column = Self.vectors(expected.reals[term.column])
        for atom in forces.indices { forces[atom] += term.factor * column[atom] }
      }
      #expect(frame.forces == forces)
      #expect(frame.types.map { dataset.pairTypes.typeNames[$0] } == expected.texts["species"])
      #expect(frame.molecules == expected.integers["mol_id"].map(Self.numberedByAppearance))
      expectCell(frame.cell, expected)
    }
  }

  /// extxyz calls a frame without Lattice periodic in a cell of zeros; for us it stands alone.
  private func expectCell(_ cell: Cell, _ expected: Golden.Frame) {
    let vectors = Self.vectors(expected.cell)
    if vectors.allSatisfy({ $0 == SIMD3() }) {
      #expect(cell == .isolated)
    } else {
      #expect(cell == Cell(vectors: vectors, isPeriodic: expected.pbc))
    }
  }

  @Test("keys with a number or a text are those that extxyz reads", arguments: cases)
  func keysEqualGolden(_ example: Case) throws {
    let golden = try #require(try Self.golden().files[example.file])
    let cutter = FrameCutter(file: try InputFile(path: Self.path(example.file)))
    let block = try #require(try cutter.next())
    #expect(block.frames.count == golden.count)
    try block.bytes.withUnsafeBufferPointer { text in
      for (span, expected) in zip(block.frames, golden) {
        var lines = LineCursor(
          text: text, place: span.range.lowerBound, end: span.range.upperBound)
        _ = lines.next()
        let line = lines.next()
        var comment = CommentLine()
        try comment.read(line)
        var numbers: [String: Double] = [:]
        for entry in comment.entries {
          numbers[line.part(entry.key).string] = CommentLine.number(of: entry, in: line)
        }
        #expect(numbers == expected.numericKeys)
        for (key, value) in expected.textKeys {
          let entry = try #require(comment.entry(named: key, in: line))
          let found = CommentLine.text(of: entry, in: line)
          #expect(String(decoding: found, as: UTF8.self) == value)
        }
      }
    }
  }

  private static func vectors(_ rows: [[Double]]?) -> [SIMD3<Double>] {
    (rows ?? []).map { SIMD3($0[0], $0[1], $0[2]) }
  }

  private static func numberedByAppearance(_ labels: [Int]) -> [Int] {
    var numbers: [Int: Int] = [:]
    return labels.map { label in
      let number = numbers[label] ?? numbers.count
      numbers[label] = number
      return number
    }
  }
}
