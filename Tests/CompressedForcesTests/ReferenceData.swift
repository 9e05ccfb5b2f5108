import AtomicData
import Foundation

/// The data sets the reference figures belong to, read by a reader of the tests' own.
enum ReferenceData {
  private static let package = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  private static let shared = package.appendingPathComponent("../shared/data")
  private static let folder = shared.appendingPathComponent("h2o-13")

  static let waterDimer = [
    package.appendingPathComponent("Datasets/water-dimer/water-dimer.extxyz"),
    shared.appendingPathComponent("water-dimer/water-dimer.extxyz"),
  ].first { FileManager.default.fileExists(atPath: $0.path) }
  static let argon = existing(shared.appendingPathComponent("argon/Ar_dft_short.extxyz"))
  static let hot = existing(
    folder.appendingPathComponent(
      "water_conf_0.02_dimer_dft_samples_4000K_Roo_lt_4.5A_MP2_AVTZ_2041-4080.xyz"))
  static let amoeba = existing(
    folder.appendingPathComponent(
      "water_dimers_amoeba_bulk300K_1000_4.5_lt_Roo_lt_6.0_MP2_AVTZ.xyz"))

  private static func existing(_ url: URL) -> URL? {
    FileManager.default.fileExists(atPath: url.path) ? url : nil
  }

  /// Frames of water dimers, fold k mod 5 for the k-th; two molecules of three atoms.
  ///
  /// - Parameter force: sign and first column of each term of the force, from the species on.
  static func dimers(
    _ url: URL?, force terms: [(sign: Double, column: Int)], every step: Int = 1
  ) throws -> [Frame] {
    try frames(url, types: ["H": 0, "O": 1], force: terms, every: step).map {
      var frame = $0
      frame.molecules = [0, 0, 0, 1, 1, 1]
      return frame
    }
  }

  static func waterDimers(every step: Int = 1) throws -> InMemoryFrames {
    water(try dimers(waterDimer, force: [(1, 5)], every: step))
  }

  static func hotDimers(every step: Int = 1) throws -> [Frame] {
    try dimers(hot, force: [(1, 8)], every: step)
  }

  static func amoebaDimers(every step: Int = 1) throws -> [Frame] {
    try dimers(amoeba, force: [(1, 4), (-1, 7), (-1, 10)], every: step)
  }

  static func water(_ frames: [Frame]) -> InMemoryFrames {
    InMemoryFrames(
      pairTypes: PairTypes(typeNames: ["O", "H"]), pairSelection: .inter, frames: frames)
  }

  static func argonFrames(every step: Int = 1) throws -> InMemoryFrames {
    InMemoryFrames(
      pairTypes: PairTypes(typeNames: ["Ar"]),
      frames: try frames(argon, types: ["Ar": 0], force: [(1, 4)], every: step))
  }

  private static func frames(
    _ url: URL?, types: [String: Int], force terms: [(sign: Double, column: Int)], every step: Int
  ) throws -> [Frame] {
    guard let url else { return [] }
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
    var frames: [Frame] = []
    var (start, number) = (0, 0)
    while start < lines.count {
      let count = Int(lines[start].trimmingCharacters(in: .whitespaces)) ?? 0
      defer { (start, number) = (start + count + 2, number + 1) }
      guard number % step == 0 else { continue }
      let rows = lines[(start + 2)..<(start + 2 + count)].map {
        $0.split(whereSeparator: \.isWhitespace)
      }
      func vector(_ row: [Substring], _ column: Int) -> SIMD3<Double> {
        SIMD3((0..<3).map { Double(row[column + $0]) ?? .nan })
      }
      frames.append(
        Frame(
          positions: rows.map { vector($0, 1) },
          forces: rows.map { row in
            terms.reduce(.zero) { $0 + $1.sign * vector(row, $1.column) }
          },
          types: rows.map { types[String($0[0])] ?? -1 }, cell: cell(of: lines[start + 1]),
          part: .training(fold: frames.count % DataPart.foldCount)))
    }
    return frames
  }

  private static func cell(of comment: Substring) -> Cell {
    guard let key = comment.range(of: "Lattice=\"") else { return .isolated }
    let numbers = comment[key.upperBound...].prefix { $0 != "\"" }
      .split(separator: " ").compactMap { Double($0) }
    let vectors = (0..<3).map { SIMD3(numbers[3 * $0], numbers[3 * $0 + 1], numbers[3 * $0 + 2]) }
    return Cell(vectors: vectors, isPeriodic: [true, true, true])
  }
}
