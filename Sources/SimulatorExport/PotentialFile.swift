import AtomicData
import ExpressionTrees
import ForceFitting
import Foundation
import RunStorage

/// A potential read back from JSON: what export writes as `json`, an entry of a front, or a whole front.
public struct PotentialFile: Sendable {
  public let tree: ExpressionTree
  public let parameters: [String: ParameterValue]
  /// How it was fitted; nil where the file does not say, as an entry of a front by itself.
  public let cutoff: Double?
  public let mode: CutoffMode?
  public let switchWidth: Double?
  public let pairs: PairSelection?
  public let background: BackgroundSummary?
  public let property: String?
  public let typeNames: [String]?
  /// Smallest and largest sampled distance by name of the pair, Å.
  public let sampledRanges: [String: ClosedRange<Double>]
  /// Whether a wall replaces it below the sampled range.
  public let hasCores: Bool

  /// Whether an argument names such a file: `FILE.json`, or `FILE.json:N` for the entry of N nodes.
  public static func isName(_ text: String) -> Bool {
    text.hasSuffix(".json") || text.contains(/\.json:[0-9]+$/)
  }

  /// Bytes; no file of potentials is longer.
  private static let byteLimit = 256 << 20

  /// - Throws: `InputError` where there is none, `ExpressionError` for an expression that cannot be read.
  public init(reading name: String) throws {
    var (path, complexity) = (name, Int?.none)
    if let match = name.firstMatch(of: /\.json:([0-9]+)$/) {
      path = String(name[..<match.range.lowerBound]) + ".json"
      complexity = Int(match.1)
    }
    let text = try InputFile.text(of: path, byteLimit: Self.byteLimit)
    let content: Content
    do {
      content = try JSONDecoder().decode(Content.self, from: Data(text.utf8))
    } catch {
      throw InputError(
        file: path, "expected a potential as JSON, found \(Self.reason(error))",
        remedy: "name what `symreg export --format json` wrote, or the front.json of a run")
    }
    let entry = try Self.entry(content, complexity: complexity, path: path)
    tree = try ExpressionTree(parsing: entry.expression)
    parameters = entry.parameters
    cutoff = content.cutoff
    mode = content.cutoffMode.flatMap(CutoffMode.init)
    switchWidth = content.switchWidth
    pairs = content.pairs.flatMap(PairSelection.init)
    background = content.background
    property = content.property ?? content.grammar?.property
    typeNames = content.typeNames
    sampledRanges = (content.sampledRanges ?? [:]).compactMapValues { ends in
      ends.count == 2 && ends[0] <= ends[1] ? ends[0]...ends[1] : nil
    }
    hasCores = content.cores?.isEmpty == false
    if let cutoff, !(cutoff > 0 && cutoff.isFinite) {
      throw InputError(file: path, "expected a cutoff above 0 Å, found \(cutoff)")
    }
    if let switchWidth, let cutoff, !(switchWidth > 0 && switchWidth < cutoff) {
      throw InputError(
        file: path, "expected a switchWidth above 0 Å and below the cutoff, found \(switchWidth)")
    }
  }

  private static func entry(_ content: Content, complexity: Int?, path: String) throws -> Entry {
    if let expression = content.expression, let parameters = content.parameters {
      return Entry(
        expression: expression, parameters: parameters, complexity: content.complexity,
        recommended: nil)
    }
    guard let front = content.front, !front.isEmpty else {
      throw InputError(
        file: path, "expected a potential as JSON, found no \"expression\" with \"parameters\"",
        remedy: "name what `symreg export --format json` wrote, or the front.json of a run")
    }
    let found =
      complexity.map { size in front.first { $0.complexity == size } }
      ?? (front.count == 1 ? front[0] : front.first { $0.recommended == true })
    guard let found else {
      let sizes = front.compactMap(\.complexity).map(String.init)
      throw InputError(
        file: path,
        complexity.map { "expected an entry of \($0) nodes, found none" }
          ?? "expected a recommended entry, found none",
        remedy: "name one as \(path):N, N out of \(sizes.listed(with: "or"))")
    }
    return found
  }

  private struct Entry: Decodable {
    let expression: String
    let parameters: [String: ParameterValue]
    let complexity: Int?
    let recommended: Bool?
  }

  private struct Grammar: Decodable { let property: String? }

  private struct Content: Decodable {
    /// Of a front.
    let grammar: Grammar?
    let expression: String?
    let parameters: [String: ParameterValue]?
    let complexity: Int?
    let front: [Entry]?
    let cutoff: Double?
    let cutoffMode: String?
    let switchWidth: Double?
    let pairs: String?
    let background: BackgroundSummary?
    let property: String?
    let typeNames: [String]?
    let sampledRanges: [String: [Double]]?
    let cores: [String: CoreWall]?
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, _): "no \"\(key.stringValue)\""
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.dataCorrupted(let context):
      context.debugDescription
    default: "none"
    }
  }
}
