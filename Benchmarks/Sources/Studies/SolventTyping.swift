import Foundation
import SymReg

/// What tells atoms apart in a study of solvent forces, and the sizes its forms are asked for.
struct SolventTyping {
  let name: String
  /// Nodes at most, and the R² on the frames left out that was aimed at.
  let aims: [(size: Int, r2: Double)]
  let configure: @Sendable (inout DiscoverySettings) -> Void

  static let foldCount = 5

  static let all = [
    SolventTyping(name: "known charges", aims: [(12, 0.938), (20, 0.952), (30, 0.96)]) {
      $0.reading.typesColumn = "none"
      $0.reading.propertyColumn = "q"
      $0.search.grammar.maxComplexity = 30
    },
    SolventTyping(name: "elements", aims: [(15, 0.83), (25, 0.86)]) {
      $0.search.grammar.maxComplexity = 25
    },
    SolventTyping(name: "AMBER types", aims: [(25, 0.92)]) {
      $0.reading.typesColumn = "type"
      $0.search.grammar.maxComplexity = 25
    },
  ]

  /// What came of the search that did not see one fold.
  struct Fold: Codable {
    let fold: Int
    let frames: Int
    /// Mean square of the reference forces left out, (eV/Å)².
    let meanSquare: Double
    let entries: [Entry]
    /// Of the free-form force: all pairs, and pairs one or two bonds apart alone.
    let floor: Double
    let bondedFloor: Double

    struct Entry: Codable {
      let complexity: Int
      let expression: String
      let parameters: [String: ParameterValue]
      /// Mean square errors, (eV/Å)².
      let training: Double
      let heldOut: Double
    }

    /// The entry that is best on the training frames, of at most so many nodes.
    func best(upTo size: Int) -> Entry? { entries.last { $0.complexity <= size } }
  }

  struct Result: Codable {
    let name: String
    let sizes: [Int]
    let aims: [Double]
    let folds: [Fold]

    init(typing: SolventTyping, folds: [Fold]) {
      name = typing.name
      sizes = typing.aims.map(\.size)
      aims = typing.aims.map(\.r2)
      self.folds = folds
    }

    /// 1 − Σ squared errors/Σ squared forces over the frames left out in all folds.
    private func r2(_ error: (Fold) -> Double?) -> Double {
      let sums = folds.reduce((error: 0.0, force: 0.0)) { sums, fold in
        let count = Double(fold.frames)
        return (
          sums.error + count * (error(fold) ?? fold.meanSquare),
          sums.force + count * fold.meanSquare
        )
      }
      return 1 - sums.error / sums.force
    }

    func r2(upTo size: Int) -> Double { r2 { $0.best(upTo: size)?.heldOut } }
    var floor: Double { r2(\.floor) }
    var bondedFloor: Double { r2(\.bondedFloor) }

    /// Share of what lies between the pushes along bonds and the free-form force.
    func conformational(_ r2: Double) -> Double { (r2 - bondedFloor) / (floor - bondedFloor) }

    var summary: String {
      sizes.map { size in
        "≤ \(size) nodes \(text(r2(upTo: size)))"
          + (folds.last?.best(upTo: size).map { " \($0.expression)" } ?? "")
      }.joined(separator: "; ")
    }
  }

  func measured(fold: Int, data: String, _ options: StudyOptions) async throws -> Fold {
    var settings = DiscoverySettings()
    settings.cutoffMode = .shiftedForce
    settings.reading.validationFraction = 0
    settings.reading.groupKey = "fold"
    settings.reading.heldOutGroups = ["\(fold)"]
    settings.search.threads = options.threads
    configure(&settings)
    let sources = [DataSource(path: data)]
    let discovery = try await Discovery.open(sources, settings: settings)
    let deadline = ContinuousClock.now + .seconds(options.seconds)
    let outcome = try await discovery.search(deadline: deadline)
    var bonded = settings
    bonded.reading.pairs = .bonds(BondRange(1, through: 2))
    let bondedFloor = try ForceFloor(
      of: try await Discovery.open(sources, settings: bonded).statistics)
    let floor = try ForceFloor(of: discovery.statistics)
    func square(_ rmse: Double?) -> Double { rmse.map { $0 * $0 } ?? .nan }
    return Fold(
      fold: fold,
      frames: discovery.dataset.frameCountsByPart.last ?? 0,
      meanSquare: discovery.statistics.validation?.meanSquaredReferenceForce ?? .nan,
      entries: outcome.document.front.map {
        Fold.Entry(
          complexity: $0.complexity, expression: $0.expression, parameters: $0.parameters,
          training: square($0.trainRMSE), heldOut: square($0.validationRMSE))
      },
      floor: square(floor.validationRMSE), bondedFloor: square(bondedFloor.validationRMSE))
  }

  // MARK: Text

  static func text(_ value: Double) -> String { String(format: "%.4f", value) }

  static func markdown(_ results: [Result]) -> String {
    var lines = [
      "| typing | nodes | R², frames left out | aim | conformational part | form of fold 0 |",
      "|---|---|---|---|---|---|",
    ]
    for result in results {
      for (size, aim) in zip(result.sizes, result.aims) {
        let r2 = result.r2(upTo: size)
        lines.append(
          "| \(result.name) | ≤ \(size) | \(text(r2)) | \(aim) | \(text(result.conformational(r2))) | "
            + "`\(result.folds[0].best(upTo: size)?.expression ?? "none")` |")
      }
      lines.append(
        "| \(result.name) | free-form | \(text(result.floor)) | | 1 | pairs 1-2 and 1-3 alone: "
          + "\(text(result.bondedFloor)) |")
    }
    return lines.joined(separator: "\n")
  }
}

private func text(_ value: Double) -> String { SolventTyping.text(value) }
