import Foundation
import SymReg
import Testing

/// The measurement the default number of grid points rests on: each data set at hand with each known
/// potential, compressed against direct.
///
/// Published values where the potential is for the types of the data, else hard values of our own
/// for all types. See docs/decisions/radial-grid.md.
struct GridResolutionTests {
  /// Relative difference of the losses that the default must hold.
  static let bound = 1e-6

  struct Data: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// Data arguments below the folder.
    var files: [String]
    var cutoff = 10.0
    var moleculeSize: Int?
    var folder = Self.shared

    static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    static let shared = package.appendingPathComponent("../shared/data")

    var isPresent: Bool {
      files.allSatisfy { file in
        let path = String(file.prefix { $0 != ":" })
        return FileManager.default.fileExists(atPath: folder.appendingPathComponent(path).path)
      }
    }

    func open() async throws -> Dataset {
      let sources = try files.map {
        try DataSource(parsing: folder.standardizedFileURL.path + "/" + $0)
      }
      return try await Dataset.open(
        sources, options: ReadingOptions(moleculeSize: moleculeSize, validationFraction: 0),
        threads: 2)
    }
  }

  static let waterDimer = Data(
    testDescription: "water-dimer", files: ["Datasets/water-dimer/water-dimer.extxyz"],
    folder: Data.package)
  static let others = [
    Data(
      testDescription: "H2O-13, 4000 K",
      files: [
        "h2o-13/water_conf_0.02_dimer_dft_samples_4000K_Roo_lt_4.5A_MP2_AVTZ_2041-4080.xyz"
          + ":forces=fmp2_2body"
      ], moleculeSize: 3),
    Data(
      testDescription: "H2O-13, AMOEBA",
      files: [
        "h2o-13/water_dimers_amoeba_bulk300K_1000_4.5_lt_Roo_lt_6.0_MP2_AVTZ.xyz"
          + ":forces=force-mono1_force-mono2_force"
      ], moleculeSize: 3),
    Data(testDescription: "argon", files: ["argon/Ar_dft_short.extxyz"], cutoff: 8),
    Data(
      testDescription: "alanine dipeptide", files: ["alanine-dipeptide/alanine-mean.extxyz"]),
  ]

  @Test("compressed and direct loss agree to 1e-6 for every known potential: water-dimer")
  func ownData() async throws { try await check(Self.waterDimer) }

  @Test(
    "compressed and direct loss agree to 1e-6 for every known potential: data of others",
    .enabled(if: others.allSatisfy(\.isPresent), "needs ../shared/data"), arguments: others)
  func dataOfOthers(data: Data) async throws { try await check(data) }

  @Test(
    "a quarter fewer points do not: the closest O–O pairs of H2O-13 need them",
    .enabled(if: others[0].isPresent, "needs ../shared/data/h2o-13"))
  func fewerPoints() async throws {
    let differences = try await Self.differences(
      Self.others[0], pointCount: RadialGrid.defaultPointCount * 3 / 4)
    #expect(differences.contains { $0.difference > Self.bound }, "\(differences)")
  }

  private func check(_ data: Data) async throws {
    let differences = try await Self.differences(
      data, pointCount: RadialGrid.defaultPointCount)
    for (name, difference) in differences { #expect(difference < Self.bound, "\(name)") }
  }

  /// Relative differences of the losses, by potential.
  static func differences(
    _ data: Data, pointCount: Int
  ) async throws -> [(name: String, difference: Double)] {
    let dataset = try await data.open()
    let statistics = try await ForceStatistics(
      compressing: dataset, cutoff: data.cutoff, pointCount: pointCount, threads: 2)
    let types = dataset.pairTypes
    let forces = try KnownPotential.all.map { potential -> PairForce in
      let tree = try ExpressionTree(parsing: potential.expression)
      let isPublished = potential.parameters != nil && potential.typeNames == types.typeNames
      let values = isPublished ? potential.parameters : hardValues(potential, types)
      let theta = try tree.theta(of: values ?? [:], typeNames: types.typeNames)
      let layout = tree.layout(typeCount: types.typeNames.count)
      return { pair, distances, forces in
        for k in distances.indices {
          forces[k] =
            -tree.value(at: distances[k], theta: theta, pair: types.pairs[pair], layout: layout)
            .derivative
        }
      }
    }
    let direct = try await DirectForceMatching(source: dataset, cutoff: data.cutoff)
      .errors(of: forces, threads: 2)
    return zip(KnownPotential.all, zip(forces, direct)).map { potential, measured in
      let (force, direct) = measured
      let compressed = statistics.all.meanSquaredForceError(
        of: gridValues(force, on: statistics.grid))
      return (potential.name, abs(compressed / direct.all - 1))
    }
  }

  /// Values of our own, the same wall between all types: σ = 2.8 Å where it is Lennard-Jones, a
  /// decay of 4.3/Å in Buckingham's exponential, 2/Å in Morse's.
  private static func hardValues(
    _ potential: KnownPotential, _ types: PairTypes
  ) -> [String: ParameterValue] {
    let typeNames = types.typeNames
    func pairs(_ value: Double) -> ParameterValue {
      .byName(
        Dictionary(
          uniqueKeysWithValues: types.pairs.indices.map { (types.name(ofPair: $0), value) }))
    }
    func all(_ value: Double) -> ParameterValue {
      .byName(Dictionary(uniqueKeysWithValues: typeNames.map { ($0, value) }))
    }
    let charges = ParameterValue.byName(
      Dictionary(
        uniqueKeysWithValues: typeNames.enumerated().map { ($1, $0 % 2 == 0 ? 1.6 : -3.2) }))
    let (twelfth, sixth) = (pow(2.8, 6) * 0.2, pow(2.8, 3) * 0.2)
    switch potential.name {
    case "Buckingham": return ["X": all(200), "Y": all(4), "b": .number(4.3)]
    case "Coulomb+Buckingham":
      return ["X": charges, "A": pairs(40_000), "B": pairs(4.3), "C": pairs(16)]
    case "Born-Mayer-Huggins":
      return [
        "X": charges, "A": pairs(40_000), "b": .number(4.3), "B": pairs(16), "C": pairs(16),
      ]
    case "Morse":
      return ["X": all(0.3 * exp(2.8 * 2)), "a": .number(2), "b": .number(exp(-2.8 * 2))]
    case "Mie":
      return ["X": all(twelfth), "a": .number(12), "Y": all(sixth), "b": .number(6)]
    case "soft-sphere": return ["X": all(twelfth), "a": .number(12)]
    case "Yukawa": return ["X": charges, "b": .number(0.5)]
    case "Lorentz-Berthelot": return ["X": charges, "Y": all(0.2), "S": all(2.8)]
    case "Lennard-Jones": return ["X": all(twelfth), "Y": all(sixth)]
    default: return ["X": charges, "Y": all(twelfth), "Z": all(sixth)]
    }
  }

  private static func gridValues(_ force: PairForce, on grid: RadialGrid) -> [Double] {
    var values = Array(repeating: 0.0, count: grid.totalCount)
    grid.distances.withUnsafeBufferPointer { distances in
      values.withUnsafeMutableBufferPointer { values in
        for pairType in 0..<grid.pairTypeCount {
          let range = grid.range(ofPairType: pairType)
          force(
            pairType, UnsafeBufferPointer(rebasing: distances[..<range.count]),
            UnsafeMutableBufferPointer(rebasing: values[range]))
        }
      }
    }
    return values
  }
}
