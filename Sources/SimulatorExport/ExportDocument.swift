import AtomicData
import ExpressionTrees
import ForceFitting
import Foundation
import RunStorage

/// `potential.json`: an entry of a front with all that its forces depend on. Lengths in Å, energies in eV.
public struct ExportDocument: Sendable, Codable, Equatable {
  public var formatVersion = 1
  public var program: String
  public var expression: String
  /// As in an entry of a front.
  public var parameters: [String: ParameterValue]
  @Nullable public var complexity: Int?
  public var typeNames: [String]
  public var cutoff: Double
  public var cutoffMode: String
  /// Of the mode `switch`; null for the others.
  @Nullable public var switchWidth: Double?
  public var pairs: String
  /// Column of q; null where there is none.
  @Nullable public var property: String?
  /// What was subtracted before the fit, and acts beside it; null without.
  @Nullable public var background: BackgroundSummary?
  /// By name of the pair: the wall below a distance; null without.
  @Nullable public var cores: [String: CoreWall]?
  /// By name of the pair, smallest and largest distance; pairs that the data do not have are left out.
  public var sampledRanges: [String: [Double]]
  @Nullable public var dataset: String?
  @Nullable public var sha256: String?
  @Nullable public var frames: Int?
  @Nullable public var seed: UInt64?
  @Nullable public var directRMSE: Double?
  public var units = "eV, Å"
  public var flags: [String]
  public var warnings: [String]

  init(_ potential: ExportedPotential) {
    let names = potential.typeNames
    let fitted = potential.parts[0]
    program = potential.provenance.program
    expression = fitted.tree.description
    parameters = fitted.tree.values(of: fitted.theta, typeNames: names)
    _complexity = Nullable(wrappedValue: potential.provenance.complexity ?? fitted.tree.complexity)
    typeNames = names
    cutoff = potential.cutoff
    cutoffMode = fitted.treatment.mode.rawValue
    _switchWidth = Nullable(
      wrappedValue: fitted.treatment.mode == .switched
        ? potential.cutoff - fitted.treatment.switching.start : nil)
    pairs = potential.selection.rawValue
    _property = Nullable(wrappedValue: potential.usesProperty ? potential.propertyName : nil)
    _background = Nullable(
      wrappedValue: potential.parts.dropFirst().first.map { part in
        BackgroundSummary(
          name: part.title, expression: part.tree.description,
          parameters: part.tree.values(of: part.theta, typeNames: names),
          cutoffMode: part.treatment.mode.rawValue)
      })
    let samples = potential.samples
    _cores = Nullable(
      wrappedValue: potential.cores.isEmpty
        ? nil
        : Dictionary(zip(samples.map(\.name), potential.cores)) { first, _ in first })
    // Names of types may hold a hyphen: then two pairs can have one name.
    sampledRanges = Dictionary(
      samples.compactMap { sample in
        sample.range.map { (sample.name, [$0.lowerBound, $0.upperBound]) }
      }, uniquingKeysWith: { first, _ in first })
    _dataset = Nullable(wrappedValue: potential.provenance.dataName)
    _sha256 = Nullable(wrappedValue: potential.provenance.sha256)
    _frames = Nullable(wrappedValue: potential.provenance.frameCount)
    _seed = Nullable(wrappedValue: potential.provenance.seed)
    _directRMSE = Nullable(wrappedValue: potential.provenance.directRMSE)
    flags = potential.provenance.flags
    warnings = potential.warnings
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
