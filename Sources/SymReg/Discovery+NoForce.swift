import AtomicData
import CompressedForces
import ExpressionTrees
import ForceFitting
import PopulationSearch

/// Data without forces, as a background leaves them that explains all: nothing is to be found, and the
/// mean squared force is no unit of a loss.
extension Discovery {
  /// Forces below this share of the root mean square force in the files are rounding.
  static let roundingShare = 1e-8

  /// Whether the forces to fit are zero but for rounding.
  public var hasNoForce: Bool {
    let rest = statistics.all.meanSquaredReferenceForce
    return rest <= Self.roundingShare * Self.roundingShare * dataset.meanSquareForce
  }

  /// R² of a loss over all frames; 0 where there is no force to explain.
  func r2(_ loss: Double, of reference: Double) -> Double {
    hasNoForce || reference == 0 ? 0 : 1 - loss / reference
  }

  /// The fit that adds no force: all parameters zero.
  ///
  /// - Throws: `InputError` for a form that has a force also then.
  func fitWithoutForce(_ tree: ExpressionTree) throws -> FitOutcome {
    let layout = tree.layout(typeCount: dataset.pairTypes.typeNames.count)
    let theta = Array(repeating: 0.0, count: layout.count)
    let isZero = dataset.pairTypes.kindPairs.allSatisfy { pair in
      statistics.grid.distances.allSatisfy {
        tree.value(at: $0, theta: theta, pair: pair, layout: layout).derivative == 0
      }
    }
    guard isZero else {
      let left = settings.background.map { "that \($0.title) leaves" } ?? "in the data"
      throw InputError(
        "expected forces \(left) to fit \(tree) to, found none above rounding",
        remedy: "nothing is left to fit")
    }
    return .noForce(theta: theta, loss: statistics.training.meanSquaredReferenceForce)
  }

  /// Scores by the direct sum alone, where no loss has a unit.
  func scoresWithoutForce(_ direct: [MatchingErrors]) -> [Score] {
    direct.map {
      Score(
        training: $0.forces.training, validation: $0.forces.validation, compressed: $0.forces.all,
        direct: $0, targets: [],
        maxConstraintViolation: 0, constraintViolations: constraints.map { _ in 0 },
        undeterminedDirections: 0)
    }
  }
}
