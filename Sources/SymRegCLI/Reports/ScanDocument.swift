import ExpressionTrees
import Foundation
import RunStorage
import SimulatorExport
import SymReg

/// `scan --json`. Å, eV, eV/Å, cm³/mol.
struct ScanDocument: Encodable {
  let formatVersion = 1
  /// Of what was fitted; a background beside it is in `background`.
  let expression: String
  let parameters: [String: ParameterValue]
  /// Nodes.
  let complexity: Int
  let cutoff: Double
  let cutoffMode: String
  @Nullable var background: String?
  /// Whether B₂ takes pairs closer than any of the data for hard.
  let isHardBelowSampled: Bool
  /// Whether a wall takes the place of the potential there.
  let hasCore: Bool
  var pairs: [Pair] = []
  /// Null without a molecule.
  @Nullable var dimers: [Dimer]?
  /// Null without temperatures.
  @Nullable var virialCoefficients: [Virial]?

  struct Pair: Encodable {
    let pair: String
    @Nullable var sampled: Range?
    @Nullable var minimum: Minimum?
    /// Whether the atoms attract each other at the smallest distances.
    let attractsInside: Bool
    /// Below this they do; null where they repel, or attract up to the cutoff.
    @Nullable var barrier: Double?
    let distances, energies, forces: [Double]
  }

  struct Range: Codable, Equatable { let smallest, largest: Double }

  struct Minimum: Codable, Equatable {
    let distance, energy: Double
    @Nullable var isSampled: Bool?
  }

  struct Dimer: Codable, Equatable {
    /// α, β, γ of both molecules, degrees.
    let orientation: [Double]
    let distances, energies, forces: [Double]
    /// Null where that is not known.
    let isSampled: [Bool?]

    /// Distance and energy at the lowest point.
    var lowest: (distance: Double, energy: Double)? {
      zip(distances, energies).filter { $1.isFinite }.min { $0.1 < $1.1 }
        .map { (distance: $0.0, energy: $0.1) }
    }
  }

  struct Virial: Codable, Equatable {
    /// K
    let temperature: Double
    @Nullable var value: Double?
    @Nullable var error: Double?

    init(_ coefficient: SecondVirialCoefficient) {
      temperature = coefficient.temperature
      _value = Nullable(wrappedValue: coefficient.value)
      _error = Nullable(wrappedValue: coefficient.error)
    }
  }

  init(_ potential: ExportedPotential, isHardBelowSampled: Bool) {
    let fitted = potential.parts[0]
    expression = fitted.tree.description
    parameters = fitted.tree.values(of: fitted.theta, typeNames: potential.typeNames)
    complexity = fitted.tree.complexity
    cutoff = potential.cutoff
    cutoffMode = fitted.treatment.mode.rawValue
    _background = Nullable(
      wrappedValue: potential.parts.dropFirst().first.map { $0.title ?? $0.tree.description })
    self.isHardBelowSampled = isHardBelowSampled
    hasCore = !potential.cores.isEmpty
  }

  mutating func add(_ scans: [PairScan]) {
    pairs += scans.map { scan in
      Pair(
        pair: scan.name,
        sampled: scan.sampled.map { Range(smallest: $0.lowerBound, largest: $0.upperBound) },
        minimum: scan.minimum.map {
          Minimum(distance: $0.distance, energy: $0.energy, isSampled: $0.isSampled)
        }, attractsInside: scan.attractsInside, barrier: scan.barrier, distances: scan.distances,
        energies: scan.energies.map(Self.bounded), forces: scan.forces.map(Self.bounded))
    }
  }

  mutating func add(_ scan: DimerScan, angles: [Double]) {
    dimers =
      (dimers ?? []) + [
        Dimer(
          orientation: angles, distances: scan.distances, energies: scan.energies.map(Self.bounded),
          forces: scan.forces.map(Self.bounded), isSampled: scan.isSampled)
      ]
  }

  /// JSON has no infinity.
  private static func bounded(_ value: Double) -> Double {
    value.isNaN ? 0 : min(max(value, -Double.greatestFiniteMagnitude), .greatestFiniteMagnitude)
  }
}

extension ScanDocument {
  /// `scan.json`, `pairs.csv`, `dimers.csv` and `virial.csv` (RFC 4180), those that have rows.
  func files() throws -> [ExportFile] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let json = String(decoding: try encoder.encode(self), as: UTF8.self)
    var files = [
      ExportFile("scan.json", json),
      ExportFile("pairs.csv", Self.csv("pair,distance,energy,force,sampled", rows: pairRows)),
    ]
    if let dimers {
      let rows = dimers.flatMap { dimer in
        dimer.distances.indices.map { k in
          dimer.orientation.map { "\($0)" }
            + [
              "\(dimer.distances[k])", "\(dimer.energies[k])", "\(dimer.forces[k])",
              dimer.isSampled[k].map { "\($0)" } ?? "",
            ]
        }
      }
      let head = "alpha1,beta1,gamma1,alpha2,beta2,gamma2,distance,energy,force,sampled"
      files.append(ExportFile("dimers.csv", Self.csv(head, rows: rows)))
    }
    if let virialCoefficients {
      let rows = virialCoefficients.map { coefficient in
        [
          "\(coefficient.temperature)", coefficient.value.map { "\($0)" } ?? "",
          coefficient.error.map { "\($0)" } ?? "",
        ]
      }
      files.append(ExportFile("virial.csv", Self.csv("temperature,B2,error", rows: rows)))
    }
    return files
  }

  private var pairRows: [[String]] {
    pairs.flatMap { pair in
      pair.distances.indices.map { k in
        let r = pair.distances[k]
        let isSampled = pair.sampled.map { $0.smallest <= r && r <= $0.largest }
        return [
          "\"\(pair.pair)\"", "\(r)", "\(pair.energies[k])", "\(pair.forces[k])",
          isSampled.map { "\($0)" } ?? "",
        ]
      }
    }
  }

  private static func csv(_ head: String, rows: [[String]]) -> String {
    ([head] + rows.map { $0.joined(separator: ",") }).joined(separator: "\n")
  }
}
